"""Contours in a table of their own; the reference is loaded again after the upgrade (``config.cli.instance``)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('territories', '0001_organisations'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shipped', models.BooleanField()),
                ('revision', models.CharField(max_length=64)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('loaded', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'référentiel',
            },
        ),
        migrations.RemoveField(
            model_name='territory',
            name='contour',
        ),
        migrations.CreateModel(
            name='Contour',
            fields=[
                ('territory', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='outline', serialize=False, to='territories.territory')),
                ('west', models.FloatField()),
                ('south', models.FloatField()),
                ('east', models.FloatField()),
                ('north', models.FloatField()),
                ('area', models.FloatField()),
                ('geojson', models.TextField()),
            ],
            options={
                'verbose_name': 'contour',
                'indexes': [models.Index(fields=['west', 'east', 'south', 'north'], name='contour_box')],
            },
        ),
    ]
