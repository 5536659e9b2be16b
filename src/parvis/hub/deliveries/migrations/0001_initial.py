"""Expected deliveries, the links to send them by, what came and what was told."""

import django.db.models.deletion
import django.utils.timezone
import parvis.hub.deliveries.models
import parvis.hub.deliveries.rules
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0014_dataset_all_organisations'),
        ('datastore', '0005_import_replaces'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Expectation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('sender', models.CharField(max_length=120, verbose_name='expéditeur')),
                ('sender_emails', models.JSONField(blank=True, default=list, verbose_name='adresses de l’expéditeur')),
                ('answer_emails', models.JSONField(blank=True, default=list, verbose_name='adresses de qui répond ici')),
                ('instructions', models.TextField(blank=True, max_length=2000, verbose_name='consignes')),
                ('every', models.CharField(choices=[('week', 'chaque semaine'), ('month', 'chaque mois'), ('quarter', 'chaque trimestre'), ('half', 'chaque semestre'), ('year', 'chaque année'), ('once', 'une seule fois')], default=parvis.hub.deliveries.rules.Every['MONTH'], max_length=8, verbose_name='rythme')),
                ('day', models.PositiveSmallIntegerField(default=10, verbose_name='jour')),
                ('month', models.PositiveSmallIntegerField(default=1, verbose_name='mois de la période')),
                ('once', models.DateField(blank=True, null=True, verbose_name='date')),
                ('grace', models.PositiveSmallIntegerField(default=5, verbose_name='jours de grâce')),
                ('fewer_percent', models.PositiveSmallIntegerField(default=30, verbose_name='baisse qui alerte, en %')),
                ('begins', models.DateField(default=django.utils.timezone.localdate, verbose_name='à partir du')),
                ('active', models.BooleanField(default=True, verbose_name='attendue')),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('dataset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='expectation', to='catalogue.dataset')),
            ],
            options={
                'verbose_name': 'livraison attendue',
                'verbose_name_plural': 'livraisons attendues',
                'ordering': ['dataset__title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DeliveryLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(default=parvis.hub.deliveries.models.new_uid, max_length=16, unique=True)),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires', models.DateTimeField(default=parvis.hub.deliveries.models.link_end, verbose_name='dernier jour')),
                ('revoked', models.DateTimeField(null=True)),
                ('last_used', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('expectation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='deliveries.expectation')),
            ],
            options={
                'verbose_name': 'lien de dépôt',
                'ordering': ['-created', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due', models.DateField()),
                ('way', models.CharField(choices=[('link', 'lien de dépôt'), ('folder', 'dossier'), ('other', 'import ou relecture')], default='other', max_length=8)),
                ('submission', models.CharField(max_length=64, null=True, unique=True)),
                ('file', models.CharField(blank=True, max_length=255)),
                ('bytes', models.BigIntegerField(default=0)),
                ('state', models.CharField(choices=[('receiving', 'en cours d’envoi'), ('at-work', 'en cours de lecture'), ('delivered', 'acceptée'), ('waiting', 'à décider'), ('refused', 'refusée'), ('unreadable', 'illisible'), ('replaced', 'remplacée')], default=parvis.hub.deliveries.rules.State['AT_WORK'], max_length=10)),
                ('facts', models.JSONField(default=dict)),
                ('findings', models.JSONField(default=list)),
                ('error', models.JSONField(null=True)),
                ('words', models.TextField(blank=True, max_length=2000)),
                ('created', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('decided', models.DateTimeField(null=True)),
                ('deposit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='datastore.deposit')),
                ('imported', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='datastore.import')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.version')),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='deliveries.deliverylink')),
                ('expectation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='deliveries.expectation')),
            ],
            options={
                'verbose_name': 'livraison',
                'verbose_name_plural': 'livraisons',
                'ordering': ['-created', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due', models.DateField()),
                ('event', models.CharField(max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expectation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='deliveries.expectation')),
            ],
            options={
                'verbose_name': 'alerte d’une livraison',
                'constraints': [models.UniqueConstraint(fields=('expectation', 'due', 'event'), name='one_alert_an_event')],
            },
        ),
    ]
