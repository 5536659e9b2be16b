"""What is sent of all public datasets, and what is seen of each there."""

import django.db.models.deletion
import parvis.hub.republication.rules
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0014_dataset_all_organisations'),
        ('republication', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='copy',
            options={'ordering': ['title', 'dataset_id'], 'verbose_name': 'jeu de données envoyé', 'verbose_name_plural': 'jeux de données envoyés'},
        ),
        migrations.AddField(
            model_name='copy',
            name='checked',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='copy',
            name='chosen',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='copy',
            name='due',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='copy',
            name='error',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='copy',
            name='failures',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='copy',
            name='outcome',
            field=models.CharField(blank=True, choices=[(parvis.hub.republication.rules.Outcome['CREATED'], 'créé'), (parvis.hub.republication.rules.Outcome['CHANGED'], 'changé'), (parvis.hub.republication.rules.Outcome['UNCHANGED'], 'inchangé'), (parvis.hub.republication.rules.Outcome['RETIRED'], 'retiré'), (parvis.hub.republication.rules.Outcome['REFUSED'], 'refusé'), (parvis.hub.republication.rules.Outcome['LEFT'], 'pas envoyé')], db_index=True, default='', max_length=10),
        ),
        migrations.AddField(
            model_name='copy',
            name='proof',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='copy',
            name='report',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='copy',
            name='rewrite',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='copy',
            name='seen',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='copy',
            name='sent_card',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='copy',
            name='source',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.dataset'),
        ),
        migrations.AddField(
            model_name='copy',
            name='title',
            field=models.CharField(blank=True, default='', max_length=350),
        ),
        migrations.AddField(
            model_name='copy',
            name='trial',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='portal',
            name='holder',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AddField(
            model_name='portal',
            name='retire',
            field=models.CharField(choices=[(parvis.hub.republication.rules.Retire['ARCHIVE'], 'archivé : sa page reste, fermée, sans nos fichiers'), (parvis.hub.republication.rules.Retire['DELETE'], 'supprimé')], default=parvis.hub.republication.rules.Retire['ARCHIVE'], max_length=10, verbose_name='un jeu qui n’est plus envoyé est'),
        ),
        migrations.AddField(
            model_name='portal',
            name='scope',
            field=models.CharField(choices=[(parvis.hub.republication.rules.Scope['NONE'], 'aucun'), (parvis.hub.republication.rules.Scope['CHOSEN'], 'ceux qui sont choisis un par un'), (parvis.hub.republication.rules.Scope['ALL'], 'tous ceux que tout le monde peut lire ici')], default=parvis.hub.republication.rules.Scope['NONE'], max_length=10, verbose_name='jeux de données du catalogue'),
        ),
        migrations.AlterField(
            model_name='copy',
            name='remote_id',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
    ]
