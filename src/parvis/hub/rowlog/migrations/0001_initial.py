"""Which datasets take pushed rows, and which versions hold them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0014_dataset_all_organisations'),
    ]

    operations = [
        migrations.CreateModel(
            name='Fold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version_name', models.CharField(max_length=40, unique=True)),
                ('through', models.BigIntegerField()),
                ('base_name', models.CharField(max_length=40)),
                ('base', models.BigIntegerField()),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.dataset')),
            ],
            options={
                'verbose_name': 'version des lignes poussées',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='RowStream',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_open', models.BooleanField(default=True)),
                ('key', models.JSONField(default=list)),
                ('fold_minutes', models.PositiveIntegerField(default=60)),
                ('most_rows', models.PositiveBigIntegerField(blank=True, null=True)),
                ('most_days', models.PositiveIntegerField(blank=True, null=True)),
                ('day_column', models.CharField(blank=True, max_length=200)),
                ('history_days', models.PositiveIntegerField(default=30)),
                ('version_name', models.CharField(blank=True, max_length=40)),
                ('base', models.BigIntegerField(default=0)),
                ('laid', models.JSONField(default=dict)),
                ('mark', models.CharField(default='0', max_length=32)),
                ('laid_at', models.DateTimeField(blank=True, null=True)),
                ('since', models.DateTimeField(blank=True, null=True)),
                ('is_held', models.BooleanField(default=False)),
                ('trouble', models.JSONField(blank=True, null=True)),
                ('dataset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.dataset')),
            ],
            options={
                'verbose_name': 'lignes poussées',
            },
        ),
    ]
