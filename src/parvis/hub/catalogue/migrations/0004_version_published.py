from django.db import migrations, models
from django.db.models import F


def date_the_versions_readers_saw(apps, schema_editor):
    """Until now a dataset showed all its versions up to the current one."""
    Version = apps.get_model("catalogue", "Version")
    Dataset = apps.get_model("catalogue", "Dataset")
    for dataset_id, current_id in Dataset.objects.exclude(current=None).values_list("pk", "current_id"):
        Version.objects.filter(dataset_id=dataset_id, pk__lte=current_id).update(published=F("created"))


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_as_told'),
    ]

    operations = [
        migrations.AddField(
            model_name='version',
            name='published',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(date_the_versions_readers_saw, migrations.RunPython.noop),
    ]
