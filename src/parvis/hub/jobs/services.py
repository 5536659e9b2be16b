"""Asking for background work, stopping it, taking up what died."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.core.errors import Cancelled, Forbidden
from parvis.core.progress import Progress, no_progress
from parvis.hub.accounts.rules import Actor
from parvis.hub.audit.services import record
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.process_locks import is_alive, is_local, living, this_process
from parvis.hub.jobs.rules import MOST_ATTEMPTS, MOST_STALLS, JobAbandoned, JobStalled, kinds
from parvis.hub.jobs.running import LEASE, beating, finish, patience, run, run_job, send

logger = logging.getLogger("parvis.jobs")

KEPT_DAYS = 90
"""Days for which a job that is over can be looked at."""


def enqueue(actor: Actor, kind: str, *, after: datetime | None = None, **arguments: Any) -> Job:
    """Ask for a job of that kind with JSON-able arguments; a worker runs it on the actor's behalf, with their rights then.

    Not before ``after`` when it is given.
    """
    with transaction.atomic():
        job = _new_job(actor, kind, arguments)
        send(job, after)
    return job


def enqueue_once(
    actor: Actor,
    kind: str,
    key: str,
    *,
    after: datetime | None = None,
    again: timedelta | None = None,
    **arguments: Any,
) -> Job | None:
    """The same; None when a job of that kind was asked for under that key already, even at this very moment elsewhere.

    With ``again``, one that has been over for that long gives its key up, and the work is asked for anew.
    """
    if again is not None:
        Job.objects.filter(kind=kind, key=key, finished__lt=timezone.now() - again).update(key="")
    if Job.objects.filter(kind=kind, key=key).exists():
        return None
    try:
        with transaction.atomic():
            job = _new_job(actor, kind, arguments, key=key)
            send(job, after)
    except IntegrityError:
        return None
    return job


def run_here(actor: Actor, kind: str, watcher: Progress = no_progress, **arguments: Any) -> Job:
    """Run a job at once in this process (a command), telling ``watcher`` where it stands; raises what ended it."""
    job = _new_job(
        actor,
        kind,
        arguments,
        in_place=True,
        state=Job.State.RUNNING,
        holder=this_process(),
        attempts=1,
        started=timezone.now(),
        heartbeat=timezone.now(),
    )
    with beating():
        error = run(job, watcher)
    if error is not None:
        raise error
    return job


def _new_job(actor: Actor, kind: str, arguments: dict[str, Any], **columns: Any) -> Job:
    if kind not in kinds():
        raise KeyError(kind)
    if actor.person_id is None and not actor.everything:
        raise Forbidden(action="lancer une tâche")
    operator = actor.everything and actor.person_id is None
    return Job.objects.create(kind=kind, arguments=arguments, person_id=actor.person_id, operator=operator, **columns)


def cancel(actor: Actor, job: Job) -> Job:
    """Stop a job: at once when it waits, at its next progress when it runs; nothing when it is over."""
    if not actor.everything and (actor.person_id is None or job.person_id != actor.person_id):
        raise Forbidden(action="annuler cette tâche")
    with transaction.atomic():
        job.refresh_from_db()
        if job.is_over:
            return job
        record(actor.name, actor.person_id, "job.cancel", "job", str(job.pk), kind=job.kind)
        if job.state == Job.State.QUEUED and finish(job, Job.State.CANCELLED, Cancelled()):
            return job
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True)
    job.refresh_from_db()
    return job


def reap() -> list[Job]:
    """Take up the running jobs that no living process holds: back in the queue, or ended when they died too often.

    A process of this machine is dead when its lock is free; one of another machine when it has not beaten for a minute.
    """
    reaped = [job for job in Job.objects.filter(state=Job.State.RUNNING) if _is_dead(job) and _take_up(job)]
    _take_up_messages()
    living()
    return reaped


def _is_dead(job: Job) -> bool:
    if job.holder and is_local(job.holder):
        return not is_alive(job.holder)
    return job.heartbeat is None or job.heartbeat < timezone.now() - LEASE


def _take_up(job: Job) -> bool:
    logger.warning("job %s (%s) lost its process after %s attempt(s)", job.pk, job.kind, job.attempts)
    if job.cancel_requested:
        return finish(job, Job.State.CANCELLED, Cancelled())
    if _stood_still(job) and job.attempts >= MOST_STALLS:
        minutes = max(1, patience(job) // 60)
        return finish(job, Job.State.FAILED, JobStalled(minutes=minutes, attempts=job.attempts))
    if job.in_place or job.attempts >= MOST_ATTEMPTS or job.kind not in kinds():
        return finish(job, Job.State.FAILED, JobAbandoned(attempts=job.attempts))
    with transaction.atomic():
        same = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, holder=job.holder)
        if not same.update(state=Job.State.QUEUED, holder=""):
            return False
        send(job)
        job.refresh_from_db()
    return True


def _stood_still(job: Job) -> bool:
    """Whether its process was ended for not moving (``running.ended_when_still``), rather than by something else.

    A little less than the limit: the watch is armed just before the moment is written.
    """
    return job.progressed is not None and (timezone.now() - job.progressed).total_seconds() > patience(job) * 0.9


def _take_up_messages() -> None:
    """The queue's own rows left running by a dead worker: ours are closed (their job was sent again), others wait anew."""
    for message in DBTaskResult.objects.running():
        worker = message.worker_ids[-1] if message.worker_ids else ""
        if not worker or not is_local(worker) or is_alive(worker):
            continue
        same = DBTaskResult.objects.running().filter(pk=message.pk)
        if message.task_path == run_job.module_path or len(message.worker_ids) >= MOST_ATTEMPTS:
            same.update(status="FAILED", finished_at=timezone.now())
        else:
            same.update(status="READY")


def forget_jobs() -> int:
    """Drop the jobs that are over for ``KEPT_DAYS``; how many. What they did is told by its own rows (imports, journal)."""
    old = timezone.now() - timezone.timedelta(days=KEPT_DAYS)
    return Job.objects.filter(finished__lt=old).delete()[0]


def forget_messages() -> int:
    """Drop the queue's rows that are over for a day; how many."""
    old = timezone.now() - timezone.timedelta(days=1)
    return DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()[0]
