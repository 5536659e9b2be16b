"""The events of the demonstration."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from parvis.core.calendars.events import Event
from parvis.core.calendars.files import read_file
from parvis.domains.agenda.models import Event as Row
from parvis.domains.agenda.services import write_event
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.publications.declaration import portal_publisher
from parvis.hub.records.services import publish
from parvis.packs.bundled_files import demo_rows

WEEKS = 12
"""Weeks over which the events of the pack are spread."""


def load_demo() -> None:
    """Write and publish those that are missing, for the publisher of the portal."""
    owner = portal_publisher()
    if owner is None:
        return
    existing_uids = set(Row.objects.values_list("uid", flat=True))
    pack = json.dumps(demo_rows("agenda")).encode()
    for rank, event in enumerate(read_file(pack, "agenda.json", "openagenda").events):
        if event.uid not in existing_uids:
            publish(OPERATOR, write_event(OPERATOR, owner, brought_near(event, timezone.localdate(), rank)))


def brought_near(event: Event, today: date, rank: int) -> Event:
    """A real event whose dates are moved by whole weeks to the months that come, and which says so: those of the pack are past."""
    first = min((timing.start.date() for timing in event.schedule.timings), default=today)
    weeks = timedelta(weeks=(today - first).days // 7 + 1 + rank % WEEKS)
    timings = tuple(
        replace(timing, start=timing.start + weeks, end=timing.end + weeks) for timing in event.schedule.timings
    )
    note = f"Démonstration : cet événement a eu lieu en {first.year} ; ses dates ont été déplacées."
    return replace(
        event,
        schedule=replace(event.schedule, timings=timings),
        description=f"{event.description}\n\n{note}".strip(),
    )
