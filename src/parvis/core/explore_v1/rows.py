"""Rows as version 1 writes them: nulls left out, several values joined, points as [latitude, longitude]."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from parvis.core.columns import Column, ColumnType
from parvis.core.explore.file_values import file_object
from parvis.core.instants import by_the_clocks_of
from parvis.core.odsql.bound import Output

type Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class V1Row:
    """The fields of a row, by key, and its geometry as GeoJSON when a geographic field was asked."""

    fields: dict[str, Any]
    geometry: dict[str, Any] | None


def v1_rows(batch: pa.RecordBatch | pa.Table, outputs: tuple[Output, ...], timezone: str) -> Iterator[V1Row]:
    """The rows of an answer whose first columns are ``outputs``, in their order."""
    columns = [_converted(batch.column(rank), output, timezone) for rank, output in enumerate(outputs)]
    drawn = drawn_rank(outputs)
    for row in zip(*columns, strict=True) if columns else ({} for _row in range(batch.num_rows)):
        fields = {output.key: value for output, value in zip(outputs, row, strict=True) if value is not None}
        yield V1Row(fields, _geometry(fields.get(outputs[drawn].key)) if drawn is not None else None)


def drawn_rank(outputs: tuple[Output, ...]) -> int | None:
    """The place of the column that gives the geometry of a record: the first point, else the first shape."""
    for kind in (ColumnType.GEO_POINT, ColumnType.GEO_SHAPE):
        for rank, output in enumerate(outputs):
            if output.column is not None and output.column.type is kind:
                return rank
    return None


def _geometry(value: Any) -> dict[str, Any] | None:
    if isinstance(value, list):
        return {"type": "Point", "coordinates": [value[1], value[0]]}
    return value if isinstance(value, dict) else None


def _converted(column: pa.Array | pa.ChunkedArray, output: Output, timezone: str) -> list[Any]:
    values: list[Any] = column.to_pylist()
    convert = _converter(column.type, output.column, timezone)
    return [None if value is None else convert(value) for value in values] if convert else values


def _converter(kind: pa.DataType, column: Column | None, timezone: str) -> Convert | None:
    if pa.types.is_timestamp(kind):
        zone = ZoneInfo(timezone)
        return lambda value: _instant(value, zone)
    if pa.types.is_date(kind):
        length = {"year": 4, "month": 7}.get(str(column.annotations.get("timeserie_precision")) if column else "", 10)
        return lambda value: _date(value, length)
    if pa.types.is_floating(kind):
        return lambda value: value if math.isfinite(value) else None
    if pa.types.is_struct(kind):
        return lambda value: [value["lat"], value["lon"]]
    if pa.types.is_list(kind):
        separator = separator_of(column)
        return lambda value: separator.join(str(item) for item in value if item is not None)
    return _OF_TEXT.get(column.type) if column is not None else None


def separator_of(column: Column | None) -> str:
    """What joins the values of a multivalued column: its annotation, else a comma."""
    stated = column.annotations.get("multivalued") if column else None
    return stated if isinstance(stated, str) and stated else ","


def _instant(value: datetime, zone: ZoneInfo) -> str:
    return (by_the_clocks_of(zone, value) if value.tzinfo else value).isoformat()


def _date(value: date, length: int) -> str:
    return value.isoformat()[:length]


def _shape(value: str) -> dict[str, Any] | None:
    shape = json.loads(value)
    return shape if isinstance(shape, dict) else None


def _file(value: str) -> dict[str, Any]:
    """What is known of a file; this version's clients make its address from its ``id``."""
    return {name: said for name, said in file_object(value, "").items() if name != "url"}


_OF_TEXT: dict[ColumnType, Convert] = {ColumnType.GEO_SHAPE: _shape, ColumnType.FILE: _file}
"""What the text of a column stands for, by its type."""
