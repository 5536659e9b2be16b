"""What jobs do with the agenda; safe to run twice."""

from __future__ import annotations

from parvis.domains.agenda.kinds import READ
from parvis.domains.agenda.models import EventSource
from parvis.domains.agenda.services import measure_tables, read_source, turn_the_hour, turn_the_year
from parvis.hub.jobs.rules import JobContext
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.records.rules import Status


def read(context: JobContext, source: int) -> None:
    """Read a source, unless it was removed meanwhile."""
    row = EventSource.objects.select_related("organisation").filter(pk=source).first()
    if row is not None:
        read_source(context.actor, row, context.progress)


def turn(context: JobContext, due: str) -> None:
    """Say again when each event is next, since one of them is over."""
    turn_the_hour()


def morning(context: JobContext, day: str) -> None:
    """Move the window of what repeats, then ask for every source that is online to be read, each by itself."""
    turn_the_year()
    measure_tables()
    for key in EventSource.objects.filter(status=Status.PUBLISHED).values_list("pk", flat=True):
        enqueue_once(context.actor, READ, f"{key} {day}", source=key)
