"""Conflations with OpenStreetMap, their comparisons and what was found."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_people_and_secrets'),
        ('territories', '0001_organisations'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Conflation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('slug', models.SlugField(blank=True, max_length=88, unique=True, verbose_name='adresse')),
                ('title', models.CharField(max_length=200, verbose_name='titre')),
                ('status', models.CharField(choices=[('draft', 'brouillon'), ('published', 'en ligne'), ('retired', 'retiré'), ('archived', 'archivé')], db_index=True, default='draft', editable=False, max_length=12, verbose_name='état')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('search_text', models.TextField(blank=True, default='', editable=False)),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('modified', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('live', models.BooleanField(default=False, editable=False, verbose_name='en ligne')),
                ('dataset_id', models.CharField(max_length=100, verbose_name='votre jeu de données')),
                ('osm_dataset_id', models.CharField(max_length=100, verbose_name='le jeu venu d’OpenStreetMap')),
                ('theme', models.CharField(max_length=40, verbose_name='thème')),
                ('mapping', models.TextField(blank=True, default='', help_text='Laissez vide pour prendre celle du thème. Chaque ligne dit quelle colonne correspond à quelle étiquette d’OpenStreetMap, et à quelle distance deux objets peuvent être le même.', verbose_name='correspondance')),
                ('key_columns', models.CharField(blank=True, default='', help_text='Séparées par des virgules. Sans elles, ce qui a été décidé d’une ligne est à revoir quand elle change.', max_length=300, verbose_name='colonnes qui identifient une ligne')),
                ('comment', models.CharField(blank=True, default='', help_text='Ce que la communauté d’OpenStreetMap lira de chaque envoi, par exemple « Relevé des arceaux de Lieusaint ».', max_length=200, verbose_name='commentaire des modifications')),
                ('hashtag', models.CharField(blank=True, default='', help_text='Par exemple #lieusaint.', max_length=60, verbose_name='mot-dièse')),
                ('source', models.CharField(blank=True, default='', help_text='Le nom et la date de votre fichier : la Licence Ouverte demande de les citer.', max_length=200, verbose_name='source citée')),
                ('author', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='organisation')),
                ('territory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='territories.territory', verbose_name='territoire')),
            ],
            options={
                'verbose_name': 'rapprochement',
                'verbose_name_plural': 'rapprochements',
                'ordering': ['title', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('our_version', models.CharField(blank=True, default='', max_length=40)),
                ('osm_version', models.CharField(blank=True, default='', max_length=40)),
                ('counts', models.JSONField(default=dict)),
                ('distances', models.JSONField(default=dict)),
                ('left_out', models.JSONField(default=dict)),
                ('error', models.JSONField(null=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('conflation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='osm.conflation')),
            ],
            options={
                'verbose_name': 'comparaison avec OpenStreetMap',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=32)),
                ('verdict', models.CharField(choices=[('missing-there', 'Absent d’OpenStreetMap'), ('missing-here', 'Absent de notre fichier'), ('possible', 'Peut-être le même'), ('moved', 'Positions éloignées'), ('different', 'Informations différentes'), ('same', 'Rien à faire')], max_length=16)),
                ('ours', models.CharField(blank=True, default='', max_length=400)),
                ('theirs', models.CharField(blank=True, default='', max_length=24)),
                ('label', models.CharField(blank=True, default='', max_length=200)),
                ('longitude', models.FloatField()),
                ('latitude', models.FloatField()),
                ('distance', models.FloatField(null=True)),
                ('facts', models.JSONField(default=dict)),
                ('is_present', models.BooleanField(default=True)),
                ('decision', models.CharField(blank=True, choices=[('', 'à décider'), ('corrected', 'notre ligne est corrigée'), ('edited', 'envoyé à OpenStreetMap'), ('noted', 'signalé par une note'), ('done', 'fait dans un éditeur'), ('dismissed', 'rien à faire'), ('sending', 'envoi en cours')], default='', max_length=12)),
                ('decider', models.CharField(blank=True, default='', max_length=120)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reference', models.CharField(blank=True, default='', max_length=40)),
                ('conflation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='osm.conflation')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'constat',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['conflation', 'is_present', 'verdict', 'decision', 'id'], name='osm_finding_list')],
                'constraints': [models.UniqueConstraint(fields=('conflation', 'digest'), name='osm_one_finding_a_digest')],
            },
        ),
    ]
