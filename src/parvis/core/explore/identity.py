"""Identifiers of records: the field annotated ``id``, else a fingerprint of the values and the rank of the row.

A fingerprint is 40 hexadecimal digits: the MD5 of the values (32), then the rank of the row in its version (8). The rank
finds the row at once; the MD5 proves that it is the same one. When the version has changed and the row has moved, it is
looked for by its MD5 alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine
from parvis.core.engine.plans import Rows
from parvis.core.odsql.bound import (
    AsText,
    AtRow,
    AtRows,
    Bound,
    Cell,
    Compare,
    Every,
    OfRow,
    Output,
    Query,
    RowFact,
    Test,
    Value,
)
from parvis.core.odsql.tokens import whole_characters
from parvis.core.odsql.valuetypes import ValueType, type_of

_FINGERPRINT = re.compile(r"[0-9a-f]{40}")
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_MD5 = 32


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a row apart from its values: its identifier and how many bytes its values take as text."""

    id: str
    size: int


def identities(
    engine: Engine, source: AnySource, rows: Sequence[int], *, seconds: float = DEFAULT_SECONDS
) -> dict[int, Identity]:
    """The identities of some rows, by rank."""
    if not rows:
        return {}
    named = id_column(source.shape)
    facts = [fact_of_row(source.shape, fact) for fact in (RowFact.RANK, RowFact.DIGEST, RowFact.SIZE)]
    name = AsText(Cell(named, type_of(named))) if named else Value(None, ValueType.NULL)
    table = engine.table(source, Rows(_query(*facts, name, where=AtRows(tuple(rows)))), seconds=seconds)
    ranks, digests, sizes, names = (column.to_pylist() for column in table.columns)
    return {
        rank: Identity(name if name is not None else f"{digest}{rank:08x}", size)
        for rank, digest, size, name in zip(ranks, digests, sizes, names, strict=True)
    }


def fact_of_row(shape: TableShape, fact: RowFact) -> OfRow:
    """What is known of a row besides its columns."""
    return OfRow(fact, shape.columns, id_column(shape)) if fact is not RowFact.RANK else OfRow(fact)


def find_row(engine: Engine, source: AnySource, record_id: str, *, seconds: float = DEFAULT_SECONDS) -> int | None:
    """The rank of the row that has an identifier; None when there is none."""
    record_id = whole_characters(record_id)
    named = id_column(source.shape)
    if named is not None:
        row = _first(engine, source, _named(named, record_id), seconds)
        if row is not None:
            return row
    if not _FINGERPRINT.fullmatch(record_id):
        return None
    rank, digest = int(record_id[_MD5:], 16), Value(record_id[:_MD5], ValueType.TEXT)
    same = Compare(fact_of_row(source.shape, RowFact.DIGEST), "=", digest)
    row = _first(engine, source, Every((AtRow(rank), same)), seconds)
    return _first(engine, source, same, seconds) if row is None else row


def id_column(shape: TableShape) -> Column | None:
    """The column annotated ``id``, None when there is none."""
    return next((column for column in shape if column.annotations.get("id")), None)


def _named(column: Column, record_id: str) -> Test:
    cell = Cell(column, type_of(column))
    if column.type is ColumnType.INT and _WHOLE.fullmatch(record_id):
        return Compare(cell, "=", Value(int(record_id), ValueType.NUMBER))
    text = cell if column.type is ColumnType.TEXT else AsText(cell)
    return Compare(text, "=", Value(record_id, ValueType.TEXT))


def _first(engine: Engine, source: AnySource, where: Test, seconds: float) -> int | None:
    query = replace(_query(OfRow(RowFact.RANK), where=where), limit=1)
    table = engine.table(source, Rows(query), seconds=seconds)
    return int(table.column(0)[0].as_py()) if table.num_rows else None


def _query(*expressions: Bound, where: Test) -> Query:
    return Query(tuple(Output(str(rank), expression, None) for rank, expression in enumerate(expressions)), where)
