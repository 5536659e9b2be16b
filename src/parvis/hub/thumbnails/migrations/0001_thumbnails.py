"""Thumbnails of maps, charts and pages."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Thumbnail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.PositiveBigIntegerField()),
                ('name', models.CharField(max_length=60)),
                ('datasets', models.JSONField(default=list)),
            ],
            options={
                'verbose_name': 'vignette',
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='one_thumbnail_a_thing')],
            },
        ),
    ]
