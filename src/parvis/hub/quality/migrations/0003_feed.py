"""Live feeds that are watched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0014_dataset_all_organisations'),
        ('quality', '0002_newer_schemas'),
    ]

    operations = [
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveIntegerField(verbose_name='minutes')),
                ('heard', models.DateTimeField(null=True)),
                ('silent_since', models.DateTimeField(null=True)),
                ('told', models.DateTimeField(null=True)),
                ('told_of', models.DateTimeField(null=True)),
                ('dataset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='feed', to='catalogue.dataset')),
            ],
            options={
                'verbose_name': 'flux',
                'ordering': ['dataset__title', 'id'],
            },
        ),
    ]
