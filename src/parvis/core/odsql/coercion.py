"""Which types may be compared, and how the right side is read: one row a pair."""

from __future__ import annotations

import re
from collections.abc import Callable

from parvis.core.odsql.bound import AsNumber, Bound, Value
from parvis.core.odsql.errors import wrong_type
from parvis.core.odsql.moments import Moment, read_moment
from parvis.core.odsql.valuetypes import ValueType

type Pair = tuple[Bound, Bound]
type Rule = Callable[[Bound, Bound, str], Pair | None]
"""Left, right, time zone; None when this very value cannot be read."""

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


def coerce(left: Bound, operator: str, right: Bound, *, clause: str, timezone: str) -> Pair:
    """Both sides in one family; WrongType when they cannot be compared."""
    rule = _RULES.get((left.type, right.type))
    pair = rule(left, right, timezone) if rule else None
    if pair is None:
        actual = str(right.value) if isinstance(right, Value) and right.type is ValueType.TEXT else right.type
        raise wrong_type(operator, actual, (left.type,), clause)
    return pair


def common(left: Bound, right: Bound) -> Pair | None:
    """Two values that may stand for each other, the second read as the first; None when their types differ."""
    if ValueType.NULL in (left.type, right.type):
        return left, right
    if left.type in (ValueType.DATE, ValueType.DATETIME):
        rule = _RULES.get((left.type, right.type))
        return rule(left, right, "UTC") if rule else None
    return (left, right) if left.type is right.type else None


def _same(left: Bound, right: Bound, timezone: str) -> Pair:
    return left, right


def _as_date(left: Bound, right: Bound, timezone: str) -> Pair:
    if isinstance(right, Value) and isinstance(right.value, Moment):
        return left, Value(right.value.as_date(), ValueType.DATE)
    return left, right


def _as_instant(left: Bound, right: Bound, timezone: str) -> Pair:
    if isinstance(right, Value) and isinstance(right.value, Moment):
        return left, Value(right.value.as_instant(), ValueType.DATETIME)
    return left, right


def _text_as_moment(left: Bound, right: Bound, timezone: str) -> Pair | None:
    moment = read_moment(str(right.value), timezone) if isinstance(right, Value) else None
    if moment is None:
        return None
    read = Value(moment, ValueType.DATE)
    return _as_date(left, read, timezone) if left.type is ValueType.DATE else _as_instant(left, read, timezone)


def _left_as_number(left: Bound, right: Bound, timezone: str) -> Pair:
    return AsNumber(left), right


def _right_as_number(left: Bound, right: Bound, timezone: str) -> Pair | None:
    if not isinstance(right, Value):
        return left, AsNumber(right)
    text = str(right.value).strip()
    return (left, Value(float(text), ValueType.NUMBER)) if _NUMBER.fullmatch(text) else None


def _text_as_boolean(left: Bound, right: Bound, timezone: str) -> Pair | None:
    boolean = _BOOLEANS.get(str(right.value).lower()) if isinstance(right, Value) else None
    return None if boolean is None else (left, Value(boolean, ValueType.BOOLEAN))


def _as_text(left: Bound, right: Bound, timezone: str) -> Pair | None:
    if not isinstance(right, Value):
        return None
    return left, Value(str(right.value).lower() if isinstance(right.value, bool) else str(right.value), ValueType.TEXT)


_T = ValueType
_RULES: dict[tuple[ValueType, ValueType], Rule] = {
    (_T.TEXT, _T.TEXT): _same,
    (_T.NUMBER, _T.NUMBER): _same,
    (_T.BOOLEAN, _T.BOOLEAN): _same,
    (_T.TEXTS, _T.TEXT): _same,
    (_T.DATETIME, _T.DATETIME): _same,
    (_T.DATE, _T.DATETIME): _same,
    (_T.DATE, _T.DATE): _as_date,
    (_T.DATETIME, _T.DATE): _as_instant,
    (_T.DATE, _T.TEXT): _text_as_moment,
    (_T.DATETIME, _T.TEXT): _text_as_moment,
    (_T.TEXT, _T.NUMBER): _left_as_number,
    (_T.NUMBER, _T.TEXT): _right_as_number,
    (_T.BOOLEAN, _T.TEXT): _text_as_boolean,
    (_T.TEXTS, _T.NUMBER): _as_text,
    (_T.TEXTS, _T.BOOLEAN): _as_text,
}
