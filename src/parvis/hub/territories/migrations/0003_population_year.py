"""The year of the populations that a file given since brings."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('territories', '0002_contours'),
    ]

    operations = [
        migrations.AddField(
            model_name='reference',
            name='population_year',
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
