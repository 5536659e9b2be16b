"""What a card says in other languages than its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0015_catalogue_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="translations",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
