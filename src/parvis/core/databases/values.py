"""Values of databases as columns of Arrow: what cannot be one becomes empty, and is counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

_LARGEST_DECIMAL = 38


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or a query: ``native`` is its type as its server says, ``expression`` the SQL that reads it.

    A column without a ``type`` is left out: nothing that we read can hold it. ``is_geometry``: well-known binary, in WGS 84.
    """

    name: str
    native: str
    expression: str = ""
    type: pa.DataType | None = None
    convert: Callable[[Any], Any] | None = None
    is_geometry: bool = False


def decimal_type(precision: int | None, scale: int | None) -> pa.DataType:
    """Exact when the server bounds it, else the double that our columns are."""
    if precision and scale is not None and 0 < precision <= _LARGEST_DECIMAL and 0 <= scale <= precision:
        return pa.decimal128(precision, scale)
    return pa.float64()


def column_of(values: Sequence[Any], column: Column) -> tuple[pa.Array, int]:
    """The values as Arrow, and how many of them could not be."""
    cells = values if column.convert is None else [_converted(value, column.convert) for value in values]
    try:
        array = pa.array(cells, column.type)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        array = pa.array(
            [_fitting(cell, column.type) for cell in cells], column.type
        )  # one of them: rare, and slow to look for
    return array, array.null_count - sum(value is None for value in values)


def _converted(value: Any, convert: Callable[[Any], Any]) -> Any:
    try:
        return None if value is None else convert(value)
    except (TypeError, ValueError, OverflowError, ArithmeticError):
        return None


def _fitting(cell: Any, type_: pa.DataType | None) -> Any:
    try:
        pa.array([cell], type_)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None
    return cell


def as_date(value: Any) -> date:
    """A day, from the text that servers write; ValueError for infinity, years before ours, or zeros."""
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10] if len(str(value)) == 10 else "no")


def as_moment(value: Any) -> datetime:
    """A moment; ValueError likewise."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def as_number(value: Any) -> float | Decimal:
    """A finite number; ValueError."""
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(value)
    return number


def as_double(value: Any) -> float:
    """A finite double; ValueError."""
    return float(as_number(value))


def as_text(value: Any) -> str:
    """Text as people would write it: durations as hours, structures as JSON."""
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        sign = "-" if seconds < 0 else ""
        return f"{sign}{abs(seconds) // 3600:02}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"
    if isinstance(value, set | frozenset):
        return ",".join(sorted(map(str, value)))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def as_list(value: Any) -> list[str | None]:
    """A list of texts; lists within are JSON."""
    return [
        part if part is None or isinstance(part, str) else json.dumps(part, ensure_ascii=False, default=str)
        for part in value
    ]
