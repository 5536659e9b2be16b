"""What harvesters were told of by OParl, and what has changed since."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deliberations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OparlChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('root', models.CharField(max_length=12)),
                ('root_key', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'changement à dire par OParl',
                'verbose_name_plural': 'changements à dire par OParl',
            },
        ),
        migrations.CreateModel(
            name='OparlObject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=16)),
                ('key', models.CharField(max_length=40)),
                ('root', models.CharField(max_length=12)),
                ('root_key', models.BigIntegerField()),
                ('body', models.BigIntegerField(default=0)),
                ('assembly', models.BigIntegerField(null=True)),
                ('created', models.DateTimeField()),
                ('modified', models.DateTimeField()),
                ('deleted', models.BooleanField(default=False)),
                ('digest', models.CharField(blank=True, default='', max_length=64)),
            ],
            options={
                'verbose_name': 'objet OParl',
                'verbose_name_plural': 'objets OParl',
                'indexes': [models.Index(fields=['type', 'body', 'deleted', 'id'], name='oparl_list'), models.Index(fields=['type', 'body', 'modified', 'id'], name='oparl_modified'), models.Index(fields=['type', 'assembly', 'id'], name='oparl_assembly'), models.Index(fields=['root', 'root_key'], name='oparl_root')],
                'constraints': [models.UniqueConstraint(fields=('type', 'key'), name='one_oparl_object_an_address')],
            },
        ),
    ]
