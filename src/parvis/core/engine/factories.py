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
    with _workshop().cursor() as connection:
        filled = list(rows)
        cells = {column.name: _cells(column, [row[rank] for row in filled]) for rank, column in enumerate(columns)}
        connection.register("given", pa.table({"__row": pa.array(range(1, len(filled) + 1), pa.int64()), **cells}))
        values = ", ".join(f"{_value(c)} AS {quote_identifier(c.name)}" for c in columns)
        connection.execute(f"CREATE TEMP TABLE t AS SELECT __row, __row + 1 AS __line, {values} FROM given")
        share = max(-(-len(filled) // parts), 1)
        files = []
        for part in range(parts):
            path = folder / f"part-{part}.parquet"
            connection.execute(
                f"COPY (SELECT * FROM t WHERE __row > {part * share} AND __row <= {(part + 1) * share}) TO '{path}' (FORMAT parquet)"
            )
            content = path.read_bytes()
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
