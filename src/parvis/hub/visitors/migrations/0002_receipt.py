"""What people without an account sent, at its secret address."""

import django.utils.timezone
import parvis.hub.notifications.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visitors', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=parvis.hub.notifications.models.new_key, max_length=64, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('target', models.CharField(max_length=40)),
                ('form', models.CharField(max_length=64, null=True, unique=True)),
                ('confirmed', models.BooleanField(default=False)),
                ('created', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'récépissé',
                'constraints': [models.UniqueConstraint(fields=('kind', 'target'), name='one_receipt_a_row')],
            },
        ),
    ]
