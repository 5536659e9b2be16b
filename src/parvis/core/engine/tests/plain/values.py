"""Cells as Python values: how they are compared, ordered, written as text, put in Arrow columns."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import shapely
import shapely.geometry

from parvis.core.engine.errors import QueryRefused
from parvis.core.odsql.valuetypes import ValueType

type Cell = Any
"""None, a text, a number, a truth, a date, an instant or clock reading, a list of texts, or a geometry of shapely."""


class BeyondPlainPython(NotImplementedError):
    """A plan, or a part of one, that this engine has no way to answer as another does; its text says which."""


# Texts


_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_SEARCHED, _COMPARED, CHANGED = 100_000, 1_000, 20_000
"""Characters that a search and an order look at, and bytes of the longest text of which another is made."""


def folded(text: str) -> str:
    """Without accents, case and ligatures."""
    letters = unicodedata.normalize("NFD", text)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", plain).lower().translate(_LIGATURES)


def words_of(text: str) -> str:
    """The words of a text, folded, between single spaces."""
    return " " + re.sub(r"[\W_]+", " ", folded(text[:_SEARCHED])) + " "


def sort_key(value: Cell, kind: ValueType) -> Cell:
    """What a value is ordered by."""
    if value is None:
        return None
    if kind is ValueType.TEXTS:
        return folded(" ".join(part for part in value if part is not None)[:_COMPARED])
    return folded(value[:_COMPARED]) if kind is ValueType.TEXT else comparable(value)


# Comparing


def comparable(value: Cell) -> Cell:
    """Dates and instants on one line of time."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def hashable(value: Cell) -> Cell:
    """A value by which rows may be gathered."""
    if isinstance(value, list):
        return tuple(value)
    return shapely.to_wkb(value) if isinstance(value, shapely.Geometry) else value


# As text


def text_of(value: Cell) -> str | None:
    """A value as SQL casts it to text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        clock = value.astimezone(UTC) if value.tzinfo else value
        fraction = f".{clock.microsecond:06}".rstrip("0") if clock.microsecond else ""
        return f"{clock:%Y-%m-%d %H:%M:%S}{fraction}{'+00' if value.tzinfo else ''}"
    if isinstance(value, list):
        return f"[{', '.join(map(_item, value))}]"
    return str(value)


def _item(text: str | None) -> str:
    if text is None:
        return "NULL"
    return (
        text
        if re.fullmatch(r"[\w][\w .’\-]*(?<! )", text) and text.lower() != "null"
        else "'" + text.replace("'", "\\'") + "'"
    )


def wkt(geometry: shapely.Geometry) -> str:
    """A geometry as text; points of a collection without brackets of their own."""
    text = shapely.to_wkt(geometry, rounding_precision=-1)
    return re.sub(r"\(([-\d.e+ ]+)\)(?=[,)])", r"\1", text) if text.startswith("MULTIPOINT") else text


def geojson(geometry: shapely.Geometry) -> str:
    """A geometry as JSON."""
    return json.dumps(shapely.geometry.mapping(geometry), separators=(",", ":"))


# As Arrow


def column(values: Sequence[Cell], kind: ValueType, *, is_whole: bool) -> pa.Array:
    """Values of one type as a column of an answer; QueryRefused for a whole number beyond 64 bits."""
    try:
        return _column(values, kind, is_whole=is_whole)
    except OverflowError as error:
        raise QueryRefused from error


def _column(values: Sequence[Cell], kind: ValueType, *, is_whole: bool) -> pa.Array:
    if kind is ValueType.NUMBER:
        whole = is_whole or (
            all(isinstance(v, int) for v in values if v is not None) and any(v is not None for v in values)
        )
        return pa.array(values, pa.int64() if whole else pa.float64())
    if kind is ValueType.DATE and any(isinstance(value, datetime) for value in values):
        kind = ValueType.DATETIME
    if kind is ValueType.DATETIME:
        zoned = any(value is not None and value.tzinfo for value in values)
        return pa.array(values, pa.timestamp("us", "UTC" if zoned else None))
    if kind is ValueType.TEXTS:
        return pa.array(values, pa.list_(pa.string()))
    fixed = {ValueType.BOOLEAN: pa.bool_(), ValueType.DATE: pa.date32(), ValueType.TEXT: pa.string()}
    return pa.array(values, fixed[kind]) if kind in fixed else pa.array(values)


def finite(value: Cell) -> bool:
    """A number that is one."""
    return value is not None and math.isfinite(value)
