"""The version whose source an import takes again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('datastore', '0004_steps'),
    ]

    operations = [
        migrations.AddField(
            model_name='import',
            name='replaces',
            field=models.CharField(blank=True, max_length=40),
        ),
    ]
