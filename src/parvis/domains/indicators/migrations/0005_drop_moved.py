"""The former tables, once their rows are elsewhere."""

from django.db import migrations


class Migration(migrations.Migration):
    """In the order of their keys."""

    dependencies = [("indicators", "0004_move_to_notifications")]

    operations = [
        migrations.DeleteModel("Asking"),
        migrations.DeleteModel("Outgoing"),
        migrations.DeleteModel("Subscription"),
        migrations.DeleteModel("Recipient"),
        migrations.DeleteModel("SourceNotice"),
    ]
