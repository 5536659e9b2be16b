"""Writing events: the days that follow from their dates, calendars read again, two that are one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import F, Min
from django.utils import timezone

from parvis.core.calendars import events as calendars
from parvis.core.calendars.files import LARGEST, SECONDS, read_file
from parvis.core.calendars.three_way_merge import Update, update
from parvis.core.children import call
from parvis.core.errors import NotFound, ParvisError, error_row
from parvis.core.fetching import fetch
from parvis.core.progress import Progress, no_progress
from parvis.domains.agenda.models import DistinctPair, Event, EventDay, EventSource, EventTiming
from parvis.domains.agenda.rules import as_stored, columns_of, days_of, event_of, events_of_source, merged_sources
from parvis.domains.agenda.selectors import begun, commune_called, next_starts
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.datastore.confined import confined
from parvis.hub.records import services as records
from parvis.hub.records.rules import Status
from parvis.hub.territories.selectors import Kind, by_code

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation

CHANGES_OF_WHAT_IS_SEEN = frozenset({"publish", "unpublish", "scheduled", "retire", "archive", "delete"})
"""Acts after which an event is seen otherwise; « scheduled » is what was to be put online, or withdrawn, at a given moment."""
MOST_TOLD = 50
"""Problems of a reading that are kept."""


def write_event(actor: Actor, organisation: Organisation, event: calendars.Event, row: Event | None = None) -> Event:
    """Keep an event in the words of calendars: a new draft, or what ``row`` says from now on."""
    columns, schedule = columns_of(event), event.schedule
    timings = [
        EventTiming(start=schedule.local(timing.start), end=schedule.local(timing.end), all_day=timing.all_day)
        for timing in schedule.timings
    ]
    if row is None:
        uid = event.uid if event.uid and not Event.objects.filter(uid=event.uid).exists() else str(uuid4())
        row = Event(organisation=organisation, uid=uid, **columns)
        row.timings = timings
        return records.create(actor, placed(row))
    if row.theme and tuple(row.others.get("keywords", ())) == event.keywords:
        del columns["theme"]  # chosen here, and the words that the source gives are the same
    row.timings = timings
    for name, value in columns.items():
        setattr(row, name, value)
    return records.update(actor, placed(row), {"sources": columns["sources"]}, revision=row.revision)


def placed(row: Event) -> Event:
    """The row, its territory the commune whose code it has, or the only one of that name and postcode near its organisation."""
    if not row.commune and row.city:
        row.commune = commune_called(row.city, row.postcode, row.organisation_id)
    if row.commune:
        with contextlib.suppress(NotFound):
            row.territory = by_code(Kind.COMMUNE, row.commune)
    return row


def record_changed(sender: type[Any], record: Event, act: str, **_rest: Any) -> None:
    """Write the days of an event that anybody may see now, none of one that nobody may."""
    if act in CHANGES_OF_WHAT_IS_SEEN:
        with transaction.atomic():
            EventDay.objects.filter(event=record.pk).delete()
            if record.live:
                write_days([record])


def write_days(events: Iterable[Event]) -> None:
    """Their days as of now, and when each is next."""
    now = timezone.now()
    for event in events:
        days = list(days_of(event_of(event), now))
        EventDay.objects.bulk_create(
            [EventDay(event=event, day=day.day, start=day.start, end=day.end, all_day=day.all_day) for day in days],
            batch_size=1_000,
        )
        coming = min((day.start for day in days if day.end > now), default=None)
        Event.objects.filter(pk=event.pk).update(next_start=coming)


def next_change() -> datetime | None:
    """When the first of the dates that go on now is over; those that have not begun are for later."""
    shown = EventDay.objects.filter(start=F("event__next_start"), event__in=begun(timezone.now()))
    return shown.aggregate(first=Min("end"))["first"]


def turn_the_hour() -> int:
    """Say again when each event that has begun is next; how many changed. The others are as they were."""
    now, count = timezone.now(), 0
    events = begun(now)
    coming = next_starts(events, now)
    for key, before in list(events.values_list("pk", "next_start")):
        if coming.get(key) != before:
            count += Event.objects.filter(pk=key).update(next_start=coming.get(key))
    return count


def turn_the_year() -> None:
    """Write again the days of what repeats: its window moves with the date."""
    for event in (
        Event.objects.filter(status=Status.PUBLISHED).exclude(rule="").prefetch_related("timings").iterator(100)
    ):
        with transaction.atomic():
            EventDay.objects.filter(event=event).delete()
            write_days([event])


def measure_tables() -> None:
    """Have SQLite know how rows are spread, in a tenth of a second: without, it takes « published » for the rarest of conditions and
    reads a hundred thousand events in order to give those of a day. PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            for model in (Event, EventDay):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def read_source(actor: Actor, source: EventSource, progress: Progress = no_progress) -> dict[str, Any]:
    """Read a calendar again; what was edited here stays, what it no longer says is told. The report that is kept."""
    require(actor, "edit", source.organisation_id, f"lire « {source.title} »")
    try:
        reading = _read(source, progress)
        result, facts_by_identifier = _merge(actor, source, [as_stored(event) for event in reading.events])
        report = {**result, "problems": [[row.where, row.sentence.to_json()] for row in reading.problems[:MOST_TOLD]]}
    except ParvisError as error:
        report, facts_by_identifier = {"error": error_row(error)}, source.said
    source.read_at, source.report, source.said = timezone.now(), report, facts_by_identifier
    EventSource.objects.filter(pk=source.pk).update(read_at=source.read_at, report=report, said=facts_by_identifier)
    return report


def _read(source: EventSource, progress: Progress) -> Any:
    with confined(source.title, seconds=SECONDS) as (folder, permits):
        path = folder / "calendar"
        fetch(source.location, path, max_bytes=LARGEST, progress=progress)
        return call(read_file, path.read_bytes(), source.title, source.slug, permits=permits)


def _merge(actor: Actor, source: EventSource, read: list[calendars.Event]) -> tuple[dict[str, Any], dict[str, Any]]:
    rows = {
        row.uid: row
        for row in Event.objects.filter(organisation=source.organisation_id, sources__icontains=f'"{source.slug}"')
        .prefetch_related("timings")
        .select_related("organisation")
    }
    here = [event_of(row) for row in rows.values()]
    outcome: Update = update(source.slug, events_of_source(source.slug, source.said), read, here)
    refused: list[list[Any]] = []
    for event in outcome.added:
        _keep(actor, source, event, None, refused)
    for merged in outcome.merged:
        if merged.taken:
            _keep(actor, source, merged.event, rows[merged.event.uid], refused)
    counts = {
        "added": len(outcome.added),
        "changed": sum(bool(merged.taken) for merged in outcome.merged),
        "conflicts": [rows[merged.event.uid].slug for merged in outcome.merged if merged.conflicts][:MOST_TOLD],
        "unchanged": outcome.unchanged,
        "missing": list(outcome.missing)[:MOST_TOLD],
        "removed": len(outcome.removed),
        "refused": refused[:MOST_TOLD],
    }
    facts_by_identifier = {_identifier(event, source.slug): event.to_dict() for event in read}
    return counts, facts_by_identifier


def _keep(
    actor: Actor, source: EventSource, event: calendars.Event, row: Event | None, refused: list[list[Any]]
) -> None:
    if row is None and _was_added(source, event):
        return  # by another reading of the same source, at the same time
    try:
        written = write_event(actor, source.organisation, event, row)
        if row is None and source.publishes:
            records.publish(actor, written)
    except ParvisError as error:
        refused.append([event.title[:80], error.sentences()[0].to_json()])


def _was_added(source: EventSource, event: calendars.Event) -> bool:
    row = Event.objects.filter(uid=event.uid, organisation=source.organisation_id).first()
    mine = (source.slug, _identifier(event, source.slug))
    return row is not None and mine in {(known["name"], known["identifier"]) for known in row.sources}


def _identifier(event: calendars.Event, source: str) -> str:
    return next((row.identifier for row in event.sources if row.name == source), event.uid)


def merge_events(actor: Actor, target: Event, other: Event) -> Event:
    """One event of two: the first, with the sources of both; the other is removed, and its address leads to the first."""
    require(actor, "publish", target.organisation_id, f"réunir « {target.title} » et un autre événement")
    with transaction.atomic():
        if Event.objects.select_for_update().filter(pk__in=[target.pk, other.pk]).count() < 2:
            raise NotFound(name=other.slug)  # somebody else has just made one of them
        joined = merged_sources(event_of(target), event_of(other))
        Event.objects.filter(pk=target.pk).update(sources=joined.to_dict()["sources"])
        records.absorb(actor, target, other)
    target.refresh_from_db()
    return target


def tell_apart(actor: Actor, first: Event, second: Event) -> None:
    """Note that two events that look the same are not."""
    for row in (first, second):
        require(actor, "edit", row.organisation_id, f"distinguer « {row.title} » d’un autre événement")
    DistinctPair.objects.get_or_create(first=first, second=second)
