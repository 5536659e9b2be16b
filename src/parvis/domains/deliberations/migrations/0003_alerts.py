"""What each address was told of; alerts themselves are subscriptions."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deliberations', '0002_oparl'),
        ('notifications', '0003_outgoing_address'),
    ]

    operations = [
        migrations.CreateModel(
            name='ToldOnce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(max_length=60)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notifications.recipient')),
            ],
            options={
                'verbose_name': 'acte signalé',
            },
        ),
        migrations.DeleteModel(
            name='Watch',
        ),
        migrations.AddConstraint(
            model_name='toldonce',
            constraint=models.UniqueConstraint(fields=('recipient', 'target'), name='act_told_once'),
        ),
    ]
