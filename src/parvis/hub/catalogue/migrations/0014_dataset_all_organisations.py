"""An internal dataset may be open to every organisation."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0013_version_thumbnail'),
    ]

    operations = [
        migrations.AddField(
            model_name='dataset',
            name='all_organisations',
            field=models.BooleanField(default=False, verbose_name='toutes les organisations'),
        ),
    ]
