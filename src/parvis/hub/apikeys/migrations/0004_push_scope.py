"""Keys that push rows."""

import parvis.hub.apikeys.rules
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('apikeys', '0003_deposit_scope'),
    ]

    operations = [
        migrations.AlterField(
            model_name='apikey',
            name='scope',
            field=models.CharField(choices=[(parvis.hub.apikeys.rules.Scope['READ_PUBLIC'], 'lire ce qui est public'), (parvis.hub.apikeys.rules.Scope['READ'], 'lire tout ce que je peux lire'), (parvis.hub.apikeys.rules.Scope['PROPOSE'], 'lire ce qui est public, et proposer des contributions'), (parvis.hub.apikeys.rules.Scope['DEPOSIT'], 'lire tout ce que je peux lire, et déposer des actes'), (parvis.hub.apikeys.rules.Scope['PUSH'], 'pousser des lignes dans une organisation')], default=parvis.hub.apikeys.rules.Scope['READ_PUBLIC'], max_length=12, verbose_name='portée'),
        ),
    ]
