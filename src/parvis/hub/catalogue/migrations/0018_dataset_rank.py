"""The order in which the portal that datasets came from listed them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0017_dataset_translations"),
    ]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="rank",
            field=models.PositiveIntegerField(
                blank=True, editable=False, null=True, verbose_name="rang dans le catalogue"
            ),
        ),
    ]
