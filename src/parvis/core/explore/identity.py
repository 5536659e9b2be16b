"""Identifiers of records: the field annotated ``id``, else a fingerprint of the values and the rank of the row.

A fingerprint is 40 hexadecimal digits: the MD5 of the values (32), then the rank of the row in its version (8). The rank
finds the row at once; the MD5 proves that it is the same one. When the version has changed and the row has moved, it is
looked for by its MD5 alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine.contract import DEFAULT_SECONDS, ROW, AnySource, Engine, Statement
from parvis.core.odsql.tokens import whole_characters
from parvis.core.staging import quote_identifier

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
    marks = ", ".join("?" for _row in rows)
    text = row_text(source.shape)
    named = id_column(source)
    name = f"CAST({quote_identifier(named.name)} AS VARCHAR)" if named else "NULL"
    sql = (
        f"SELECT {ROW}, {name}, md5({text}), strlen({text}) FROM rows "
        f"WHERE {ROW} BETWEEN ? AND ? AND {ROW} IN ({marks})"
    )
    table = engine.table(source, Statement(sql, (min(rows), max(rows), *rows)), seconds=seconds)
    ranks, names, digests, sizes = (column.to_pylist() for column in table.columns)
    return {
        rank: Identity(name if name is not None else f"{digest}{rank:08x}", size)
        for rank, name, digest, size in zip(ranks, names, digests, sizes, strict=True)
    }


def identity_sql(source: AnySource) -> str:
    """SQL of a row's identifier, for statements written elsewhere."""
    named = id_column(source)
    fingerprint = f"md5({row_text(source.shape)}) || printf('%08x', {ROW})"
    return f"coalesce(CAST({quote_identifier(named.name)} AS VARCHAR), {fingerprint})" if named else fingerprint


def find_row(engine: Engine, source: AnySource, record_id: str, *, seconds: float = DEFAULT_SECONDS) -> int | None:
    """The rank of the row that has an identifier; None when there is none."""
    record_id = whole_characters(record_id)
    named = id_column(source)
    if named is not None:
        row = _first(engine, source, _named(named, record_id), seconds)
        if row is not None:
            return row
    if not _FINGERPRINT.fullmatch(record_id):
        return None
    rank, digest = int(record_id[_MD5:], 16), record_id[:_MD5]
    same = f"md5({row_text(source.shape)}) = ?"
    at_rank = Statement(f"SELECT {ROW} FROM rows WHERE {ROW} = ? AND {same}", (rank, digest))
    anywhere = Statement(f"SELECT {ROW} FROM rows WHERE {same} LIMIT 1", (digest,))
    row = _first(engine, source, at_rank, seconds)
    return _first(engine, source, anywhere, seconds) if row is None else row


def id_column(source: AnySource) -> Column | None:
    """The column annotated ``id``, None when there is none."""
    return next((column for column in source.shape if column.annotations.get("id")), None)


def _named(column: Column, record_id: str) -> Statement:
    name = quote_identifier(column.name)
    if column.type is ColumnType.INT and _WHOLE.fullmatch(record_id):
        return Statement(f"SELECT {ROW} FROM rows WHERE {name} = CAST(? AS BIGINT) LIMIT 1", (int(record_id),))
    value = name if column.type is ColumnType.TEXT else f"CAST({name} AS VARCHAR)"
    return Statement(f"SELECT {ROW} FROM rows WHERE {value} = ? LIMIT 1", (record_id,))


def _first(engine: Engine, source: AnySource, statement: Statement, seconds: float) -> int | None:
    table = engine.table(source, statement, seconds=seconds)
    return int(table.column(0)[0].as_py()) if table.num_rows else None


def row_text(shape: TableShape) -> str:
    """The SQL of all values of a row as one text: separated by U+001F, a missing one written U+0000."""
    return f"concat_ws(chr(31), {', '.join(_cell(column) for column in shape)})"


def _cell(column: Column) -> str:
    name = quote_identifier(column.name)
    return f"coalesce({_CELLS.get(column.type, 'CAST({0} AS VARCHAR)').replace('{0}', name)}, chr(0))"


_CELLS = {
    ColumnType.DATETIME: "CAST(epoch_us({0}) AS VARCHAR)",
    ColumnType.GEO_POINT: "ST_AsText({0})",
    ColumnType.GEO_SHAPE: "ST_AsText({0})",
}
"""How a value is written for its fingerprint, where a plain cast would depend on settings."""
