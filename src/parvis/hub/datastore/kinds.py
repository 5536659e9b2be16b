"""The kinds of jobs of this room, and what becomes of an import when its job is over."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.hub.datastore.models import Import
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.rules import Kind

EXAMINE = "datastore.examine"
WRITE = "datastore.import"
PREPARE = "datastore.prepare"
COUNT = "datastore.count-by-commune"
COMPARE = "datastore.compare"
DESCRIBE = "datastore.describe"


def close(imported: Import, state: Import.State, error: dict[str, Any] | None = None) -> None:
    """Note how an import ended, or where it stopped."""
    imported.state = state
    imported.error = error
    imported.finished = timezone.now()
    imported.save(update_fields=["state", "error", "finished", "findings"])


def job_ended(job: Job) -> None:
    """Bring the import to where its job ended, unless the job itself already said more."""
    for imported in Import.objects.filter(job=job):
        at_work = imported.state in (Import.State.WAITING, Import.State.EXAMINING, Import.State.WRITING)
        if job.state == Job.State.CANCELLED:
            close(imported, Import.State.CANCELLED, job.error)
        elif job.state == Job.State.FAILED:
            close(imported, Import.State.FAILED if at_work else Import.State(imported.state), job.error)


def caller_forgotten(job: Job) -> None:
    """Drop who asked: a job is kept for months, what an address spent for two days."""
    Job.objects.filter(pk=job.pk).update(arguments={**job.arguments, "client": ""})


KINDS = (
    Kind(EXAMINE, "parvis.hub.datastore.tasks.examine_file", job_ended, queue="heavy", priority=50),
    # Somebody waits for it, where files made ahead and measures are waited for by nobody.
    Kind(WRITE, "parvis.hub.datastore.tasks.write_version_of", job_ended, queue="heavy", priority=40),
    Kind(PREPARE, "parvis.hub.datastore.tasks.prepare_files", queue="heavy"),
    Kind(COUNT, "parvis.hub.datastore.tasks.count_rows_by_commune", queue="heavy"),
    Kind(DESCRIBE, "parvis.hub.datastore.tasks.describe_versions", queue="heavy", priority=60),
    # Behind mails, and before hours of imports: it takes two minutes at most.
    Kind(COMPARE, "parvis.hub.datastore.tasks.compare", caller_forgotten, priority=-10),
)
