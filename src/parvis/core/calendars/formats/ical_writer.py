"""Events as an iCalendar (RFC 5545, 7986) that Outlook, Google, Apple and Thunderbird subscribe to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar

from parvis.core.calendars.events import Event, Override, Schedule, State, Timing


def write(events: Sequence[Event], name: str, now: datetime, refresh: timedelta = timedelta(hours=6)) -> bytes:
    """A calendar of ``events``, called ``name``, that its readers ask again after ``refresh``; ``now`` is its stamp."""
    calendar = icalendar.Calendar()
    for key, value in (
        ("prodid", "-//Parvis//Agenda//FR"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("name", icalendar.vText(name)),
        ("x-wr-calname", icalendar.vText(name)),  # as text, which escapes commas
    ):
        calendar.add(key, value)
    calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(refresh))
    for event in events:
        for component in components_of(event, now):
            calendar.add_component(component)
    years = [timing.start.year for event in events for timing in event.schedule.timings] or [now.year]
    calendar.add_missing_timezones(first_date=date(min(years) - 1, 1, 1), last_date=date(max(years) + 10, 1, 1))
    return bytes(calendar.to_ical())


def components_of(event: Event, now: datetime) -> list[icalendar.Event]:
    """The VEVENT of an event, then those of its overrides; none when it has no date."""
    schedule = event.schedule
    if not schedule.timings:
        return []
    first, *others = schedule.timings
    master = _written(event, first, event.state, now)
    if schedule.rule:
        master.add("rrule", _rule(schedule, first))
    for other in others:
        master.add("rdate", [_span(schedule, other)[0]])
    for moment in schedule.exceptions:
        master.add("exdate", moment.date() if first.all_day else _there(schedule, moment))
    components = [master]
    # Few calendars know periods in RDATE: a date that lasts otherwise than the first one overrides itself.
    longer = [Override(other.start, other, event.state) for other in others if _lasts(other) != _lasts(first)]
    for override in (*longer, *schedule.overrides):
        titled = replace(event, title=override.title or event.title)
        component = _written(titled, override.timing, override.state, now)
        replaced = override.replaces.date() if first.all_day else _there(schedule, override.replaces)
        component.add("recurrence-id", replaced, parameters={"RANGE": "THISANDFUTURE"} if override.following else {})
        components.append(component)
    return components


def _written(event: Event, timing: Timing, state: State, now: datetime) -> icalendar.Event:
    component = icalendar.Event()
    begin, finish = _span(event.schedule, timing)
    place = event.place
    lines = [event.summary, event.description, event.conditions]
    for key, value in (
        ("uid", event.uid),
        ("dtstamp", now.astimezone(UTC)),
        ("dtstart", begin),
        ("dtend", finish),
        ("summary", event.title),
        ("description", "\n\n".join(filter(None, lines))),
        ("location", ", ".join(filter(None, (place.name, place.address))) if place else ""),
        ("url", event.address),
        ("categories", list(event.keywords)),
        ("status", "CANCELLED" if state is State.CANCELLED else "CONFIRMED"),
        ("sequence", event.sequence),
        ("last-modified", event.updated),
    ):
        if value not in ("", [], None):
            component.add(key, value)
    if place and place.latitude is not None and place.longitude is not None:
        component.add("geo", (place.latitude, place.longitude))
    if event.picture:
        component.add("image", event.picture.address, parameters={"VALUE": "URI", "DISPLAY": "BADGE"})
    if event.online_address:
        component.add("conference", event.online_address, parameters={"VALUE": "URI"})
    return component


def _lasts(timing: Timing) -> timedelta:
    return timing.end - timing.start


def _span(schedule: Schedule, timing: Timing) -> tuple[date, date]:
    if timing.all_day:
        return timing.start.date(), timing.end.date()
    return _there(schedule, timing.start), _there(schedule, timing.end)


def _there(schedule: Schedule, moment: datetime) -> datetime:
    """``moment`` in the zone that the rule follows, else on the clocks of the place: without its zone it would be that of the reader."""
    if schedule.rule_zone:
        aware = moment if moment.tzinfo else schedule.local(moment)
        return aware.astimezone(UTC if schedule.rule_zone == "UTC" else ZoneInfo(schedule.rule_zone))
    return schedule.local(moment)


def _rule(schedule: Schedule, first: Timing) -> icalendar.vRecur:
    """The rule, its end in UTC as the standard asks beside times that have a zone, a day beside whole days."""
    rule: icalendar.vRecur = icalendar.vRecur.from_ical(schedule.rule)
    if until := rule.get("UNTIL"):
        last = until[0]
        if first.all_day:
            last = last.date() if isinstance(last, datetime) else last
        elif not isinstance(last, datetime) or last.tzinfo is None:
            moment = last if isinstance(last, datetime) else datetime.combine(last, time(23, 59, 59))
            last = _there(schedule, moment).astimezone(UTC)
        rule["UNTIL"] = [last]
    return rule
