import time

from django.db import migrations, models


def mark(apps, schema_editor):
    """Give every dataset a stamp, and the catalogue a mark that grows from now on: those until now were drawn at random."""
    now = time.time_ns() // 1_000
    apps.get_model("catalogue", "Dataset").objects.update(stamp=now)
    apps.get_model("catalogue", "CatalogueState").objects.update(revision=now)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0009_version_facts'),
    ]

    operations = [
        migrations.AddField(
            model_name='dataset',
            name='stamp',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
    ]
