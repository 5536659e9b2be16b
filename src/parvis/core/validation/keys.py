"""Keys: a text that two values share exactly when they are the same value, so that SQL can find what stands twice."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from parvis.core.validation.casting import GeoPoint, YearMonth

NOTHING_EQUAL = "\ue000NaN"
"""The key of what equals nothing, not even itself."""


def key_of(value: Any) -> str | None:
    """The key of a typed value; None for none. What equals nothing (NaN) has the key ``NOTHING_EQUAL``."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (bool, int)):
        return str(value)
    if isinstance(value, (Decimal, float)):
        return _number(Decimal(value))
    if isinstance(value, YearMonth):
        return f"{value.year}-{value.month}"
    if isinstance(value, GeoPoint):
        return f"{_number(value.lon)},{_number(value.lat)}"
    if isinstance(value, (dt.datetime, dt.time)):
        return _moment(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return repr(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)  # a length of time is its text


def _number(number: Decimal) -> str:
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        return NOTHING_EQUAL if number.is_nan() else str(number)
    text = "".join(map(str, digits)).lstrip("0")
    stripped = text.rstrip("0")
    if not stripped:
        return "0"
    return f"{'-' if sign else ''}{stripped}E{exponent + len(text) - len(stripped)}"


def _moment(moment: dt.datetime | dt.time) -> str:
    """Moments with a zone are equal when they are the same instant."""
    try:
        offset = moment.utcoffset()
    except ValueError:  # of more than a day
        return f"{moment.replace(tzinfo=None).isoformat()} ?"
    if offset is None:
        return moment.isoformat()
    plain = moment.replace(tzinfo=None)
    if isinstance(plain, dt.time):
        seconds = dt.timedelta(hours=plain.hour, minutes=plain.minute, seconds=plain.second) - offset
        return f"{seconds.total_seconds()}.{plain.microsecond} UTC"
    return f"{(plain - dt.datetime.min) - offset} UTC"  # noqa: DTZ901 a plain origin for plain moments
