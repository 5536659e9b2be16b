"""What jobs do here; safe to run twice."""

from __future__ import annotations

import time

from django.db import transaction
from django.utils import timezone

from parvis.core.progress import Progress
from parvis.hub.accounts.rules import Actor
from parvis.hub.harvesting.hooks import begin_by_call
from parvis.hub.harvesting.models import Run, Source
from parvis.hub.harvesting.notices import tell_failing
from parvis.hub.harvesting.rules import LONGEST_HERE, SLICE_SECONDS, AlreadyRunning, State, Trigger
from parvis.hub.harvesting.runs import advance, begin, due_again, end, send_to_worker
from parvis.hub.harvesting.selectors import hooks_waiting
from parvis.hub.jobs.rules import JobContext


def read_source(context: JobContext, run: int) -> None:
    """Read a source for a while, then leave the worker to what waits; the rest is another job."""
    row = Run.objects.select_related("source__organisation").filter(pk=run).first()
    if row is None:
        return
    Run.objects.filter(pk=row.pk).update(job=context.job)  # whose death is the run's
    actor = harvester(row.source)
    if context.job.in_place:
        _to_the_end(row, actor, context.progress)
    elif (moment := advance(row, actor, context.progress, seconds=SLICE_SECONDS)) is not None:
        with transaction.atomic():
            latest = Run.objects.select_for_update().filter(pk=row.pk, state=State.RUNNING).first()
            if latest is not None and latest.stop_requested:
                end(latest, State.STOPPED)
            elif latest is not None:
                send_to_worker(row, moment if moment > timezone.now() else None)
    row.refresh_from_db()
    if row.state == State.FAILED:
        tell_failing(row)


def begin_due(context: JobContext, due: str) -> None:
    """Begin a run of each source whose moment has come, and say when the next one is; and of those that changed during a run."""
    now = timezone.now()
    for hook in hooks_waiting().select_related("source"):
        begin_by_call(hook)
    for source in Source.objects.filter(active=True, next_run__lte=now):
        with transaction.atomic():
            following = due_again(source, now)
            # Two workers at once: one of them moves the moment, and begins.
            if not Source.objects.filter(pk=source.pk, next_run=source.next_run).update(next_run=following):
                continue
            try:
                with transaction.atomic():
                    run = begin(source, Trigger.SCHEDULE)
            except AlreadyRunning:
                continue  # the one under way will do
            send_to_worker(run)


def harvester(source: Source) -> Actor:
    """In whose name datasets are written: rights were asked for when the source was set."""
    return Actor(f"moissonnage « {source.title} »"[:200], everything=True)


def _to_the_end(run: Run, actor: Actor, progress: Progress) -> None:
    """In a command: wait when the server wants it, and leave what would wait for long to the workers."""
    while (moment := advance(run, actor, progress, seconds=None)) is not None:
        if moment > timezone.now() + LONGEST_HERE:
            with transaction.atomic():
                send_to_worker(run, moment)
            return
        Run.objects.filter(pk=run.pk).update(resumes=moment)
        while timezone.now() < moment and not Run.objects.filter(pk=run.pk, stop_requested=True).exists():
            progress("wait", 0)
            time.sleep(0.2)
        Run.objects.filter(pk=run.pk).update(resumes=None)
