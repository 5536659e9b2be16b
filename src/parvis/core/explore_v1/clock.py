"""``#now(…)``: the present instant, parts of it set or moved."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

_UNITS = ("weeks", "days", "hours", "minutes", "seconds", "microseconds")
_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(r"(MO|TU|WE|TH|FR|SA|SU)\(([+-]?\d{1,3})\)")


class NotAMove(ValueError):
    """This is no way to move an instant."""


def moved(instant: datetime, moves: Iterable[tuple[str, str]]) -> datetime:
    """The instant after each move in turn (``years=-1`` adds, ``year=2001`` sets); NotAMove when one means nothing."""
    for name, text in moves:
        move = _MOVES.get(name)
        if move is None:
            raise NotAMove(name)
        try:
            instant = move(instant, text)
        except (ValueError, OverflowError) as error:
            raise NotAMove(f"{name}={text}") from error
    return instant


def _add(name: str) -> Callable[[datetime, str], datetime]:
    return lambda instant, text: instant + timedelta(**{name: int(text)})


def _set(name: str) -> Callable[[datetime, str], datetime]:
    return lambda instant, text: _placed(instant, **{name: int(text)})


def _add_months(instant: datetime, count: int) -> datetime:
    months = instant.year * 12 + instant.month - 1 + count
    return _placed(instant, year=months // 12, month=months % 12 + 1)


def _placed(instant: datetime, **parts: int) -> datetime:
    """The parts set, the day cut to the last of its month."""
    year, month = parts.get("year", instant.year), parts.get("month", instant.month)
    if not 1 <= year <= 9999 or not 1 <= month <= 12:
        raise ValueError(year, month)
    last = calendar.monthrange(year, month)[1]
    return instant.replace(**{**parts, "day": min(parts.get("day", instant.day), last)})  # type: ignore[arg-type]


def _weekday(instant: datetime, text: str) -> datetime:
    if match := _WEEKDAY.fullmatch(text.upper()):
        day, rank = _DAYS.index(match[1]), int(match[2])
    else:
        day, rank = int(text), 1
    if not 0 <= day <= 6 or rank == 0:
        raise ValueError(text)
    if rank > 0:
        return instant + timedelta(days=(day - instant.weekday()) % 7 + 7 * (rank - 1))
    return instant - timedelta(days=(instant.weekday() - day) % 7 + 7 * (-rank - 1))


_MOVES: dict[str, Callable[[datetime, str], datetime]] = {
    **{name: _add(name) for name in _UNITS},
    **{name: _set(name) for name in _PARTS},
    "years": lambda instant, text: _add_months(instant, 12 * int(text)),
    "months": lambda instant, text: _add_months(instant, int(text)),
    "weekday": _weekday,
}
