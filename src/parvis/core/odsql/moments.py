"""Dates written by people: ISO 8601, whole or in part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

_FORM = re.compile(
    r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2})(?:[T ](?P<hour>\d{2})(?::?(?P<minute>\d{2})"
    r"(?::?(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?)?\s?(?P<offset>Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The start of the period that a text names, ``precision`` saying how long it is (``year`` … ``second``)."""

    start: datetime
    precision: str

    def end(self) -> datetime:
        """The start of the next period; the last instant of the calendar when there is none."""
        try:
            return self._next()
        except (ValueError, OverflowError):
            return datetime.max.replace(tzinfo=self.start.tzinfo)

    def _next(self) -> datetime:
        if self.precision == "year":
            return self.start.replace(year=self.start.year + 1)
        if self.precision == "month":
            months = self.start.year * 12 + self.start.month
            return self.start.replace(year=months // 12, month=months % 12 + 1)
        return self.start + {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}.get(
            self.precision, timedelta(seconds=1)
        )

    def as_instant(self) -> datetime:
        """The start with its offset."""
        return self.start

    def as_date(self) -> date | datetime:
        """The start as a date, or as a clock reading without zone when hours were given."""
        naive = self.start.replace(tzinfo=None)
        return naive.date() if naive.time() == time.min else naive


def read_moment(text: str, zone: str) -> Moment | None:
    """The moment that ``text`` names, in ``zone`` when it states no offset; None when it is no date."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        return None
    parts = match.groupdict()
    precision = next(name for name in ("second", "minute", "hour", "day", "month", "year") if parts[name])
    numbers = {name: int(parts[name]) for name in ("year", "month", "day", "hour", "minute", "second") if parts[name]}
    fraction = int((parts["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        start = datetime(**{"month": 1, "day": 1, **numbers}, microsecond=fraction, tzinfo=_zone(parts["offset"], zone))
    except (ValueError, OverflowError):
        return None
    return Moment(start, precision)


def _zone(offset: str | None, zone: str) -> timezone | ZoneInfo:
    if offset is None:
        return ZoneInfo(zone)
    if offset == "Z":
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-delta if offset[0] == "-" else delta)
