"""Made-up versions, for tests: a folder with one Parquet file and its manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.connections import connect
from parvis.core.engine.contract import Source
from parvis.core.staging import quote_identifier
from parvis.core.versions.manifest import Manifest, Original, Part, write_manifest

if TYPE_CHECKING:
    import duckdb

_SQL_TYPES = {
    ColumnType.INT: "BIGINT",
    ColumnType.DOUBLE: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.DATETIME: "TIMESTAMPTZ",
}


@cache
def _workshop() -> duckdb.DuckDBPyConnection:
    """The database of this process where versions are made, each in a cursor of its own: to open one takes as long as to write ten."""
    connection = connect("4GB")
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return connection


def make_version(
    folder: Path, columns: Sequence[Column], rows: Iterable[Sequence[object]], *, parts: int = 1
) -> Source:
    """A version in ``folder`` with these rows, named by it; geometries are given as WKT, dates as ISO text."""
    folder.mkdir(parents=True)
    filled = list(rows)
    share = max(-(-len(filled) // parts), 1)
    key = repr((columns, filled, parts))
    if key not in _WRITTEN:
        if len(_WRITTEN) >= _MOST_WRITTEN:
            del _WRITTEN[next(iter(_WRITTEN))]
        _WRITTEN[key] = _write(folder, columns, filled, parts, share)
    files = []
    for part, content in enumerate(_WRITTEN[key]):
        path = folder / _name_of(part)
        path.write_bytes(content)
        files.append(Part(path.name, share, len(content), hashlib.sha256(content).hexdigest()))
    manifest = Manifest(
        version=folder.name,
        created="2026-01-01T00:00:00+00:00",
        rows=len(filled),
        shape=TableShape(tuple(columns)),
        parsing={},
        parts=tuple(files),
        original=Original("original/made.csv", 0, "", "csv"),
    )
    write_manifest(folder, manifest)
    return Source(str(folder), manifest)


_WRITTEN: dict[str, list[bytes]] = {}
"""The files of the last versions made here, by columns and rows: each test of a file mostly makes the same, and to write them is most of it."""
_MOST_WRITTEN = 50


def _name_of(part: int) -> str:
    return f"part-{part}.parquet"


def _write(
    folder: Path, columns: Sequence[Column], rows: list[Sequence[object]], parts: int, share: int
) -> list[bytes]:
    """The bytes of each part, written once in ``folder``."""
    with _workshop().cursor() as connection:
        cells = {column.name: _cells(column, [row[rank] for row in rows]) for rank, column in enumerate(columns)}
        connection.register("given", pa.table({"__row": pa.array(range(1, len(rows) + 1), pa.int64()), **cells}))
        values = ", ".join(f"{_value(c)} AS {quote_identifier(c.name)}" for c in columns)
        connection.execute(f"CREATE TEMP TABLE t AS SELECT __row, __row + 1 AS __line, {values} FROM given")
        contents = []
        for part in range(parts):
            path = folder / _name_of(part)
            connection.execute(
                f"COPY (SELECT * FROM t WHERE __row > {part * share} AND __row <= {(part + 1) * share}) TO '{path}' (FORMAT parquet)"
            )
            contents.append(path.read_bytes())
        return contents


def _cells(column: Column, values: list[object]) -> pa.Array:
    if column.annotations.get("multivalued"):
        return pa.array(values, pa.list_(pa.string()))
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def _value(column: Column) -> str:
    name = quote_identifier(column.name)
    if column.type.is_geographic:
        return f"ST_GeomFromText({name})"
    if column.annotations.get("multivalued"):
        return name
    return f"CAST({name} AS {_SQL_TYPES.get(column.type, 'VARCHAR')})"
