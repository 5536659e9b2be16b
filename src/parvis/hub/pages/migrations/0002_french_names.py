"""The root page and the review that Wagtail makes have French names, like all that editors read."""

from django.db import migrations

PAGE_AS_MADE = "Welcome to your new Wagtail site!"
REVIEW_AS_MADE = "Moderators approval"


def name_them(apps, schema_editor):
    apps.get_model("wagtailcore", "Page").objects.filter(title=PAGE_AS_MADE).update(title="Accueil", draft_title="Accueil")
    for kind in ("Workflow", "Task"):
        apps.get_model("wagtailcore", kind).objects.filter(name=REVIEW_AS_MADE).update(name="Relecture")


class Migration(migrations.Migration):

    dependencies = [("parvis_pages", "0001_initial")]

    operations = [migrations.RunPython(name_them, migrations.RunPython.noop)]
