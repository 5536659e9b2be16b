"""Mails to the address that an organisation shows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0002_webhooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoing',
            name='address',
            field=models.EmailField(blank=True, default='', max_length=254),
        ),
    ]
