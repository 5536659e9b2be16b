"""Pages of entities as JSON: bounded in rows and in bytes, each row of a version on one page and on one alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine, Source
from parvis.core.engine.errors import QueryTooLarge
from parvis.core.explore.cursor import read_token, walk_key, write_token
from parvis.core.explore.errors import WrongCursor
from parvis.core.explore.records import marked, matching
from parvis.core.explore.text_columns import instants_as_text, numbers_as_text, quoted
from parvis.core.explore.writers.rows import joined_bytes
from parvis.core.odata.edm import EdmType, Property
from parvis.core.odata.errors import WrongPlace
from parvis.core.odata.functions import LATITUDE, LONGITUDE
from parvis.core.odata.questions import Question
from parvis.core.odsql.bound import AtRow, Beyond, Cell, Output, Query, Result
from parvis.core.odsql.valuetypes import ValueType

PAGE_ROWS = 10_000
"""Rows of a page when the client says nothing."""
LARGEST_PAGE = 50_000
PAGE_BYTES = 32 * 1024 * 1024
"""Bytes of a page before it is written: rows may hold outlines of a million points, and a page then has fewer."""


@dataclass(frozen=True, slots=True)
class Page:
    """The entities of a page as the inside of a JSON array, how many they are, and where the next page begins (empty: nowhere)."""

    body: bytes
    rows: int
    token: str = ""


def page(
    engine: Engine,
    source: AnySource,
    question: Question,
    rows: int,
    *,
    wide_numbers_as_text: bool = False,
    seconds: float = DEFAULT_SECONDS,
) -> Page:
    """The page that a question asks for, of ``rows`` entities at most; WrongPlace for a place that is none of this walk."""
    most = rows if question.top is None else min(rows, question.top)
    if most == 0:
        return Page(b"", 0)
    key = walk_key(source, question.walk)
    query = _query(question, key)
    table, has_more = _bounded(engine, source, query, min(most, _fitting(source, question.properties)), seconds)
    width = len(query.outputs)
    body = entities(table, question.properties, question.timezone, wide_numbers_as_text)
    if not has_more or question.top == table.num_rows:
        return Page(body, table.num_rows)
    keys = tuple(table.column(width + 1 + rank)[-1].as_py() for rank in range(len(question.orders)))
    place = write_token(keys, table.column(width)[-1].as_py(), key)
    return Page(body, table.num_rows, place)


def entity(
    engine: Engine,
    source: AnySource,
    question: Question,
    rank: int,
    *,
    wide_numbers_as_text: bool = False,
    seconds: float = DEFAULT_SECONDS,
) -> bytes | None:
    """The entity of that rank as the text of a JSON object; None when there is none."""
    query = replace(_plain(question), order_by=(), after=AtRow(rank), limit=1)
    table = marked(engine, source, query, seconds)
    if not table.num_rows:
        return None
    return entities(table, question.properties, question.timezone, wide_numbers_as_text)


def total(engine: Engine, source: AnySource, question: Question, *, seconds: float = DEFAULT_SECONDS) -> int:
    """How many entities match, whatever the page."""
    return matching(engine, source, question.where, seconds=seconds)


def _plain(question: Question) -> Query:
    return Query(_columns(question.properties)[0], question.where, question.orders)


_PARTS = {LATITUDE: "lat", LONGITUDE: "lon"}


def _columns(properties: Sequence[Property]) -> tuple[tuple[Output, ...], list[tuple[int, str]]]:
    """What the engine is asked for these properties, and where each is in its answer: a point once for both of its numbers."""
    outputs: list[Output] = []
    places: list[tuple[int, str]] = []
    points: dict[str, int] = {}
    for row in properties:
        node = row.expression
        part = _PARTS.get(node.function, "") if isinstance(node, Result) else ""
        if part and isinstance(node, Result) and isinstance(cell := node.arguments[0], Cell):
            rank = points.setdefault(cell.column.name, len(outputs))
            if rank == len(outputs):
                outputs.append(Output(row.name, cell, None))
            places.append((rank, part))
            continue
        places.append((len(outputs), ""))
        outputs.append(Output(row.name, node, None))
    return tuple(outputs), places


def _query(question: Question, key: bytes) -> Query:
    query = _plain(question)
    if question.token:
        try:
            values, row = read_token(question.token, key)
        except WrongCursor:
            raise WrongPlace(option="$skiptoken") from None
        if len(values) != len(question.orders):
            raise WrongPlace(option="$skiptoken")
        return replace(query, after=Beyond(question.orders, values, row))
    # Without an order, the rows after none: those of a page are then in the order of their ranks.
    return replace(query, offset=question.skip, after=None if question.orders else Beyond((), (), 0))


_UNPACKED = 4
"""How many times what a file holds a row takes once it is read and its shape written as text, or so."""


def _fitting(source: AnySource, properties: Sequence[Property]) -> int:
    """Rows of a page with shapes, by what they weigh in their files: to read ten thousand outlines and give eight hundred of them
    would take the time of twelve pages."""
    has_shapes = any(row.expression.type is ValueType.SHAPE for row in properties)
    if not has_shapes or not isinstance(source, Source) or not source.rows:
        return LARGEST_PAGE
    weight = sum(part.bytes for part in (source.base or source).manifest.parts) / max((source.base or source).rows, 1)
    return max(1, int(PAGE_BYTES / max(weight * _UNPACKED, 1)))


def _bounded(engine: Engine, source: AnySource, query: Query, most: int, seconds: float) -> tuple[pa.Table, bool]:
    """The rows of a page, fewer where they are heavy, and whether there are others behind."""
    size = most
    while True:
        try:
            table = marked(engine, source, replace(query, limit=size + 1), seconds)
            break
        except QueryTooLarge:
            if size == 1:
                raise
            size = max(1, size // 10)
    fitting = table.num_rows * PAGE_BYTES // max(table.nbytes, 1)
    shown = min(size, max(1, fitting))
    return table.slice(0, shown), table.num_rows > shown


def entities(
    table: pa.Table, properties: Sequence[Property], timezone: str, wide_numbers_as_text: bool = False
) -> bytes:
    """Rows as JSON objects separated by commas; the columns of the table begin with those that the properties ask for."""
    if not table.num_rows:
        return b""
    places = _columns(properties)[1]
    columns = [
        pc.fill_null(_text(_part(_whole(table.column(rank)), part), row, timezone, wide_numbers_as_text), "null")
        for (rank, part), row in zip(places, properties, strict=True)
    ]
    parts: list[object] = []
    for rank, (row, column) in enumerate(zip(properties, columns, strict=True)):
        parts += [f'{"," if rank else "{"}"{row.name}":', column]
    objects = pc.binary_join_element_wise(*parts, "}", "")
    return joined_bytes(pc.binary_join_element_wise(",", objects, "").cast(pa.large_string()))[1:]


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _part(array: pa.Array, part: str) -> pa.Array:
    return pc.struct_field(array, part) if part else array


def _text(array: pa.Array, row: Property, timezone: str, wide_numbers_as_text: bool) -> pa.Array:
    """The values of a property as JSON text; nulls stay null, and what is no number becomes null."""
    kind = array.type
    if pa.types.is_null(kind):
        return pa.nulls(len(array), pa.string())
    if row.type is EdmType.BOOLEAN:
        return pc.if_else(array, "true", "false")
    if row.type is EdmType.INT:
        text = pc.cast(array, pa.string())
        return quoted(text) if wide_numbers_as_text else text
    if row.type is EdmType.DOUBLE:
        finite = pc.fill_null(pc.is_finite(array), False)
        return pc.if_else(finite, numbers_as_text(array), pa.scalar(None, pa.string()))
    if row.type is EdmType.DATE:
        return quoted(pc.cast(array, pa.string()))
    if row.type is EdmType.INSTANT:
        return quoted(_instants(array, timezone))
    return quoted(pc.cast(array, pa.string()))


def _instants(array: pa.Array, timezone: str) -> pa.Array:
    """Instants with an offset of hours and minutes; in UTC where that of the zone has seconds, as before 1911 in Paris."""
    if array.type.tz is None:
        array = array.cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    text = instants_as_text(array, timezone)
    is_odd = pc.fill_null(pc.match_substring_regex(text, r"[+-]\d\d:\d\d:\d\d$"), False)
    return pc.if_else(is_odd, instants_as_text(array, "UTC"), text) if pc.any(is_odd).as_py() else text
