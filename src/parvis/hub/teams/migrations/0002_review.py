from django.db import migrations

REVIEW = "Relecture"


def call_it_a_review(apps, schema_editor):
    """The task that screens name, so far named after a group whose name only tells it apart."""
    publishers = apps.get_model("parvis_teams", "Team").objects.values_list("publishers", flat=True)
    tasks = apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(groups__in=list(publishers))
    apps.get_model("wagtailcore", "Task").objects.filter(pk__in=[task.pk for task in tasks]).update(name=REVIEW)


class Migration(migrations.Migration):
    dependencies = [("parvis_teams", "0001_initial"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(call_it_a_review, migrations.RunPython.noop)]
