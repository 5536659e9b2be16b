"""Services that sources tell, and those of ours that they became."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dataservices', '0001_initial'),
        ('harvesting', '0007_move_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='HarvestedService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identifier', models.CharField(max_length=500)),
                ('landing_page', models.CharField(blank=True, default='', max_length=1000)),
                ('card', models.JSONField(default=dict)),
                ('written', models.JSONField(default=dict)),
                ('serves', models.JSONField(default=list)),
                ('last_run', models.PositiveBigIntegerField(default=0)),
                ('counted_run', models.PositiveBigIntegerField(default=0)),
                ('missing', models.PositiveSmallIntegerField(default=0)),
                ('gone', models.DateTimeField(null=True)),
                ('service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='dataservices.dataservice')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='harvesting.source')),
            ],
            options={
                'verbose_name': 'service d’une source',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('source', 'identifier'), name='one_harvested_service')],
            },
        ),
    ]
