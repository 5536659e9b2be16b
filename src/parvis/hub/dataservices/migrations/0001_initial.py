"""Services of the catalogue."""

import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_people_and_secrets'),
        ('territories', '0003_population_year'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DataService',
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
                ('identifier', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('rest', 'API REST'), ('wms', 'WMS : images de cartes'), ('wmts', 'WMTS : tuiles d’images'), ('wfs', 'WFS : objets géographiques'), ('ogc-api', 'OGC API'), ('csw', 'CSW : catalogue géographique'), ('tiles', 'Tuiles vectorielles'), ('odata', 'OData'), ('sparql', 'SPARQL'), ('gtfs-rt', 'GTFS-RT : transports en temps réel'), ('siri', 'SIRI : transports en temps réel'), ('sensorthings', 'SensorThings : capteurs'), ('ngsi-ld', 'NGSI-LD : ville connectée'), ('mcp', 'MCP : outils pour assistants'), ('application', 'Application en ligne'), ('other', 'Autre service')], db_index=True, default='rest', max_length=16, verbose_name='nature')),
                ('text', models.TextField(blank=True, default='', help_text='À quoi il sert, et pour qui, en quelques phrases.', verbose_name='présentation')),
                ('endpoints', models.JSONField(blank=True, default=list, verbose_name='adresses du service')),
                ('description_address', models.URLField(blank=True, default='', help_text='OpenAPI en JSON, GetCapabilities, ou page d’accueil d’une OGC API.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='description pour les programmes')),
                ('documentation', models.URLField(blank=True, default='', help_text='La page à lire.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='documentation')),
                ('version', models.CharField(blank=True, default='', max_length=40, verbose_name='version')),
                ('licence', models.CharField(blank=True, choices=[('lov2', 'Licence Ouverte 2.0 (Etalab)'), ('odbl', 'Open Database License (ODbL) 1.0'), ('cc-by-4.0', 'Creative Commons Attribution 4.0'), ('cc0-1.0', 'Creative Commons Zero 1.0'), ('mit', 'Licence MIT'), ('unlicense', 'Unlicense (domaine public)'), ('other', 'Autre licence')], default='', max_length=20, verbose_name='licence')),
                ('access', models.CharField(choices=[('open', 'ouvert à tous'), ('open_with_account', 'ouvert avec un compte ou une clé'), ('restricted', 'sur autorisation')], db_index=True, default='open', max_length=20, verbose_name='accès')),
                ('access_address', models.URLField(blank=True, default='', max_length=500, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='où demander l’accès')),
                ('rate', models.CharField(blank=True, default='', help_text='Par exemple : 50 appels par seconde.', max_length=200, verbose_name='limite d’appels')),
                ('availability', models.CharField(blank=True, default='', help_text='Par exemple : 99,5 %, hors maintenance.', max_length=200, verbose_name='disponibilité')),
                ('contact_name', models.CharField(blank=True, default='', max_length=120, verbose_name='contact')),
                ('contact_email', models.EmailField(blank=True, default='', max_length=254, verbose_name='adresse de contact')),
                ('themes', models.JSONField(blank=True, default=list, verbose_name='thèmes')),
                ('keywords', models.JSONField(blank=True, default=list, verbose_name='mots-clés')),
                ('datasets', models.JSONField(blank=True, default=list, verbose_name='jeux de données servis')),
                ('operations', models.JSONField(blank=True, default=list, verbose_name='opérations ou couches')),
                ('checked', models.DateTimeField(editable=False, null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('down_since', models.DateTimeField(editable=False, null=True)),
                ('author', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='organisation')),
                ('territory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='territories.territory', verbose_name='territoire')),
            ],
            options={
                'verbose_name': 'service',
                'verbose_name_plural': 'services',
                'ordering': ['title', 'id'],
                'abstract': False,
            },
        ),
    ]
