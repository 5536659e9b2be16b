"""Which versions are kept as they grow old: all of the latest, then fewer and fewer."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date, timedelta

EVERY_ONE = timedelta(days=30)
ONE_A_WEEK = timedelta(days=365)


def thinned(days: Mapping[str, date], today: date) -> set[str]:
    """Of what came on those days, the names to keep: all of the last thirty days, then the last of each week for a year, then the
    last of each month.

    Given what is left of it, it leaves that alone until it has aged.
    """
    last: dict[Hashable, str] = {}
    for name, day in sorted(days.items(), key=lambda pair: (pair[1], pair[0])):
        last[_span(name, day, today - day)] = name
    return set(last.values())


def _span(name: str, day: date, age: timedelta) -> Hashable:
    if age <= EVERY_ONE:
        return name
    return tuple(day.isocalendar())[:2] if age <= ONE_A_WEEK else (day.year, day.month, "month")
