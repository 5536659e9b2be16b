"""Openings, proposals, corrections laid over sources, ambassadors."""

import django.db.models.deletion
import django.utils.timezone
import parvis.domains.contributions.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_people_and_secrets'),
        ('catalogue', '0011_version_aside'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kinds', models.JSONField(default=parvis.domains.contributions.models.every_kind)),
                ('key', models.JSONField(default=list)),
                ('modified', models.DateTimeField(auto_now=True)),
                ('dataset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.dataset')),
            ],
            options={
                'verbose_name': 'ouverture aux contributions',
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(default=parvis.domains.contributions.models.new_uid, editable=False, max_length=32, unique=True)),
                ('version_name', models.CharField(blank=True, max_length=40)),
                ('kind', models.CharField(choices=[('correct', 'Corriger une ligne'), ('add', 'Ajouter une ligne'), ('remove', 'Signaler une ligne à retirer'), ('remark', 'Faire une remarque'), ('question', 'Poser une question')], max_length=10, verbose_name='demande')),
                ('state', models.CharField(choices=[('unconfirmed', 'à confirmer par courriel'), ('received', 'reçue'), ('asked-back', 'question posée au contributeur'), ('accepted', 'acceptée'), ('partly', 'acceptée en partie'), ('refused', 'refusée'), ('expired', 'dépassée : la ligne a changé'), ('already', 'déjà dans la source'), ('withdrawn', 'retirée par son auteur')], default='received', max_length=12, verbose_name='état')),
                ('key', models.JSONField(null=True)),
                ('key_text', models.CharField(blank=True, max_length=400)),
                ('row', models.JSONField(default=dict)),
                ('changes', models.JSONField(default=dict)),
                ('column', models.CharField(blank=True, max_length=100)),
                ('text', models.TextField(blank=True, verbose_name='message')),
                ('photo', models.FileField(blank=True, max_length=200, upload_to='contributions/')),
                ('shows_photo', models.BooleanField(default=False)),
                ('shows_text', models.BooleanField(default=False)),
                ('form', models.CharField(max_length=64, null=True, unique=True)),
                ('origin', models.CharField(default='form', max_length=20)),
                ('accepted', models.JSONField(default=dict)),
                ('answer', models.TextField(blank=True, verbose_name='réponse')),
                ('reply', models.TextField(blank=True)),
                ('decided', models.DateTimeField(null=True)),
                ('created', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='date')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.dataset')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'contribution',
                'verbose_name_plural': 'contributions',
                'ordering': ['-created', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('cell', 'valeur corrigée'), ('add', 'ligne ajoutée'), ('remove', 'ligne retirée')], max_length=6)),
                ('key', models.JSONField()),
                ('key_text', models.CharField(max_length=400)),
                ('column', models.CharField(blank=True, max_length=100)),
                ('base', models.JSONField(null=True)),
                ('ours', models.JSONField(null=True)),
                ('theirs', models.JSONField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'sera dans la prochaine version'), ('applied', 'en ligne'), ('same', 'la source le dit aussi'), ('conflict', 'la source dit autre chose : à choisir'), ('gone', 'la source n’a plus cette ligne : à choisir'), ('ambiguous', 'plusieurs lignes ont cette clé : à choisir'), ('missing', 'la source n’a plus cette colonne : à choisir'), ('unwritable', 'la colonne ne peut pas contenir cette valeur : à choisir'), ('replaced', 'remplacée par une contribution plus récente'), ('dropped', 'la source a été préférée')], default='waiting', max_length=10, verbose_name='état')),
                ('version_name', models.CharField(blank=True, max_length=40)),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed', models.DateTimeField(null=True)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.dataset')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='contributions.proposal')),
            ],
            options={
                'verbose_name': 'correction',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Ambassador',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('badge', models.CharField(default='Ambassadeur des données', help_text='Montré avec ses contributions.', max_length=60, verbose_name='badge')),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('revoked', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organisation', verbose_name='organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
            ],
            options={
                'verbose_name': 'ambassadeur',
                'verbose_name_plural': 'ambassadeurs',
                'ordering': ['-since'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked', None)), fields=('person', 'organisation'), name='contributions_one_ambassador')],
            },
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['dataset', 'state', 'created'], name='contributions_queue'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['dataset', 'key_text'], name='contributions_row'),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(fields=['dataset', 'state'], name='contributions_laid'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'applied', 'conflict', 'gone', 'ambiguous', 'missing', 'unwritable'))), fields=('dataset', 'key_text', 'verb', 'column'), name='contributions_one_live_correction'),
        ),
    ]
