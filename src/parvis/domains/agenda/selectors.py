"""Reading events: those of some days, those that look the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from math import cos, radians
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, FloatField, Max, Min, Q, QuerySet
from django.utils import timezone

from parvis.core.calendars.duplicates import Pair, duplicate_pairs
from parvis.core.errors import ParvisError
from parvis.core.text import fold
from parvis.domains.agenda.models import DistinctPair, Event, EventDay
from parvis.domains.agenda.rules import Once, event_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations
from parvis.hub.caches import fresh
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import managed_by
from parvis.hub.territories.selectors import Kind, communes_of, territories

MOST_COMPARED = 10_000
KILOMETRES = 111.32
"""Of a degree of latitude."""


def between(query: QuerySet[Event], start: datetime, end: datetime) -> QuerySet[Event]:
    """The events of the days from ``start`` to ``end`` (excluded), and those of the night before that still go on."""
    first, last = timezone.localtime(start).date(), timezone.localtime(end - timedelta(microseconds=1)).date()
    still = max(start, timezone.now())
    on = Q(day__gte=first, day__lte=last) | Q(day=first - timedelta(days=1), end__gt=still, all_day=False)
    return query.filter(pk__in=EventDay.objects.filter(on).values("event"))


def near(query: QuerySet[Event], latitude: float, longitude: float, kilometres: float) -> QuerySet[Event]:
    """The events whose place is within some kilometres of a point, on a map that is flat so far."""
    reach, shrink = kilometres / KILOMETRES, max(cos(radians(latitude)), 0.01)
    east, north = F("longitude") - longitude, F("latitude") - latitude
    square = ExpressionWrapper(north * north + east * east * shrink**2, output_field=FloatField())
    box = {
        "latitude__range": (latitude - reach, latitude + reach),
        "longitude__range": (longitude - reach / shrink, longitude + reach / shrink),
    }
    return query.filter(**box).alias(square=square).filter(square__lte=reach**2)


def dates_between(query: QuerySet[Event], start: datetime, end: datetime, most: int) -> list[tuple[int, date, Once]]:
    """The dates of events that are not over, with the first of their days from ``start`` to ``end`` (excluded), in order."""
    first, last = timezone.localtime(start).date(), timezone.localtime(end - timedelta(microseconds=1)).date()
    days = EventDay.objects.filter(
        event__in=query.order_by().values("pk"), day__gte=first, day__lte=last, end__gt=timezone.now()
    )
    rows = days.order_by().values_list("event", "start", "end", "all_day").annotate(first=Min("day"), last=Max("day"))
    return [
        (key, day, Once(begin, finish, all_day, last_day))
        for key, begin, finish, all_day, day, last_day in rows.order_by("first", "start", "event")[:most]
    ]


def dates_of(event: Event) -> list[Once]:
    """Its dates, past ones too, in order."""
    return [once for _key, once in _dates(EventDay.objects.filter(event=event))]


def next_dates(events: Sequence[Event], now: datetime) -> dict[int, tuple[Once, int]]:
    """By event, the date that goes on or comes next, and how many follow; in two queries, which read one row an event."""
    days = EventDay.objects.filter(event__in=[event.pk for event in events], end__gt=now).order_by()
    counts = {
        key: (start, number - 1)
        for key, start, number in days.values_list("event").annotate(Min("start"), Count("start", distinct=True))
    }
    starts = {start for start, _others in counts.values()}
    first_ones = reversed(_dates(days.filter(start__in=starts)))  # of two that start together, the one that ends first
    return {key: (once, counts[key][1]) for key, once in first_ones if once.start == counts[key][0]}


def _dates(days: QuerySet[EventDay]) -> list[tuple[int, Once]]:
    columns = ("event", "start", "end", "all_day")
    rows = days.order_by("start", "end").values_list(*columns).annotate(last=Max("day"))
    return [(key, Once(*facts)) for key, *facts in rows]


def as_calendars(events: Iterable[Event]) -> Iterable[Any]:
    """The events in the words of calendars, those whose dates make no sense left out."""
    for event in events:
        try:
            yield event_of(event)
        except ParvisError:
            continue


def begun(now: datetime) -> QuerySet[Event]:
    """The events online whose next date has begun: the only ones of which it may have changed."""
    return Event.objects.filter(status=Status.PUBLISHED, next_start__lte=now)


def next_starts(events: QuerySet[Event], now: datetime) -> dict[int, datetime]:
    """By event, when it is next or has begun and is not over."""
    rows = EventDay.objects.filter(event__in=events, end__gt=now).order_by().values("event").annotate(next=Min("start"))
    return {row["event"]: row["next"] for row in rows}


@fresh()
def commune_called(name: str, postcode: str, organisation: int) -> str:
    """The code of the only commune of that name: with that postcode, else in the territory of the organisation; or nothing."""
    communes = territories(Kind.COMMUNE).filter(folded=fold(name))
    if postcode:
        communes = communes.filter(postcodes__icontains=f'"{postcode}"')
    codes = list(communes.values_list("code", flat=True)[:50])
    if len(codes) > 1:
        own = territories().filter(pk__in=organisations().filter(pk=organisation).values("territory")).first()
        near = communes_of(own).filter(code__in=codes) if own is not None else territories().none()
        codes = list(near.values_list("code", flat=True))
    return codes[0] if len(codes) == 1 else ""


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
