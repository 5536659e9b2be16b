"""Parquet and GeoParquet, read by DuckDB: values become canonical text, their types become hints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from parvis.core.formats.canonical import canonical_sql, hint_of
from parvis.core.formats.geometry import HEADER, WGS84, Located, locate
from parvis.core.formats.job import Job, Outcome
from parvis.core.formats.parser_failures import broken_file
from parvis.core.formats.refusals import ArchiveBomb, BrokenFile, NoTable
from parvis.core.formats.sink import check_width, clear_rows, staged_name
from parvis.core.long_statements import execute_watched
from parvis.core.staging import ROWS, StagedColumn, StagedTable, quote_identifier
from parvis.core.translation import Sentence

_FEW_CELLS = 100_000_000
"""Beyond, a file may hold as many cells as ``max_ratio`` for each of its bytes: a column that says one value takes a few bytes for as many rows as it likes."""


def read_parquet(job: Job) -> Outcome:
    """Stage the rows of a Parquet file; a GeoParquet geometry becomes GEOMETRY in WGS 84."""
    with broken_file(job.name, "Parquet", pa.ArrowException):
        file = pq.ParquetFile(job.path)
    with file, broken_file(job.name, "Parquet", pa.ArrowException):
        schema, rows = file.schema_arrow, file.metadata.num_rows
        cells = rows * max(file.metadata.num_columns, 1)
    if cells > _FEW_CELLS and cells > job.path.stat().st_size * job.limits.max_ratio:
        raise ArchiveBomb(file=job.name, reason=Sentence("{rows} lignes", {"rows": rows}))
    check_width(len(schema), job.name, job.limits)
    if not len(schema):
        raise NoTable(file=job.name)
    places = _geometries(schema)
    clear_rows(job.workspace.connection)
    _load(job, schema, places, rows)
    located = {}
    for field, place in places.items():
        column = staged_name(schema.get_field_index(field))
        located[field] = locate(job.workspace, column, _shape(job, column), place.crs, job.name)
    columns = tuple(_column(rank, field, located) for rank, field in enumerate(schema))
    notes = tuple(note for place in located.values() for note in place.notes)
    reading = {"crs": next(iter(located.values())).crs} if located else {}
    return StagedTable(columns, rows, 0, notes), reading


@dataclass(frozen=True, slots=True)
class Place:
    """A geometry column: its reference system, and the GeoJSON type when it is written as coordinates, not as WKB."""

    crs: str
    shape: str = ""


_NATIVE = {
    name.lower(): (name, depth)
    for name, depth in (
        ("Point", 0),
        ("LineString", 1),
        ("MultiPoint", 1),
        ("Polygon", 2),
        ("MultiLineString", 2),
        ("MultiPolygon", 3),
    )
}
"""Encodings of GeoParquet 1.1 by coordinates: the GeoJSON type, and how many lists are around a position."""


def _shape(job: Job, column: str) -> str:
    """SQL: the geometry of a staged column, WKB, GeoJSON or a geometry already."""
    described = job.workspace.connection.execute(f"DESCRIBE {ROWS}").fetchall()
    kind = next(str(row[1]) for row in described if row[0] == column)
    return {"BLOB": f"ST_GeomFromWKB({column})", "VARCHAR": f"ST_GeomFromGeoJSON({column})"}.get(kind, column)


def _column(rank: int, field: pa.Field, located: dict[str, Located]) -> StagedColumn:
    if field.name in located:
        return StagedColumn(staged_name(rank), HEADER if len(located) == 1 else field.name, located[field.name].hint)
    return StagedColumn(staged_name(rank), field.name, hint_of(field.type))


def _geometries(schema: pa.Schema) -> dict[str, Place]:
    """Geometry columns of a GeoParquet file of any version."""
    try:
        geo = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
        columns: dict[str, Any] = geo.get("columns") or {}
    except (ValueError, AttributeError):
        return {}
    return {
        name: Place(_crs(about.get("crs")), str(about.get("encoding", "")).lower())
        for name, about in columns.items()
        if name in schema.names and isinstance(about, dict)
    }


def _crs(crs: Any) -> str:
    """A PROJJSON definition as authority and code; GeoParquet without one is WGS 84."""
    if isinstance(crs, str) and crs.strip():
        return crs  # the first versions wrote WKT
    if not isinstance(crs, dict):
        return WGS84
    identity = crs.get("id")
    if isinstance(identity, dict) and "authority" in identity and "code" in identity:
        return f"{identity['authority']}:{identity['code']}"
    return json.dumps(crs)


def _load(job: Job, schema: pa.Schema, places: dict[str, Place], rows: int) -> None:
    """Read the file into ROWS with its rank as line; DuckDB's own view of GeoParquet is stricter than what is published."""
    connection = job.workspace.connection
    connection.execute("SET enable_geoparquet_conversion = false")
    expressions = [
        f"{_value(quote_identifier(field.name), field, places)} AS {staged_name(rank)}"
        for rank, field in enumerate(schema)
    ]
    sql = f"""CREATE TABLE {ROWS} AS SELECT file_row_number + 1 AS line, {", ".join(expressions)}
        FROM read_parquet($path, file_row_number = true, hive_partitioning = false)"""
    try:
        execute_watched(
            job.workspace.connection, sql, {"path": str(job.path)}, stage="read", progress=job.progress, total=rows
        )
    except duckdb.Error as error:
        raise BrokenFile(file=job.name, format="Parquet", reason=str(error).split("\n")[0][:300].rstrip(".")) from error
    finally:
        connection.execute("RESET enable_geoparquet_conversion")


def _value(name: str, field: pa.Field, places: dict[str, Place]) -> str:
    if field.name not in places:
        return canonical_sql(name, field.type)
    if places[field.name].shape not in _NATIVE:
        return name
    shape, depth = _NATIVE[places[field.name].shape]
    position = "p0" if depth else name
    positions = f"[{position}.x, {position}.y]"
    for level in range(depth):
        inside = f"p{level + 1}" if level + 1 < depth else name
        positions = f"list_transform({inside}, lambda p{level}: {positions})"
    return (
        f"""CASE WHEN {name} IS NOT NULL THEN '{{"type":"{shape}","coordinates":' || to_json({positions}) || '}}' END"""
    )
