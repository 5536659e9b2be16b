"""The visual identity of a site is called so in help too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parvis_home', '0002_picture_credit'),
    ]

    operations = [
        migrations.AlterField(
            model_name='sitehome',
            name='welcome',
            field=models.TextField(blank=True, help_text='Une à trois phrases. La phrase d’accueil de l’identité visuelle, si rien n’est écrit.', max_length=600, verbose_name='mots d’accueil'),
        ),
    ]
