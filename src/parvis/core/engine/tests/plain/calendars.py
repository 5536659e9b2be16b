"""Moments written, cut in periods and compared, over Python's own dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shapely
import shapely.ops

from parvis.core.engine.tests.plain.values import comparable
from parvis.core.odsql.bound import Piece
from parvis.core.odsql.calendar import names_of

_SPANS = {
    "millisecond": timedelta(milliseconds=1),
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
_ORIGIN = datetime(1970, 1, 1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def written(moment: date, pieces: Sequence[Piece], lang: str) -> str:
    """A date as a pattern says."""
    return "".join(_piece(moment, piece, lang) for piece in pieces)


def _piece(moment: date, piece: Piece, lang: str) -> str:
    if not piece.symbol:
        return piece.text
    names, width = names_of(lang), len(piece.text)
    if piece.symbol == "M" and width > 2:
        return (names.months if width == 4 else names.short_months)[moment.month - 1]
    if piece.symbol == "E":
        return (names.days if width == 4 else names.short_days)[moment.weekday()]
    week = moment.isocalendar()
    number = {
        "y": moment.year,
        "x": week.year,
        "w": week.week,
        "e": week.weekday,
        "D": moment.timetuple().tm_yday,
        "M": moment.month,
        "d": moment.day,
        "H": getattr(moment, "hour", 0),
        "m": getattr(moment, "minute", 0),
        "s": getattr(moment, "second", 0),
    }[piece.symbol]
    if piece.symbol in "yx":
        return str(number)[-2:] if width == 2 else str(number)
    return str(number).zfill(width)


def clock(moment: date) -> datetime:
    """A moment as a clock reading, without zone."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime(moment.year, moment.month, moment.day)


def period_start(moment: date, amount: int, unit: str) -> datetime:
    """The start of the period of so many units that holds a moment."""
    start = clock(moment)
    if unit in _SPANS:
        span = _SPANS[unit] * amount
        return _ORIGIN + (start - _ORIGIN) // span * span
    midnight = datetime(start.year, start.month, start.day)
    if unit == "week":
        return midnight - timedelta(days=midnight.weekday())
    month = (start.month - 1) // _MONTHS[unit] * _MONTHS[unit] + 1
    return datetime(start.year, month, 1)


def period_end(start: datetime, amount: int, unit: str) -> datetime:
    """The start of the next one."""
    if unit in _SPANS:
        return start + _SPANS[unit] * amount
    if unit == "week":
        return start + timedelta(weeks=amount)
    months = start.year * 12 + start.month - 1 + _MONTHS[unit] * amount
    return start.replace(year=months // 12, month=months % 12 + 1)


def instant(moment: datetime, zone: str) -> str:
    """A clock reading of a zone with its offset."""
    text = moment.isoformat(timespec="milliseconds")
    if zone == "UTC":
        return f"{text}Z"
    return moment.replace(tzinfo=ZoneInfo(zone)).isoformat(timespec="milliseconds")


def before(value: Any, high: Any) -> bool:
    """Whether a number or a moment is less than another."""
    return comparable(value) < comparable(high)


def flipped(shape: shapely.Geometry) -> shapely.Geometry:
    """The same geometry, latitude first."""
    return shapely.ops.transform(lambda x, y: (y, x), shape)
