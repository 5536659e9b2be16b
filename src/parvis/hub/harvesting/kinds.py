"""The kinds of jobs of this room, and what its runs become when their jobs are over."""

from __future__ import annotations

from django.utils import timezone

from parvis.hub.harvesting.models import Run
from parvis.hub.harvesting.rules import ASKED_RUN, DUE, MOVE_PLAN, RUN, State
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.rules import Kind


def job_ended(job: Job) -> None:
    """A job died or was cancelled before its run was over: the run says so, and may be resumed."""
    run = Run.objects.filter(pk=job.arguments.get("run"), job=job).first()
    if run is None or run.is_over or job.state == Job.State.DONE:
        return
    state = State.STOPPED if job.state == Job.State.CANCELLED else State.FAILED
    Run.objects.filter(pk=run.pk).update(state=state, finished=timezone.now(), error=job.error)


KINDS = (
    # Behind everything that somebody waits for: a run gives its worker back every minute, and goes on when nothing else waits.
    Kind(RUN, "parvis.hub.harvesting.tasks.read_source", job_ended, queue="heavy", priority=-20),
    # What a person asked for goes before the work of the night; what they send themselves goes before both.
    Kind(ASKED_RUN, "parvis.hub.harvesting.tasks.read_source", job_ended, queue="heavy", priority=20),
    Kind(MOVE_PLAN, "parvis.hub.harvesting.move_services.read_plan", queue="heavy", priority=20),
    Kind(DUE, "parvis.hub.harvesting.tasks.begin_due"),
)
