"""Reading events: those of some days, those that look the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from parvis.core.calendars.duplicates import Pair, duplicate_pairs
from parvis.core.errors import ParvisError
from parvis.domains.agenda.models import DistinctPair, Event, EventDay
from parvis.domains.agenda.rules import event_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.records.selectors import managed_by

MOST_COMPARED = 10_000


def between(query: QuerySet[Event], start: datetime, end: datetime) -> QuerySet[Event]:
    """The events of the days from ``start`` to ``end`` (excluded), and those of the night before that still go on."""
    first, last = timezone.localtime(start).date(), timezone.localtime(end - timedelta(microseconds=1)).date()
    still = max(start, timezone.now())
    on = Q(day__gte=first, day__lte=last) | Q(day=first - timedelta(days=1), end__gt=still, all_day=False)
    return query.filter(pk__in=EventDay.objects.filter(on).values("event"))


def next_days(events: Sequence[Event], first: date, last: date | None = None) -> dict[int, list[EventDay]]:
    """The days of these events from ``first`` to ``last``, by event, in one query."""
    days = EventDay.objects.filter(event__in=[event.pk for event in events], day__gte=first)
    by_event: dict[int, list[EventDay]] = {}
    for day in days if last is None else days.filter(day__lte=last):
        by_event.setdefault(day.event_id, []).append(day)
    return by_event


def as_calendars(events: Iterable[Event]) -> Iterable[Any]:
    """The events in the words of calendars, those whose dates make no sense left out."""
    for event in events:
        try:
            yield event_of(event)
        except ParvisError:
            continue


def next_starts(now: datetime) -> dict[int, datetime]:
    """By event, when it is next or has begun and is not over."""
    rows = EventDay.objects.filter(end__gt=now).values("event").annotate(next=Min("start"))
    return {row["event"]: row["next"] for row in rows}


def look_alikes(actor: Actor) -> list[tuple[Event, Event, Pair]]:
    """The pairs of events to come that may be one, of those that the actor may change; the surest first."""
    events = {
        event.uid: event
        for event in managed_by(Event, actor)
        .filter(next_start__isnull=False)
        .prefetch_related("timings")[:MOST_COMPARED]
    }
    distinct = set(DistinctPair.objects.values_list("first", "second"))
    pairs = duplicate_pairs(as_calendars(events.values()), timezone.now())
    rows = ((events[pair.first], events[pair.second], pair) for pair in pairs)
    return [row for row in rows if not distinct & {(row[0].pk, row[1].pk), (row[1].pk, row[0].pk)}]
