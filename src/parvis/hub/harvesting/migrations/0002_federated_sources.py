"""Federated sources; who proposed that a source takes a dataset over."""

import django.db.models.deletion
import parvis.hub.harvesting.rules
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("harvesting", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="proposer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="mode",
            field=models.CharField(
                choices=[
                    (parvis.hub.harvesting.rules.Mode["METADATA"], "la fiche seule"),
                    (parvis.hub.harvesting.rules.Mode["COPY"], "la fiche et les données"),
                    (parvis.hub.harvesting.rules.Mode["FEDERATED"], "la fiche, et les données demandées là-bas"),
                ],
                default=parvis.hub.harvesting.rules.Mode["COPY"],
                max_length=10,
                verbose_name="ce qui est repris",
            ),
        ),
    ]
