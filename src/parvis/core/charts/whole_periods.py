"""Which years and months the rows of a table cover whole: a year of two months is not compared with the one before."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from parvis.core.versions.manifest import ColumnProfile

_LATE = 0.1
"""Share of a period that may lack at its end: a month of data often stops a few days before."""
_LENGTHS = {"year": 366, "month": 31}
_MONTHLY = 25
"""Days between two dates of data that have one a month, whose day says nothing."""
_SPACES = 1.5
"""Usual times between two dates that may lack: the last of twelve days of the month is of December the first."""


def unfinished_keys(keys: Sequence[str], step: str, profile: ColumnProfile | None, created: str) -> tuple[int, str]:
    """How many of the last of ordered years or months are not whole, and the last day or month of their data, if it is known.

    A period that was not over the day the rows were written is not whole; nor is the one of the last date, when that date is
    far from its end for dates as close to one another as these are.
    """
    if step not in _LENGTHS:
        return 0, ""
    written = _day(created)
    last = _day(profile.maximum) if profile and isinstance(profile.maximum, str) else None
    first = _day(profile.minimum) if profile else None
    if keys and profile and first and last and (written is None or last <= written):
        end, spacing = _end_of(keys[-1]), (last - first).days / max(profile.distinct - 1, 1)
        if end is None or profile.distinct < 2 or last.isoformat()[: len(keys[-1])] != keys[-1]:
            return 0, ""
        is_far = (end - last).days > max(_SPACES * spacing, _LATE * _LENGTHS[step])
        return (1, last.isoformat()[: 7 if spacing > _MONTHLY else 10]) if is_far else (0, "")
    if written is None:
        return 0, ""
    ends = (_end_of(key) for key in reversed(keys))
    return sum(1 for _end in takewhile(lambda end: end is not None and end > written, ends)), ""


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _end_of(key: str) -> date | None:
    """The last day of ``2023``, of ``2023-04``."""
    try:
        year, month = int(key[:4]), int(key[5:7] or 12)
        return date(year, month, calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None
