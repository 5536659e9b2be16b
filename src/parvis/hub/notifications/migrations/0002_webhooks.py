"""Webhooks and the journal of their deliveries."""

import django.db.models.deletion
import django.utils.timezone
import parvis.hub.notifications.webhook_rules
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_people_and_secrets'),
        ('notifications', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='nom')),
                ('url', models.URLField(max_length=500, verbose_name='adresse appelée')),
                ('events', models.JSONField(default=list, verbose_name='événements')),
                ('secret', models.CharField(max_length=300)),
                ('former_secret', models.CharField(blank=True, max_length=300)),
                ('former_until', models.DateTimeField(null=True)),
                ('active', models.BooleanField(default=True, verbose_name='en service')),
                ('failures', models.PositiveIntegerField(default=0)),
                ('disabled', models.DateTimeField(null=True)),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('modified', models.DateTimeField(auto_now=True, verbose_name='modifié')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='accounts.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'ordering': ['organisation__name', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(default=parvis.hub.notifications.webhook_rules.new_message_id, max_length=40)),
                ('event', models.CharField(max_length=40, verbose_name='événement')),
                ('body', models.TextField()),
                ('state', models.CharField(choices=[('waiting', 'en attente'), ('delivered', 'reçu'), ('failed', 'abandonné')], default='waiting', max_length=10, verbose_name='état')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name='réponse')),
                ('milliseconds', models.PositiveIntegerField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('error', models.JSONField(null=True)),
                ('due', models.DateTimeField(default=django.utils.timezone.now, null=True)),
                ('created', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='date')),
                ('tried', models.DateTimeField(null=True)),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notifications.webhook')),
            ],
            options={
                'verbose_name': 'envoi',
                'verbose_name_plural': 'envois',
                'ordering': ['-created', '-id'],
            },
        ),
    ]
