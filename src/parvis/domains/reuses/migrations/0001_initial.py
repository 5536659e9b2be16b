"""Reuses."""

import django.core.validators
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
            name='Reuse',
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
                ('kind', models.CharField(choices=[('application', 'application ou service'), ('map', 'carte ou visualisation'), ('article', 'article, reportage'), ('study', 'étude, recherche'), ('teaching', 'enseignement'), ('art', 'création'), ('other', 'autre')], db_index=True, default='other', max_length=12, verbose_name='nature')),
                ('link', models.URLField(help_text='Là où on la voit ou l’essaie.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='adresse')),
                ('text', models.TextField(blank=True, default='', verbose_name='présentation')),
                ('datasets', models.JSONField(default=list, verbose_name='jeux de données')),
                ('signature', models.CharField(blank=True, default='', max_length=60, verbose_name='auteur')),
                ('picture', models.FileField(blank=True, editable=False, upload_to='reuses/%Y/')),
                ('picture_words', models.CharField(blank=True, default='', max_length=200, verbose_name='ce que montre l’image')),
                ('to_confirm', models.BooleanField(default=False, editable=False)),
                ('held', models.BooleanField(default=False, editable=False)),
                ('reason', models.CharField(blank=True, default='', editable=False, max_length=300, verbose_name='raison du refus')),
                ('checked', models.DateTimeField(editable=False, null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('dead_since', models.DateTimeField(editable=False, null=True)),
                ('author', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='organisation')),
                ('territory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='territories.territory', verbose_name='territoire')),
            ],
            options={
                'verbose_name': 'réutilisation',
                'verbose_name_plural': 'réutilisations',
                'ordering': ['title', 'id'],
                'abstract': False,
            },
        ),
    ]
