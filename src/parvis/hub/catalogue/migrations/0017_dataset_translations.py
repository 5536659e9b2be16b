"""What a card says in other languages than its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0016_inspire_and_closures"),
    ]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="translations",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
