"""Rows as geographic features: found by place, time and values, given in any offered system, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine import Engine, Source
from parvis.core.engine.contract import DEFAULT_SECONDS
from parvis.core.engine.plans import Count, Rows
from parvis.core.errors import NotFound
from parvis.core.explore import ExploreRequest
from parvis.core.explore.identity import fact_of_row, find_row
from parvis.core.explore.text_columns import quoted
from parvis.core.explore.writers.json import objects
from parvis.core.explore.writers.rows import Answer, joined_bytes
from parvis.core.geo.crs import CRS84, Crs, geometry_in
from parvis.core.odsql.bound import (
    ALWAYS,
    Beyond,
    Bound,
    Cell,
    Compare,
    Every,
    Null,
    OfRow,
    Output,
    Query,
    Ranked,
    RowFact,
    Some,
    Test,
    Value,
)
from parvis.core.odsql.moments import Moment
from parvis.core.odsql.valuetypes import ValueType, type_of

_BATCH = 1_024


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, open where a bound is None; both moments are in it."""

    start: Moment | None
    end: Moment | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows, from which place in the order of the file, at most how many, in which system."""

    conditions: tuple[Test, ...] = ()
    limit: int = 10
    offset: int = 0
    after: int = 0
    """Rank of the row after which to begin; 0 for the beginning."""
    crs: Crs = CRS84

    @property
    def where(self) -> Test:
        """All the conditions as one."""
        return Every(self.conditions) if self.conditions else ALWAYS


@dataclass(frozen=True, slots=True)
class Page:
    """Ranks of the rows of a page, in order, and whether others follow."""

    rows: Sequence[int]
    more: bool


def time_column(shape: TableShape) -> Column | None:
    """The column that says when: the first instant, else the first date."""
    for kind in (ColumnType.DATETIME, ColumnType.DATE):
        for column in shape:
            if column.type is kind and not column.annotations.get("multivalued"):
                return column
    return None


def within_period(column: Column, period: Period) -> Test:
    """The condition that a row falls in a period; a row without a moment does too (OGC API – Features, 7.15.4)."""
    cell = Cell(column, type_of(column))
    tests = [
        Compare(cell, sign, Value(value, cell.type))
        for moment, sign, value in _bounds(column, period)
        if moment is not None
    ]
    return Some((Null(cell), Every(tuple(tests))))


def _bounds(column: Column, period: Period) -> Iterator[tuple[Moment | None, str, date | datetime | None]]:
    """Each bound with the comparison it means: a moment written short (a day, a year) lasts to its end."""
    whole_days = column.type is ColumnType.DATE
    start, end = period.start, period.end
    first = start.start.astimezone(UTC) if start else None
    yield start, ">=", first.date() if first and whole_days else first
    if end is None or end.precision == "second":
        last, sign = (end.start.astimezone(UTC) if end else None), "<="
    else:
        last, sign = end.end().astimezone(UTC), "<"
    yield end, sign, last.date() if last and whole_days else last


def or_nowhere(geometry: Bound, condition: Test) -> Test:
    """A condition on places that also keeps rows without one (OGC API – Features, 7.15.3)."""
    return Some((Null(geometry), condition))


def count(engine: Engine, source: Source, query: Wanted, *, seconds: float = DEFAULT_SECONDS) -> int:
    """How many rows the conditions keep."""
    if not query.conditions:
        return source.rows
    return int(engine.value(source, Count(query.where), seconds=seconds))


def page(engine: Engine, source: Source, query: Wanted, *, seconds: float = DEFAULT_SECONDS) -> Page:
    """The rows of a page."""
    rank = Output("rank", OfRow(RowFact.RANK), None)
    after = Beyond((), (), query.after)
    plan = Rows(Query((rank,), query.where, limit=query.limit + 1, offset=query.offset, after=after))
    rows = engine.table(source, plan, seconds=seconds).column(0).to_pylist()
    return Page(rows[: query.limit], len(rows) > query.limit)


def features(
    engine: Engine, source: Source, query: Wanted, page: Page, *, seconds: float = DEFAULT_SECONDS
) -> Iterator[bytes]:
    """The features of a page as GeoJSON objects separated by commas; ``seconds`` is the longest wait for the next ones.

    The first ones are computed at once, so that a refusal of the engine comes before the first byte.
    """
    if not page.rows:
        return iter(())
    outputs = _properties(source)
    head = (
        Output("id", fact_of_row(source.shape, RowFact.ID), None),
        Output("geometry", _geometry(source, query.crs), None),
    )
    query_of_page = Query((*head, *outputs), query.where, after=Ranked(page.rows[0] - 1, page.rows[-1]))
    batches = engine.stream(source, Rows(query_of_page), seconds=seconds, rows_per_batch=_BATCH)
    first = next(batches, None)
    return _written(Answer(outputs, (), ExploreRequest()), first, batches)


def feature(
    engine: Engine, source: Source, feature_id: str, crs: Crs = CRS84, *, seconds: float = DEFAULT_SECONDS
) -> bytes:
    """One feature by the identifier of its record, as a GeoJSON object; NotFound when no row has it."""
    row = find_row(engine, source, feature_id, seconds=seconds)
    if row is None:
        raise NotFound(name=feature_id[:100])
    return b"".join(features(engine, source, Wanted(crs=crs), Page([row], more=False), seconds=seconds))


def _properties(source: Source) -> tuple[Output, ...]:
    drawn = source.shape.geometry
    return tuple(Output(c.name, Cell(c, type_of(c)), c) for c in source.shape if c is not drawn)


def _geometry(source: Source, crs: Crs) -> Bound:
    drawn = source.shape.geometry
    return geometry_in(Cell(drawn, type_of(drawn)), crs) if drawn else Value(None, ValueType.NULL)


def _written(answer: Answer, first: pa.RecordBatch | None, batches) -> Iterator[bytes]:
    with closing(batches):
        begun = False
        for batch in ([] if first is None else [first]), batches:
            for record_batch in batch:
                for piece in _pieces(answer, record_batch):
                    yield b",\n" + piece if begun else piece
                    begun = True


def _pieces(answer: Answer, batch: pa.RecordBatch) -> Iterator[bytes]:
    """The text of a batch's features, in pieces of 16 MiB at most, without the commas between pieces."""
    whole = Answer(answer.outputs, (batch,), answer.request)
    for piece in whole.pieces():
        geometry = pc.fill_null(piece.column(1), "null")
        values = piece.select(range(2, piece.num_columns))
        text = pc.binary_join_element_wise(
            ',\n{"type": "Feature", "id": ',
            quoted(piece.column(0)),
            ', "geometry": ',
            geometry,
            ', "properties": ',
            objects(answer, values),
            "}",
            "",
        )
        yield joined_bytes(text)[2:]
