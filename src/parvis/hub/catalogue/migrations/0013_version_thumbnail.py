"""Versions know the picture that cards show of them, and the period that their rows speak of."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0012_dataset_original_withheld"),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="period",
            field=models.CharField(blank=True, default="", max_length=24),
        ),
        migrations.AddField(
            model_name="version",
            name="thumbnail",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
    ]
