"""The roots of pages and of the library have names that people read: Wagtail calls both « Root »."""

from django.db import migrations

NAMES = (("Page", "title", "Tous les sites"), ("Collection", "name", "Bibliothèque commune"))


def rename(apps, _schema_editor):
    """Those that still have Wagtail's name."""
    for model, field, name in NAMES:
        roots = apps.get_model("wagtailcore", model).objects.filter(depth=1, **{field: "Root"})
        roots.update(**{field: name} | ({"draft_title": name} if model == "Page" else {}))


class Migration(migrations.Migration):
    dependencies = [
        ("parvis_sites", "0006_plain_words"),
        ("wagtailcore", "0094_alter_page_locale"),
    ]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
