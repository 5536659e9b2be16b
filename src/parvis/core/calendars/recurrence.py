"""When an event happens: its occurrences in a window, by recurring-ical-events, on the clocks of the place.

Everything is handed to the library in local time without a zone, and put on the clocks afterwards: a class of Monday at 18:00
stays at 18:00 whatever the season, exceptions in UTC meet the occurrences they except, and no zone of a stranger is followed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from parvis.core.calendars.errors import BadRecurrence
from parvis.core.calendars.events import MOST_TIMINGS, YEARS, Event, Override, Schedule, State, Timing
from parvis.core.calendars.rules import cut_rule

MOST: Final = 1_000
NIGHT: Final = timedelta(hours=6)
"""What ends before six in the morning belongs to the evening before."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Once of an event, from ``start`` to ``end``, excluded, on the clocks of the place; ``title`` is empty when it is the event's."""

    start: datetime
    end: datetime
    all_day: bool = False
    state: State = State.SCHEDULED
    title: str = ""

    @property
    def day(self) -> date:
        """The day it belongs to: a party from 22:00 to 03:00 is of the day it starts."""
        return self.start.date()

    @property
    def last_day(self) -> date:
        """The last day it belongs to."""
        end = self.end - timedelta(microseconds=1) if self.all_day else self.end - NIGHT
        return max(self.day, end.date())

    def is_on(self, day: date) -> bool:
        """Whether it belongs to ``day``."""
        return self.day <= day <= self.last_day

    def is_today(self, now: datetime) -> bool:
        """Whether it is of the day that it is at ``now``, or still goes on: the party of last night, at 01:00."""
        here = now.astimezone(self.start.tzinfo)
        return self.is_on(here.date()) or self.start <= here < self.end


def occurrences(event: Event, start: datetime, end: datetime, most: int = MOST) -> list[Occurrence]:
    """Those that touch the time from ``start`` to ``end``, excluded (both with a zone), in order, ``most`` at most.

    BadRecurrence when following the rule so far takes too long.
    """
    schedule = event.schedule
    if schedule.timings and (schedule.rule or schedule.exceptions or schedule.overrides):
        every = _followed(event, start, end)
    else:
        every = [_occurrence(schedule, timing, event.state) for timing in schedule.timings]
    inside = (one for one in every if one.start < end and (one.end > start or one.end == one.start >= start))
    return sorted(inside, key=lambda one: (one.start, one.end))[:most]


def planned(event: Event, now: datetime) -> list[Occurrence]:
    """All its dates; those of a rule from a year before ``now`` to two years after."""
    if event.schedule.rule:
        return occurrences(event, now - 366 * _DAY, now + 731 * _DAY)
    first, last = (datetime(year, 1, 2, tzinfo=UTC) for year in (YEARS.start, YEARS.stop))
    return occurrences(event, first, last, MOST_TIMINGS)


def next_occurrence(event: Event, now: datetime, within: timedelta = timedelta(days=400)) -> Occurrence | None:
    """The one that goes on at ``now``, or the next; None when there is none so soon."""
    return next(iter(occurrences(event, now, now + within, most=1)), None)


def today(events: Iterable[Event], now: datetime) -> list[tuple[Event, Occurrence]]:
    """What is of the day of ``now``, or still goes on, by the hour; whole days first."""
    pairs = [
        (event, occurrence)
        for event in events
        for occurrence in occurrences(event, now - _DAY, now + _DAY)
        if occurrence.is_today(now)
    ]
    return sorted(pairs, key=lambda pair: (not pair[1].all_day, pair[1].start, pair[0].title))


def _followed(event: Event, start: datetime, end: datetime) -> list[Occurrence]:
    schedule = event.schedule
    wall = schedule.rule_zone or schedule.zone
    # A day more on each side: a time that the change of hour skips is shown an hour after it is written.
    first, last = (_wall(moment, wall) for moment in (start - _DAY, end + _DAY))
    calendar = icalendar.Calendar()
    calendar.add_component(_master(event, wall, last))
    for rank, override in enumerate(schedule.overrides):
        calendar.add_component(_overriding(event, override, rank, wall))
    try:
        components = recurring_ical_events.of(calendar).between(first, last)
    except (ValueError, TypeError, OverflowError, KeyError) as error:
        raise BadRecurrence(rule=schedule.rule) from error
    return [_read(event, component, wall) for component in components]


def _master(event: Event, wall: str, last: datetime) -> icalendar.Event:
    schedule = event.schedule
    timing, *others = schedule.timings
    master = icalendar.Event()
    master.add("uid", event.uid)
    _time(master, timing, wall)
    if schedule.rule:
        text = cut_rule(schedule.rule, _wall(timing.start, wall), last, wall)
        master.add("rrule", icalendar.vRecur.from_ical(text))
    for other in others:
        begin, finish = _moments(other, wall)
        master.add("rdate", [begin if other.all_day else (begin, finish)])
    for moment in schedule.exceptions:
        local = _wall(moment, wall)
        master.add("exdate", local.date() if timing.all_day else local)
    return master


def _overriding(event: Event, override: Override, rank: int, wall: str) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", event.uid)
    component.add("x-override", str(rank))
    _time(component, override.timing, wall)
    replaced = _wall(override.replaces, wall)
    whole = event.schedule.timings[0].all_day
    parameters = {"RANGE": "THISANDFUTURE"} if override.following else {}
    component.add("recurrence-id", replaced.date() if whole else replaced, parameters=parameters)
    return component


def _read(event: Event, component: icalendar.Event, wall: str) -> Occurrence:
    begin, finish = component.start, component.end
    all_day = not isinstance(begin, datetime)
    rank = component.get("x-override")
    override = event.schedule.overrides[int(rank)] if rank is not None else None
    naive = [m if isinstance(m, datetime) else datetime.combine(m, datetime.min.time()) for m in (begin, finish)]
    if not all_day and wall != event.schedule.zone:
        naive = [moment.replace(tzinfo=ZoneInfo(wall)) for moment in naive]
    timing = Timing(naive[0], naive[1], all_day)
    state = event.state if event.state is not State.SCHEDULED or override is None else override.state
    return _occurrence(event.schedule, timing, state, override.title if override else "")


def _occurrence(schedule: Schedule, timing: Timing, state: State, title: str = "") -> Occurrence:
    start = schedule.local(timing.start)
    return Occurrence(start, max(start, schedule.local(timing.end)), timing.all_day, state, title)


def _time(component: icalendar.Event, timing: Timing, wall: str) -> None:
    begin, finish = _moments(timing, wall)
    component.add("dtstart", begin)
    component.add("dtend", finish)


def _moments(timing: Timing, wall: str) -> tuple[date, date]:
    if timing.all_day:
        return timing.start.date(), timing.end.date()
    start, end = _wall(timing.start, wall), _wall(timing.end, wall)
    return start, max(start, end)


def _wall(moment: datetime, zone: str) -> datetime:
    """``moment`` as the clocks of ``zone`` write it, without the zone."""
    return moment if moment.tzinfo is None else moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
