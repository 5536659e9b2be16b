"""A page of rows, ready for JSON or for a table on a page."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine
from parvis.core.explore.query import bind, names_of
from parvis.core.explore.rendering import is_shape
from parvis.core.explore.request import ExploreRequest
from parvis.core.odsql import Names, to_count, to_statement
from parvis.core.odsql.bound import ALWAYS, Output, Test


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """All matching rows counted, and those of one page in the types of the API's JSON (specification, section 6)."""

    total_count: int
    results: list[dict[str, Any]]
    outputs: tuple[Output, ...]


def records(
    engine: Engine,
    source: AnySource,
    request: ExploreRequest,
    *,
    names: Names | None = None,
    seconds: float = DEFAULT_SECONDS,
) -> RecordsPage:
    """The page a request asks for; errors of the request come before anything is computed."""
    limit, offset = request.page()
    query = bind(names or names_of(source), request, limit, offset)
    rows: list[dict[str, Any]] = []
    if limit:
        rows = _as_json(engine.table(source, to_statement(query), seconds=seconds), query.outputs, request.timezone)
    if rows and len(rows) < limit:
        return RecordsPage(offset + len(rows), rows, query.outputs)
    return RecordsPage(matching(engine, source, query.where, seconds=seconds), rows, query.outputs)


def matching(engine: Engine, source: AnySource, where: Test, *, seconds: float = DEFAULT_SECONDS) -> int:
    """How many rows a condition keeps; known from the manifest when there is none."""
    if where == ALWAYS:
        return source.rows
    return int(engine.value(source, to_count(where), seconds=seconds))


def _as_json(table: pa.Table, outputs: tuple[Output, ...], timezone: str) -> list[dict[str, Any]]:
    columns = [_converted(table.column(rank), output, timezone) for rank, output in enumerate(outputs)]
    keys = [output.key for output in outputs]
    return [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]


def _converted(column: pa.ChunkedArray, output: Output, timezone: str) -> list[Any]:
    values: list[Any] = column.to_pylist()
    convert = _converter(column.type, output, timezone)
    if convert is None:
        return values
    return [None if value is None else convert(value) for value in values]


def _converter(kind: pa.DataType, output: Output, timezone: str) -> Callable[[Any], Any] | None:
    if pa.types.is_timestamp(kind):
        zone = ZoneInfo(timezone)
        return lambda value: _instant(value, zone)
    if pa.types.is_date(kind):
        return lambda value: _date(value, output)
    if pa.types.is_floating(kind):
        return lambda value: value if math.isfinite(value) else None
    if is_shape(output):
        return lambda value: {"type": "Feature", "geometry": json.loads(value), "properties": {}}
    return None


def _instant(value: datetime, zone: ZoneInfo) -> str:
    return value.astimezone(zone).isoformat() if value.tzinfo else value.isoformat()


def _date(value: date, output: Output) -> str:
    precision = output.column.annotations.get("timeserie_precision") if output.column else None
    return value.isoformat()[: {"year": 4, "month": 7}.get(str(precision), 10)]
