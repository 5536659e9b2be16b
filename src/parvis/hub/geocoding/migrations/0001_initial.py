"""Answers of the national service of addresses, by the imprint of each address."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='GeocodedAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('place', models.JSONField(null=True)),
                ('asked', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
        ),
    ]
