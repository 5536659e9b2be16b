"""Reading jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from parvis.core.errors import NotFound, error_facts, stored_error
from parvis.core.translation import SOURCE
from parvis.hub.accounts.rules import Actor
from parvis.hub.jobs.models import Job

JobState = Job.State


def jobs_visible_to(actor: Actor) -> QuerySet[Job]:
    """The jobs the actor asked for; every job for who has every right."""
    if actor.everything:
        return Job.objects.all()
    return Job.objects.filter(person_id=actor.person_id) if actor.person_id else Job.objects.none()


def job(actor: Actor, key: int) -> Job:
    """That job; NotFound when it does not exist or is somebody else's."""
    match = jobs_visible_to(actor).filter(pk=key).first()
    if match is None:
        raise NotFound(name=f"tâche {key}")
    return match


def is_under_way(kind: str, **arguments: Any) -> bool:
    """Whether a job of that kind, with those arguments, waits or runs."""
    states = (JobState.QUEUED, JobState.RUNNING)
    return Job.objects.filter(kind=kind, arguments=arguments, state__in=states).exists()


def waiting_since(moment: datetime) -> QuerySet[Job]:
    """The jobs that were asked for before that moment and that no worker took up."""
    return Job.objects.filter(state=JobState.QUEUED, created__lt=moment)


def error_of(job: Job) -> dict[str, str] | None:
    """Why a job that is over did not do its work, as a message and a hint in the language of the reader; None without error."""
    if not job.error:
        return None
    message, hint = stored_error(job.error, get_language() or SOURCE)
    return {"message": message, "hint": hint}


def job_facts(job: Job) -> dict:
    """What a page or a script needs to follow a job: state, stage, done, total, error."""
    return {
        "id": job.pk,
        "kind": job.kind,
        "state": str(job.state),
        "stage": job.stage,
        "done": job.done,
        "total": job.total,
        "error": error_facts(job.error),
        "over": job.is_over,
    }
