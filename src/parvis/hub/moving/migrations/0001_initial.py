"""How far the rest of a portal was read, and what came of it."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0015_catalogue_out'),
        ('harvesting', '0004_moves'),
    ]

    operations = [
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('without', models.JSONField(default=list)),
                ('run', models.PositiveBigIntegerField(default=0)),
                ('step', models.PositiveSmallIntegerField(default=0)),
                ('place', models.PositiveIntegerField(default=0)),
                ('notes', models.JSONField(default=dict)),
                ('source', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='harvesting.source')),
            ],
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('counts', 'comptes d’avant'), ('portals', 'portails enfants'), ('users', 'personnes à inviter'), ('groups', 'groupes'), ('pages', 'pages'), ('filters', 'règles d’accès'), ('reuses', 'réutilisations')], max_length=12)),
                ('identifier', models.CharField(max_length=400)),
                ('title', models.CharField(blank=True, default='', max_length=300)),
                ('facts', models.JSONField(default=dict)),
                ('digest', models.CharField(blank=True, default='', max_length=64)),
                ('state', models.CharField(choices=[('made', 'en brouillon ici'), ('waits', 'attend une décision'), ('here', 'déjà ici'), ('kept', 'gardé tel que modifié ici'), ('told', 'à lire'), ('left', 'retiré ici'), ('failed', 'pas venu')], default='told', max_length=8)),
                ('target', models.CharField(blank=True, default='', max_length=120)),
                ('made', models.CharField(blank=True, default='', max_length=64)),
                ('notes', models.JSONField(default=list)),
                ('run', models.PositiveBigIntegerField(default=0)),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('modified', models.DateTimeField(auto_now=True)),
                ('dataset', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.dataset')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='harvesting.source')),
            ],
            options={
                'ordering': ['title', 'pk'],
                'indexes': [models.Index(fields=['kind', 'identifier'], name='parvis_moving_by_name')],
                'constraints': [models.UniqueConstraint(fields=('source', 'kind', 'identifier'), name='parvis_moving_one_part_a_name')],
            },
        ),
    ]
