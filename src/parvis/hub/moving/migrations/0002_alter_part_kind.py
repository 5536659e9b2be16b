"""Charts and maps of datasets are things of a portal too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parvis_moving', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='part',
            name='kind',
            field=models.CharField(choices=[('counts', 'comptes d’avant'), ('portals', 'portails enfants'), ('users', 'personnes à inviter'), ('groups', 'groupes'), ('pages', 'pages'), ('filters', 'règles d’accès'), ('drawings', 'graphiques et cartes des jeux'), ('reuses', 'réutilisations')], max_length=12),
        ),
    ]
