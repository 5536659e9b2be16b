
import django.db.models.deletion
import parvis.hub.quality.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0006_rows_by_commune'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(choices=[('late', 'en retard'), ('stale', 'périmé'), ('broken', 'en panne')], max_length=10)),
                ('mark', models.CharField(max_length=80)),
                ('details', models.JSONField(default=dict)),
                ('opened', models.DateTimeField()),
                ('closed', models.DateTimeField(null=True)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='catalogue.dataset')),
            ],
            options={
                'verbose_name': 'avis',
                'ordering': ['-opened', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('sent', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to=settings.AUTH_USER_MODEL)),
                ('notices', models.ManyToManyField(related_name='digests', to='quality.notice')),
            ],
            options={
                'verbose_name': 'courriel d’avis',
                'ordering': ['-day'],
            },
        ),
        migrations.CreateModel(
            name='NoticeChoices',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mail', models.BooleanField(default=True, verbose_name='Recevoir un courriel, un par jour au plus')),
                ('late', models.BooleanField(default=True, verbose_name='Un jeu est en retard sur sa fréquence')),
                ('stale', models.BooleanField(default=True, verbose_name='Un jeu est périmé : son retard dépasse le délai promis')),
                ('broken', models.BooleanField(default=True, verbose_name='Un import échoue, ou la source ne répond plus')),
                ('feed_key', models.CharField(default=parvis.hub.quality.models.new_feed_key, editable=False, max_length=64, unique=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_choices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'choix d’avis',
            },
        ),
        migrations.CreateModel(
            name='ScoreDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('version_name', models.CharField(max_length=40)),
                ('score', models.FloatField()),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='score_days', to='catalogue.dataset')),
            ],
            options={
                'verbose_name': 'note d’un jour',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='SourceCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(max_length=1000)),
                ('answered', models.BooleanField()),
                ('checked', models.DateTimeField()),
                ('failing_since', models.DateField(null=True)),
                ('error', models.JSONField(null=True)),
                ('dataset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='source_check', to='catalogue.dataset')),
            ],
            options={
                'verbose_name': 'état d’une source',
            },
        ),
        migrations.CreateModel(
            name='VersionPortraits',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('columns', models.JSONField()),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='portraits', to='catalogue.version')),
            ],
            options={
                'verbose_name': 'profil d’une version',
            },
        ),
        migrations.CreateModel(
            name='VersionQuality',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measures', models.JSONField()),
                ('around', models.JSONField(default=dict)),
                ('shares', models.JSONField(default=dict)),
                ('score', models.FloatField(default=0)),
                ('measured', models.DateTimeField()),
                ('reckoned', models.DateTimeField()),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='quality', to='catalogue.version')),
            ],
            options={
                'verbose_name': 'qualité d’une version',
            },
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('dataset', 'event', 'mark'), name='one_notice_a_time'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.UniqueConstraint(fields=('person', 'day'), name='one_digest_a_day'),
        ),
        migrations.AddConstraint(
            model_name='scoreday',
            constraint=models.UniqueConstraint(fields=('dataset', 'day'), name='one_score_a_day'),
        ),
    ]
