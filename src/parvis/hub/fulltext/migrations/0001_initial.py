"""Documents whose index must be told of what changed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('library', models.CharField(max_length=40)),
                ('key', models.PositiveBigIntegerField(null=True)),
            ],
            options={
                'verbose_name': 'document à indexer',
            },
        ),
    ]
