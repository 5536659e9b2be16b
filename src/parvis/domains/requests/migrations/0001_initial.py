"""Requests for data, who supports them, letters to organisations."""

import django.db.models.deletion
import django.utils.timezone
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
            name='DataRequest',
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
                ('kind', models.CharField(choices=[('data', 'des données'), ('licence', 'une licence ouverte')], db_index=True, default='data', max_length=8, verbose_name='ce qui est demandé')),
                ('text', models.TextField(blank=True, default='', verbose_name='précisions')),
                ('about', models.CharField(blank=True, db_index=True, default='', max_length=100, verbose_name='jeu de données concerné')),
                ('signature', models.CharField(blank=True, default='', max_length=60, verbose_name='signature')),
                ('to_confirm', models.BooleanField(default=False, editable=False)),
                ('held', models.BooleanField(default=False, editable=False)),
                ('reason', models.CharField(blank=True, default='', editable=False, max_length=300, verbose_name='raison')),
                ('received', models.DateField(db_index=True, editable=False, null=True, verbose_name='reçue le')),
                ('stage', models.CharField(choices=[('open', 'en attente de réponse'), ('silent', 'sans réponse dans le mois'), ('granted', 'acceptée'), ('partly', 'acceptée en partie'), ('refused', 'refusée'), ('forwarded', 'transmise à une autre administration')], db_index=True, default='open', editable=False, max_length=10, verbose_name='réponse')),
                ('ground', models.CharField(blank=True, choices=[('none', 'les données n’existent pas, et les faire demanderait un travail déraisonnable'), ('draft', 'elles préparent une décision qui n’est pas prise (L311-2)'), ('secret', 'un secret protégé par la loi (L311-5)'), ('privacy', 'la vie privée ou le secret des affaires d’autres personnes (L311-6)'), ('rights', 'les droits d’auteur d’autres personnes (L311-4, L321-2)'), ('published', 'elles sont déjà publiées (L311-2)'), ('abuse', 'la demande est abusive, par son nombre ou sa répétition (L311-2)'), ('other', 'autre motif, expliqué ci-dessous')], default='', editable=False, max_length=10, verbose_name='motif du refus')),
                ('answer', models.TextField(blank=True, default='', editable=False, verbose_name='ce qui est répondu')),
                ('answered', models.DateField(editable=False, null=True, verbose_name='répondue le')),
                ('datasets', models.JSONField(default=list, editable=False, verbose_name='jeux de données')),
                ('votes', models.PositiveIntegerField(default=0, editable=False, verbose_name='soutiens')),
                ('author', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='organisation')),
                ('territory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='territories.territory', verbose_name='territoire')),
            ],
            options={
                'verbose_name': 'demande de données',
                'verbose_name_plural': 'demandes de données',
                'ordering': ['title', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=150, verbose_name='objet')),
                ('text', models.TextField(verbose_name='texte')),
                ('signature', models.CharField(blank=True, max_length=60, verbose_name='signature')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('received', models.DateTimeField(db_index=True, null=True, verbose_name='reçue le')),
                ('created', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'message à une organisation',
                'verbose_name_plural': 'messages aux organisations',
                'ordering': ['-created', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supports', to='requests.datarequest')),
            ],
            options={
                'verbose_name': 'soutien',
                'constraints': [models.UniqueConstraint(fields=('request', 'mark'), name='one_vote_a_request')],
            },
        ),
    ]
