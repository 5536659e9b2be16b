"""Rules of repetition (RRULE of RFC 5545): checked before they are stored, cut to the window that is asked before they are followed.

dateutil looks for a next date until the year 9999, whatever the UNTIL: 30 February each day is six seconds, each hour minutes, and
no clock stops a loop that yields nothing. So each rule must give a date soon, and the number of its steps is bounded beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import MAXYEAR, datetime, time, timedelta
from itertools import islice
from math import prod
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import vRecur

from parvis.core.calendars.errors import BadRecurrence

MOST_STEPS: Final = 60_000
"""Dates looked at for one rule: a day each for 160 years; a second of work."""
MOST_TIMES: Final = 48
"""Times of one day."""
MOST_PLACES: Final = 10
"""Values of BYSETPOS."""
LONGEST: Final = 1_000
"""Letters of a rule."""
_FREQUENCIES: Final = frozenset({"YEARLY", "MONTHLY", "WEEKLY", "DAILY"})
"""Several times a day are BYHOUR of DAILY; HOURLY, MINUTELY and SECONDLY are of machines, not of what people go to."""
_CYCLE: Final = 400
"""Years after which the calendar is the same again, days of the week included."""
_NEVER: Final = 2300
_WEEK: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TIMES: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")
_DAYS: Final = ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS")
_PARTS: Final = frozenset(("FREQ", "UNTIL", "COUNT", "INTERVAL", "WKST", *_TIMES, *_DAYS))


def check_rule(text: str, start: datetime) -> None:
    """BadRecurrence unless ``text`` is a rule that can be followed and gives a date, for a first one at ``start``."""
    parts = _parts(text)
    # Asked as late as the calendar repeats itself, so that looking for what never comes ends: in 400 years, not in 8000.
    late = start.replace(tzinfo=None, year=start.year + (MAXYEAR - start.year) // _CYCLE * _CYCLE)
    try:
        _until(parts, "UTC")
        vRecur.from_ical(text)
        never = rrulestr(_text({**parts, "UNTIL": None, "COUNT": ["1"]}), dtstart=late)[:1] == []
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError) as error:
        raise BadRecurrence(rule=text[:LONGEST]) from error
    if never:
        raise BadRecurrence(rule=text[:LONGEST])


def cut_rule(text: str, start: datetime, end: datetime, zone: str) -> str:
    """``text`` without COUNT and with an UNTIL no later than ``end``, for a first date at ``start``; both are naive, of ``zone``.

    BadRecurrence when following it that far takes more than MOST_STEPS.
    """
    parts = _with_days_of_positions(_parts(text))
    until = min(filter(None, (_until(parts, zone), end)))
    days = max(0.0, (until - start) / timedelta(days=1)) + 366
    if days * _times(parts) > MOST_STEPS:
        raise BadRecurrence(rule=text)
    count = int(parts["COUNT"][0]) if parts.get("COUNT") else None
    bounded = _text({**parts, "COUNT": None, "UNTIL": [f"{until:%Y%m%dT%H%M%S}"]})
    if count is None:
        return bounded
    # dateutil follows a COUNT beyond any end: counted here, on the rule that has one.
    dates = list(islice(rrulestr(bounded, dtstart=start), count)) or [start]
    return _text({**parts, "COUNT": None, "UNTIL": [f"{dates[-1]:%Y%m%dT%H%M%S}"]})


def _parts(text: str) -> dict[str, list[str]]:
    """The parts of a rule by their names; BadRecurrence when one is unknown, comes twice or is out of bounds."""
    parts: dict[str, list[str]] = {}
    for piece in text.upper().removeprefix("RRULE:").strip(";").split(";"):
        name, equals, value = piece.strip().partition("=")
        if not equals or name in parts or name not in _PARTS:
            raise BadRecurrence(rule=text[:LONGEST])
        parts[name] = value.split(",")
    # dateutil never ends with an interval of 0.
    counts = [value for name in ("INTERVAL", "COUNT") for value in parts.get(name, ["1"])]
    plain = all(value.isascii() and value.isdigit() and 0 < int(value[:12]) < 10**9 for value in counts)
    small = len(text) <= LONGEST and len(parts.get("BYSETPOS", ())) <= MOST_PLACES and _times(parts) <= MOST_TIMES
    if not plain or not small or parts.get("FREQ", [""])[0] not in _FREQUENCIES:
        raise BadRecurrence(rule=text[:LONGEST])
    return parts


def _with_days_of_positions(parts: dict[str, list[str]]) -> dict[str, list[str]]:
    """A weekly rule with the days that its BYSETPOS chooses of each week, and no BYSETPOS.

    dateutil begins the first week at the first date, and counts positions from there: the third of Tuesday, Thursday and Saturday, for
    a first date on a Thursday, would be that of nothing. Weeks cut by a month or of several times a day are left to it.
    """
    days = parts.get("BYDAY")
    if parts["FREQ"] != ["WEEKLY"] or not parts.get("BYSETPOS") or not days or "BYMONTH" in parts or _times(parts) > 1:
        return parts
    first = _WEEK.index(parts.get("WKST", ["MO"])[0])
    week = [day for day in (*_WEEK[first:], *_WEEK[:first]) if day in days]
    positions = [int(position) for position in parts["BYSETPOS"]]
    chosen = {week[rank - (rank > 0)] for rank in positions if -len(week) <= rank - (rank > 0) < len(week)}
    return {**parts, "BYSETPOS": [], "BYDAY": sorted(chosen)} if chosen else parts


def _times(parts: Mapping[str, list[str]]) -> int:
    return prod(max(1, len(parts.get(name, ()))) for name in _TIMES)


def _until(parts: Mapping[str, list[str]], zone: str) -> datetime | None:
    """The last moment, included, naive in ``zone``. A bare date means all of that day: many calendars write it so."""
    if not parts.get("UNTIL"):
        return None
    value: Any  # a date or a datetime, as it was written
    value = vRecur.from_ical(f"FREQ=DAILY;UNTIL={parts['UNTIL'][0]}")["UNTIL"][0]
    if value.year > _NEVER:
        return None  # how some say that it never ends, beyond what zones can reach
    if not isinstance(value, datetime):
        return datetime.combine(value, time(23, 59, 59))
    return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if value.tzinfo else value


def _text(parts: Mapping[str, list[str] | None]) -> str:
    return ";".join(f"{name}={','.join(values)}" for name, values in parts.items() if values)
