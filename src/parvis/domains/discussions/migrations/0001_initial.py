"""Discussions of datasets, and their messages."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0011_version_aside'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DatasetDiscussions',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('closed', models.BooleanField(default=True)),
                ('dataset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.dataset')),
            ],
            options={
                'verbose_name': 'discussions d’un jeu de données',
            },
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, max_length=150, verbose_name='sujet')),
                ('closed', models.DateTimeField(null=True)),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.dataset')),
            ],
            options={
                'verbose_name': 'discussion',
                'ordering': ['-created', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='texte')),
                ('original', models.TextField(blank=True)),
                ('original_title', models.CharField(blank=True, max_length=150)),
                ('signature', models.CharField(blank=True, max_length=60, verbose_name='signature')),
                ('is_answer', models.BooleanField(default=False, verbose_name='réponse de l’organisation')),
                ('state', models.CharField(choices=[('unconfirmed', 'à confirmer'), ('waiting', 'à relire'), ('shown', 'en ligne'), ('hidden', 'masqué')], default='unconfirmed', max_length=12, verbose_name='état')),
                ('held', models.BooleanField(default=False)),
                ('reports', models.PositiveIntegerField(default=0, verbose_name='signalements')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='raison')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('sent', models.DateTimeField(default=django.utils.timezone.now, verbose_name='envoyé le')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='discussions.thread')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['sent', 'id'],
                'indexes': [models.Index(fields=['thread', 'state'], name='messages_of_threads')],
            },
        ),
    ]
