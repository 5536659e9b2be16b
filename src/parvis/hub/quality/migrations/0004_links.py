"""Links of datasets, and what they answered over time."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0014_dataset_all_organisations'),
        ('quality', '0003_feed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('url', models.CharField(max_length=1000)),
                ('checked', models.DateTimeField(null=True)),
                ('due', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(null=True)),
                ('broken', models.BooleanField(default=False)),
                ('error', models.JSONField(null=True)),
            ],
            options={
                'verbose_name': 'lien',
            },
        ),
        migrations.CreateModel(
            name='LinkAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('error', models.CharField(blank=True, max_length=40)),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='quality.link')),
            ],
            options={
                'verbose_name': 'réponse d’un lien',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DatasetLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=120)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='catalogue.dataset')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='quality.link')),
            ],
            options={
                'verbose_name': 'lien d’un jeu de données',
                'constraints': [models.UniqueConstraint(fields=('dataset', 'link', 'place'), name='one_place_of_a_link')],
            },
        ),
    ]
