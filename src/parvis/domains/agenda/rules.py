"""An event as a row and as calendars say it, and the days on which it happens: pure, but for the columns of ``models.Event``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parvis.core.calendars import events as calendars
from parvis.core.calendars.recurrence import Occurrence, planned
from parvis.core.errors import ParvisError, stored_error
from parvis.core.translation import recorded

if TYPE_CHECKING:
    from parvis.domains.agenda.models import Event

LONGEST_STAY = 400
"""Days of one occurrence that are listed one by one: a permanent exhibition is in every list for a year."""
WHEEL = "mi"
"""OpenAgenda's code for what somebody in a wheelchair can reach."""
_TEXTS = ("summary", "conditions", "audience", "organiser", "series", "online_address")
_PLACE = ("address", "postcode", "city", "commune", "latitude", "longitude")
_ASIDE = ("age_min", "age_max", "keywords", "translations", "picture", "sequence")


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an event: a long one has as many as it lasts."""

    day: date
    start: datetime
    end: datetime
    all_day: bool


@dataclass(frozen=True, slots=True)
class Once:
    """One date of an event, however many days it lasts."""

    start: datetime
    end: datetime
    all_day: bool
    last_day: date


def report_words(report: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The report of a reading, what it says told in ``language``: ``error``, ``refused``, and ``problems`` with where each is.

    Older readings kept their sentences as a text, or in French and in English.
    """
    error = report.get("error")
    refused = [
        row if isinstance(row, str) else f"{row[0]} : {recorded(row[1], language)}" for row in report.get("refused", ())
    ]
    return {
        **report,
        "error": recorded(_pair(error), language) if isinstance(error, list) else stored_error(error, language)[0],
        "refused": refused,
        "problems": [
            (where, recorded(_pair(texts) if len(texts) == 2 else texts[0], language))
            for where, *texts in report.get("problems", ())
        ],
    }


def _pair(texts: list[str]) -> dict[str, str]:
    return dict(zip(("fr", "en"), texts, strict=True))


def event_of(row: Event) -> calendars.Event:
    """The row in the words of calendars; BadEvent when its dates make no sense."""
    clocks, is_moment = ZoneInfo(row.zone), bool(row.more_dates.get("rule_zone"))
    schedule = {
        **row.more_dates,
        "zone": row.zone,
        "rule": row.rule,
        "timings": [_timing(timing, clocks, is_moment) for timing in row.timings.all()],
    }
    place = {name: getattr(row, name) for name in _PLACE} | {"name": row.venue, "accessibility": row.accessibility}
    facts = {
        **row.others,
        **{name: getattr(row, name) for name in _TEXTS},
        "uid": row.uid,
        "title": row.title,
        "description": row.text,
        "schedule": schedule,
        "place": place if any(place.values()) else None,
        "mode": row.mode,
        "state": row.state,
        "free": row.is_free,
        "languages": row.languages,
        "registration": row.registration,
        "address": row.website,
        "updated": row.modified,
        "sources": row.sources,
    }
    return calendars.Event.from_dict(facts)


def _timing(timing: Any, clocks: ZoneInfo, is_moment: bool) -> dict[str, Any]:
    """As the clocks of the place say it: a class of Monday at 18:00 stays at 18:00 whatever the season. A rule on other clocks
    starts from a moment instead, and so keeps its zone."""
    start, end = (moment.astimezone(clocks) for moment in (timing.start, timing.end))
    if timing.all_day or not is_moment:
        start, end = start.replace(tzinfo=None), end.replace(tzinfo=None)
    return {"start": start, "end": end, "all_day": timing.all_day}


def as_stored(event: calendars.Event) -> calendars.Event:
    """The event as ``event_of`` gives it back once it is a row: what a source says is compared with rows, and a time with its
    zone would never equal the same time on the clocks of the place."""
    schedule = event.schedule
    if schedule.rule_zone:
        return event
    timings = tuple(
        replace(
            timing,
            start=schedule.local(timing.start).replace(tzinfo=None),
            end=schedule.local(timing.end).replace(tzinfo=None),
        )
        for timing in schedule.timings
    )
    return replace(event, schedule=replace(schedule, timings=timings))


def columns_of(event: calendars.Event) -> dict[str, Any]:
    """The columns of a row that says the same, but for its timings."""
    facts = event.to_dict()
    place = facts["place"] or {}
    schedule = {
        name: value for name, value in facts["schedule"].items() if name in ("rule_zone", "exceptions", "overrides")
    }
    return {
        **{name: facts[name] for name in _TEXTS},
        **{name: place.get(name) for name in _PLACE if name in ("latitude", "longitude")},
        **{name: place.get(name) or "" for name in _PLACE if name not in ("latitude", "longitude")},
        "venue": place.get("name") or "",
        "accessibility": place.get("accessibility") or [],
        "is_accessible": WHEEL in (place.get("accessibility") or ()),
        "title": facts["title"],
        "text": facts["description"],
        "mode": facts["mode"],
        "state": facts["state"],
        "is_free": facts["free"],
        "languages": facts["languages"],
        "registration": facts["registration"],
        "website": facts["address"],
        "theme": next(iter(facts["keywords"]), "")[:120],
        "zone": facts["schedule"]["zone"],
        "rule": facts["schedule"]["rule"],
        "more_dates": schedule,
        "others": {name: facts[name] for name in _ASIDE},
        "sources": facts["sources"],
    }


def days_of(event: calendars.Event, now: datetime) -> Iterator[Day]:
    """Each day on which it happens, from a year before ``now`` to two years after for what repeats."""
    try:
        dates = planned(event, now)
    except ParvisError:
        return  # a rule that cannot be followed so far: the event has its page, and no date in lists
    for occurrence in dates:
        yield from _days(occurrence)


def _days(occurrence: Occurrence) -> Iterator[Day]:
    last = min(occurrence.last_day, occurrence.day + timedelta(days=LONGEST_STAY))
    day = occurrence.day
    while day <= last:
        yield Day(day, occurrence.start, occurrence.end, occurrence.all_day)
        day += timedelta(days=1)


def merged_sources(first: calendars.Event, second: calendars.Event) -> calendars.Event:
    """The first of two events that are one, with the sources of both."""
    by_key = {(source.name, source.identifier): source for source in (*second.sources, *first.sources)}
    return replace(first, sources=tuple(by_key.values()))


def events_of_source(source: str, facts_by_identifier: Mapping[str, Any]) -> dict[str, calendars.Event]:
    """What a source said last time, by identifier, those that can still be read."""
    events = {}
    for identifier, facts in facts_by_identifier.items():
        try:
            events[identifier] = calendars.Event.from_dict(facts)
        except ParvisError:
            continue  # written by a former version: what it said is compared again from nothing
    return events
