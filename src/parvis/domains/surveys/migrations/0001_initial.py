"""The tables of collection forms."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_people_and_secrets'),
        ('catalogue', '0011_version_aside'),
        ('territories', '0001_organisations'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'version du consentement',
            },
        ),
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='nom')),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_revoked', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'personne invitée',
                'verbose_name_plural': 'personnes invitées',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('values', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('unconfirmed', 'à confirmer par courriel'), ('received', 'reçue'), ('accepted', 'acceptée'), ('refused', 'refusée'), ('aside', 'mise de côté')], default='received', max_length=12, verbose_name='état')),
                ('reason', models.CharField(blank=True, default='', max_length=1000, verbose_name='motif')),
                ('names_persons', models.BooleanField(default=False)),
                ('is_late', models.BooleanField(default=False)),
                ('revision', models.PositiveIntegerField()),
                ('received', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.consent')),
                ('guest', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='surveys.guest')),
            ],
            options={
                'verbose_name': 'réponse',
                'verbose_name_plural': 'réponses',
                'ordering': ['-received', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32, unique=True)),
                ('file', models.FileField(upload_to='surveys/%Y/')),
                ('media_type', models.CharField(max_length=100)),
                ('bytes', models.PositiveBigIntegerField()),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='surveys.answer')),
            ],
            options={
                'verbose_name': 'photo',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Survey',
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
                ('summary', models.CharField(blank=True, default='', help_text='Une phrase, pour la liste des formulaires.', max_length=300, verbose_name='résumé')),
                ('text', models.TextField(blank=True, default='', help_text='Pourquoi vous demandez cela, et ce que vous en ferez.', verbose_name='introduction')),
                ('questions', models.JSONField(blank=True, default=dict)),
                ('audience', models.CharField(choices=[('public', 'tout le monde'), ('invited', 'les personnes invitées par un lien'), ('members', 'les membres de l’organisation')], default='public', max_length=8, verbose_name='qui peut répondre')),
                ('opens', models.DateTimeField(blank=True, null=True, verbose_name='ouvre le')),
                ('closes', models.DateTimeField(blank=True, null=True, verbose_name='ferme le')),
                ('quota', models.PositiveIntegerField(blank=True, help_text='Le formulaire ferme de lui-même une fois ce nombre atteint.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='nombre de réponses attendues')),
                ('is_moderated', models.BooleanField(default=True, help_text='Sinon, seules sont relues celles qui semblent nommer des personnes.', verbose_name='relire chaque réponse avant de l’accepter')),
                ('thanks', models.TextField(blank=True, default='', help_text='Ce qui est lu après l’envoi.', verbose_name='remerciement')),
                ('consent', models.TextField(blank=True, default='', help_text='S’il est rempli, la personne coche qu’elle est d’accord. La version qu’elle a lue est gardée avec sa réponse.', verbose_name='texte de consentement')),
                ('output', models.CharField(choices=[('none', 'aucun : les réponses restent ici'), ('draft', 'en brouillon'), ('internal', 'interne à l’organisation'), ('public', 'ouvert à tous')], default='draft', max_length=8, verbose_name='jeu de données')),
                ('shows_photos', models.BooleanField(default=False, help_text='Vérifiez qu’on n’y reconnaît personne, et qu’on n’y lit aucune plaque.', verbose_name='mettre les photos dans le jeu de données')),
                ('keeps_months', models.PositiveSmallIntegerField(blank=True, help_text='Passé ce délai, elles sont effacées avec leurs photos. Vide : elles sont gardées.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='garder les réponses pendant (mois)')),
                ('author', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='organisation')),
                ('territory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='territories.territory', verbose_name='territoire')),
            ],
            options={
                'verbose_name': 'formulaire de collecte',
                'verbose_name_plural': 'formulaires de collecte',
                'ordering': ['title', 'id'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='guest',
            name='survey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guests', to='surveys.survey'),
        ),
        migrations.AddField(
            model_name='consent',
            name='survey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='surveys.survey'),
        ),
        migrations.CreateModel(
            name='AnswersDataset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dataset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.dataset')),
                ('survey', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='answers_dataset', to='surveys.survey')),
            ],
            options={
                'verbose_name': 'jeu de données des réponses',
            },
        ),
        migrations.AddField(
            model_name='answer',
            name='survey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='surveys.survey'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(fields=('survey', 'number'), name='one_consent_a_number'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['survey', 'state', 'received'], name='surveys_answers'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('survey', 'key'), name='one_answer_a_sending'),
        ),
    ]
