"""What other catalogues are told of a dataset: high-value categories, the identifier that stays, checksums of documents."""

from django.db import migrations, models


def remember_first_names(apps, schema_editor):
    """A dataset that was renamed keeps the name it had first, by which others know it; the rest the one they have."""
    datasets = apps.get_model("catalogue", "Dataset")
    aliases = apps.get_model("catalogue", "DatasetAlias")
    datasets.objects.filter(permanent_id="").update(permanent_id=models.F("dataset_id"))
    first = {}
    for former, dataset in aliases.objects.order_by("pk").values_list("former_id", "dataset"):
        first.setdefault(dataset, former)
    for dataset, former in first.items():
        datasets.objects.filter(pk=dataset).update(permanent_id=former)


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0014_dataset_all_organisations"),
    ]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="hvd",
            field=models.JSONField(blank=True, default=list, verbose_name="forte valeur"),
        ),
        migrations.AddField(
            model_name="dataset",
            name="permanent_id",
            field=models.CharField(db_index=True, default="", editable=False, max_length=100),
        ),
        migrations.AddField(
            model_name="attachment",
            name="sha256",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.RunPython(remember_first_names, migrations.RunPython.noop),
    ]
