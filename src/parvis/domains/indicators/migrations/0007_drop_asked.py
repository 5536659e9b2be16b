"""The questions of a computation are those of the definition that it keeps: they are no longer written twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("indicators", "0006_civic_record")]

    operations = [migrations.RemoveField(model_name="computation", name="asked")]
