"""Running one job: claim it alone, tell where it stands, store how it ended."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.tasks import task
from django.utils import timezone
from django.utils.module_loading import import_string

from parvis.core.errors import Cancelled, ParvisError, error_row
from parvis.core.progress import Progress, no_progress
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.process_locks import this_process
from parvis.hub.jobs.rules import JobContext, JobTooLong, LeaseLost, UnexpectedFailure, WorkerStopping, kinds

logger = logging.getLogger("parvis.jobs")

BEAT_SECONDS = 10
LEASE = timedelta(seconds=60)
WRITE_SECONDS = 0.5

INTERRUPTED = "Query interrupted"
"""What DuckDB raises, as a plain RuntimeError, when Ctrl-C falls in the midst of a statement."""

stopping = threading.Event()
"""Set when this worker was asked to stop: running jobs give their work back at their next progress."""


def actor_behind(job: Job) -> Actor:
    """On whose behalf the job acts, with the rights they have now; nobody's when the person is gone."""
    if job.operator:
        return OPERATOR
    return actor_of(job.person) if job.person else ANONYMOUS


class JobProgress:
    """Writes stage, counts and heartbeat at most twice a second; raises when the job must stop."""

    def __init__(self, job: Job, watcher: Progress = no_progress) -> None:
        self._job = job
        self._watcher = watcher
        self._written = 0.0
        self._start = time.monotonic()

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        """Tell where the job stands; Cancelled when a person stopped it, LeaseLost or WorkerStopping likewise."""
        self._watcher(stage, done, total)
        if stopping.is_set() and not self._job.in_place:
            raise WorkerStopping
        now = time.monotonic()
        if now - self._written < WRITE_SECONDS:
            return
        self._written = now
        hours = settings.PARVIS["PARVIS_JOB_HOURS"]
        if now - self._start > hours * 3600 and not self._job.in_place:
            raise JobTooLong(hours=hours)
        still_moving()
        mine = Job.objects.filter(pk=self._job.pk, state=Job.State.RUNNING, holder=self._job.holder)
        if not mine.update(
            stage=stage[:20], done=done, total=total, heartbeat=timezone.now(), progressed=timezone.now()
        ):
            raise LeaseLost
        if Job.objects.filter(pk=self._job.pk, cancel_requested=True).exists():
            raise Cancelled


def claim(key: int) -> Job | None:
    """The job of that key, now run by this process; None when it is not waiting (another process was faster)."""
    now = timezone.now()
    taken = Job.objects.filter(pk=key, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING,
        holder=this_process(),
        started=now,
        heartbeat=now,
        progressed=now,
        finished=None,
        error=None,
    )
    if not taken:
        return None
    job = Job.objects.select_related("person").get(pk=key)
    job.attempts += 1
    job.save(update_fields=["attempts"])
    return job


def run(job: Job, watcher: Progress = no_progress) -> ParvisError | None:
    """Run a job held by this process to its end; the error that ended it, None when it is done.

    An error that is not Parvis's own is logged with its trace and stored as UnexpectedFailure.
    """
    progress = JobProgress(job, watcher)
    try:
        function = kinds()[job.kind].function
        function = import_string(function) if isinstance(function, str) else function
        function(JobContext(job, actor_behind(job), progress), **job.arguments)
    except LeaseLost as error:
        logger.warning("job %s was taken up by another process", job.pk)
        return error
    except WorkerStopping as error:
        give_back(job)
        return error
    except (Cancelled, KeyboardInterrupt) as stop:
        error = stop if isinstance(stop, Cancelled) else Cancelled()
        finish(job, Job.State.CANCELLED, error)
        return error
    except ParvisError as error:
        finish(job, Job.State.FAILED, error)
        return error
    except Exception as fault:
        if job.in_place and INTERRUPTED in str(fault):
            error = Cancelled()
            finish(job, Job.State.CANCELLED, error)
            return error
        # A fault in one job must end that job, visibly, and no other.
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        error = UnexpectedFailure(kind=type(fault).__name__)
        finish(job, Job.State.FAILED, error)
        return error
    finish(job, Job.State.DONE)
    return None


def require_held(job: Job) -> None:
    """LeaseLost when another process took the job up; to be called in the transaction that makes its work visible."""
    leased = Job.objects.select_for_update().filter(pk=job.pk, state=Job.State.RUNNING, holder=job.holder)
    if not leased.exists():
        raise LeaseLost


def finish(job: Job, state: Job.State, error: ParvisError | None = None) -> bool:
    """End a job that still is in the state and hands this process last saw it in, and tell its kind; False when it is not."""
    row = error_row(error) if error else None
    with transaction.atomic():
        same = Job.objects.filter(pk=job.pk, state=job.state, holder=job.holder)
        if not same.update(state=state, error=row, finished=timezone.now(), holder=""):
            return False
        job.refresh_from_db()
        kind = kinds().get(job.kind)
        if kind and kind.ended:
            kind.ended(job)
    return True


def give_back(job: Job) -> None:
    """Put a running job back in the queue without counting the attempt."""
    with transaction.atomic():
        same = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, holder=job.holder)
        if same.update(state=Job.State.QUEUED, holder="", attempts=max(job.attempts - 1, 0)):
            send(job)


def send(job: Job, after: datetime | None = None) -> None:
    """Give the queue a message to run this job, not before ``after``; part of the caller's transaction."""
    kind = kinds()[job.kind]
    run_job.using(queue_name=kind.queue, priority=kind.priority, run_after=after).enqueue(job.pk)


@task
def run_job(key: int) -> None:
    """What the queue runs: the job of that key, unless another process did or does; safe to be sent twice."""
    job = claim(key)
    if job is not None:
        with ended_when_still(patience(job)):
            run(job)


class _Watch:
    """Seconds after which this process ends when its job stands still; 0 when it does not."""

    seconds = 0


def patience(job: Job) -> int:
    """Seconds that a job may stand still: a third of what heavy ones may for those of the queue of mails and small work."""
    seconds: int = settings.PARVIS["PARVIS_JOB_STALLED_SECONDS"]
    kind = kinds().get(job.kind)
    return seconds if kind and kind.queue == "heavy" else max(1, seconds // 3)


@contextmanager
def ended_when_still(seconds: int) -> Iterator[None]:
    """End this process when the job in hand does not move for so long; the reaper takes the job up.

    It is a thread of the C library that watches: one in Python would not run while a regular expression or a library holds the
    interpreter's lock. It writes to the log where the job stood.
    """
    _Watch.seconds = seconds
    still_moving()
    try:
        yield
    finally:
        _Watch.seconds = 0
        faulthandler.cancel_dump_traceback_later()


def still_moving() -> None:
    """Tell the watch that the job moves."""
    if _Watch.seconds:
        faulthandler.dump_traceback_later(_Watch.seconds, exit=True, file=sys.__stderr__)


@contextmanager
def beating() -> Iterator[None]:
    """Keep alive the jobs this process holds, even while their work is one long statement."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(over, this_process()), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(over: threading.Event, holder: str) -> None:
    while not over.wait(BEAT_SECONDS):
        try:
            Job.objects.filter(state=Job.State.RUNNING, holder=holder).update(heartbeat=timezone.now())
        except OperationalError as error:
            logger.warning("heartbeat not written: %s", error)
    connection.close()
