"""A page of rows or of groups, ready for JSON or for a table on a page; one record by its identifier."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine, Source
from parvis.core.engine.errors import QueryTooLarge
from parvis.core.engine.plans import Count, CountedGroups, GroupCount, MarkedRows, Rows
from parvis.core.errors import NotFound
from parvis.core.explore.blocks import plain_page
from parvis.core.explore.cursor import token, with_cursor
from parvis.core.explore.identity import find_row, identities
from parvis.core.explore.query import bind, names_of
from parvis.core.explore.request import ExploreRequest
from parvis.core.explore.text_columns import is_shape, json_fallback, read_json
from parvis.core.instants import by_the_clocks_of
from parvis.core.odsql import Names
from parvis.core.odsql.bound import ALWAYS, AtRow, Beyond, Output, Query, Ranked, Test
from parvis.core.odsql.valuetypes import ValueType

_NEAR = 65_536


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """All matching rows counted, and those of one page in the types of the API's JSON (specification, section 6).

    ``ids`` are the identifiers of the rows, when links or application metadata were asked; ``after`` is the token of the
    next page, when a walk was asked and is not at its end.
    """

    total_count: int
    results: list[dict[str, Any]]
    outputs: tuple[Output, ...]
    ids: list[str] | None = None
    after: str | None = None


def records(
    engine: Engine,
    source: AnySource,
    request: ExploreRequest,
    *,
    names: Names | None = None,
    seconds: float = DEFAULT_SECONDS,
    most: int | None = None,
) -> RecordsPage:
    """The page a request asks for; errors of the request come before anything is computed.

    ``most`` is for callers inside the house, who need more rows at once than a page of the API has.
    """
    limit, offset = request.page() if most is None else (min(request.limit or most, most), request.offset)
    query = with_cursor(bind(names or names_of(source), request, limit, offset), request, source)
    if _needs_rows(query, request):
        return _marked_page(engine, source, query, request, seconds)
    if query.groups:
        return _grouped_page(engine, source, query, request, seconds)
    rows: list[dict[str, Any]] = []
    if limit:
        table = plain_page(engine, source, query, seconds)
        if table is None:
            table = engine.table(source, Rows(query), seconds=seconds)
        rows = _as_json(table, query.outputs, request.timezone)
    if rows and len(rows) < limit:
        return RecordsPage(offset + len(rows), rows, query.outputs)
    return RecordsPage(matching(engine, source, query.where, seconds=seconds), rows, query.outputs)


def column_of_matching(
    engine: Engine,
    source: AnySource,
    name: str,
    request: ExploreRequest,
    *,
    names: Names | None = None,
    seconds: float = DEFAULT_SECONDS,
) -> pa.ChunkedArray:
    """The values of a column in every row that matches, in the order that was asked: for sources of few rows.

    A page of them and their number are then one question, where ``records`` puts two.
    """
    whole = replace(request, select=name, limit=None, offset=0)
    query = bind(names or names_of(source), whole, None, 0)
    return engine.table(source, Rows(query), seconds=seconds).column(0)


def record(
    engine: Engine,
    source: AnySource,
    record_id: str,
    request: ExploreRequest,
    *,
    names: Names | None = None,
    seconds: float = DEFAULT_SECONDS,
) -> dict[str, Any]:
    """One record, of which ``request`` chooses the fields; NotFound when no row has that identifier."""
    row_request = ExploreRequest(
        select=request.select,
        lang=request.lang,
        timezone=request.timezone,
        include_app_metas=request.include_app_metas,
    )
    query = bind(names or names_of(source), row_request, 1, 0)
    row = find_row(engine, source, record_id, seconds=seconds)
    if row is None:
        raise NotFound(name=record_id)
    page = _marked_page(engine, source, replace(query, after=AtRow(row)), row_request, seconds)
    return page.results[0]


def matching(engine: Engine, source: AnySource, where: Test, *, seconds: float = DEFAULT_SECONDS) -> int:
    """How many rows a condition keeps; known from the manifest when there is none."""
    if where == ALWAYS:
        return source.rows
    return int(engine.value(source, Count(where), seconds=seconds))


def _grouped_page(
    engine: Engine, source: AnySource, query: Query, request: ExploreRequest, seconds: float
) -> RecordsPage:
    """Groups, of which the total is the number of them (specification, 12.1)."""
    if query.limit:
        table, width = engine.table(source, CountedGroups(query), seconds=seconds), len(query.outputs)
        rows = _as_json(table.select(range(width)), query.outputs, request.timezone)
        if rows:
            return RecordsPage(int(table.column(width)[0].as_py()), rows, query.outputs)
    return RecordsPage(int(engine.value(source, GroupCount(query), seconds=seconds)), [], query.outputs)


def _needs_rows(query: Query, request: ExploreRequest) -> bool:
    """Whether something is asked that depends on which rows these are."""
    is_about_rows = request.include_links or request.include_app_metas or request.after is not None
    return is_about_rows and not query.groups and not query.totals


def _marked_page(
    engine: Engine, source: AnySource, query: Query, request: ExploreRequest, seconds: float
) -> RecordsPage:
    table = marked(engine, source, query, seconds)
    width = len(query.outputs)
    rows = _as_json(table.select(range(width)), query.outputs, request.timezone)
    ranks: list[int] = table.column(width).to_pylist()
    after = None
    if request.after is not None and rows and len(rows) == query.limit:
        keys = tuple(table.column(width + 1 + rank)[-1].as_py() for rank in range(len(query.order_by)))
        after = token(request, source, keys, ranks[-1])
    ids = None
    if request.include_links or request.include_app_metas:
        identity_by_rank = identities(engine, source, ranks, seconds=seconds)
        ids = [identity_by_rank[rank].id for rank in ranks]
        if request.include_app_metas:
            stamp = source.manifest.created if isinstance(source, Source) else None
            rows = [
                {**row, "_id": identity_by_rank[rank].id, "_timestamp": stamp, "_size": identity_by_rank[rank].size}
                for row, rank in zip(rows, ranks, strict=True)
            ]
    return RecordsPage(matching(engine, source, query.where, seconds=seconds), rows, query.outputs, ids, after)


def marked(engine: Engine, source: AnySource, query: Query, seconds: float = DEFAULT_SECONDS) -> pa.Table:
    """The rows of a page with their ranks and keys, as ``MarkedRows`` says.

    In a walk without order, the next rows are looked for near the last one first: everything behind would have to be read,
    since an engine that orders rows does not know that they are.
    """
    after = query.after
    if isinstance(after, Beyond) and not query.order_by and query.limit:
        # Without a condition, ranks follow one another but where rows are gone.
        width = query.limit if query.where == ALWAYS else _NEAR
        near = replace(query, after=Ranked(after.row, after.row + width))
        table = engine.table(source, MarkedRows(near), seconds=seconds)
        # A short answer says nothing of what is behind, even near the end: rows that are gone leave their ranks empty.
        if table.num_rows == query.limit:
            return table
    return engine.table(source, MarkedRows(query), seconds=seconds)


LARGEST_PAGE_BYTES = 64 * 1024 * 1024
"""Bytes of a page before it becomes JSON, which takes several times as many: rows may hold outlines of a million points."""


def _as_json(table: pa.Table, outputs: tuple[Output, ...], timezone: str) -> list[dict[str, Any]]:
    if table.nbytes > LARGEST_PAGE_BYTES:
        raise QueryTooLarge
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
    if output.expression.type is ValueType.JSON:
        return lambda value: read_json(value, json_fallback(output))
    return None


def _instant(value: datetime, zone: ZoneInfo) -> str:
    return (by_the_clocks_of(zone, value) if value.tzinfo else value).isoformat()


def _date(value: date, output: Output) -> str:
    precision = output.column.annotations.get("timeserie_precision") if output.column else None
    return value.isoformat()[: {"year": 4, "month": 7}.get(str(precision), 10)]
