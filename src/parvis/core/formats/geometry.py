"""Geometries of any source made one: GEOMETRY in WGS 84, longitude first, two dimensions, never empty."""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from parvis.core.columns import ColumnType
from parvis.core.formats.refusals import UnknownProjection
from parvis.core.formats.sink import EXAMPLE_LINES
from parvis.core.staging import ROWS, Note, Workspace

WGS84 = "EPSG:4326"
LAMBERT93 = "EPSG:2154"
HEADER = "geometry"
_SAME_AS_WGS84 = {"EPSG:4326", "OGC:CRS84", "EPSG:4979", "OGC:CRS84H", "CRS84"}
_URN = re.compile(r"urn:(?:x-)?ogc:def:crs:(EPSG|OGC):[\d.]*:(\w+)", re.IGNORECASE)
_FRANCE_IN_METRES = (-400_000, 5_900_000, 1_500_000, 7_300_000)
"""West, south, east, north of Lambert-93 with a margin."""


@dataclass(frozen=True, slots=True)
class Located:
    """How a geometry column came out: the hint for its column, the system it was in, and what was noticed."""

    hint: ColumnType
    crs: str
    notes: tuple[Note, ...]


def plain_crs(name: str) -> str:
    """``name`` as PROJ wants it: the URN of a reference system becomes its authority and code."""
    match = _URN.fullmatch(name.strip())
    return f"{match.group(1).upper()}:{match.group(2)}" if match else name.strip()


def locate(workspace: Workspace, column: str, expression: str, crs: str | None, name: str) -> Located:
    """Turn ``column`` of ROWS into GEOMETRY by ``expression`` (SQL of ours on it), from ``crs`` to WGS 84.

    Without ``crs`` the coordinates say whether they are WGS 84 or Lambert-93; UnknownProjection when neither.
    """
    connection = workspace.connection
    before = _lines(connection, f"{column} IS NOT NULL")[0]
    _replace(connection, column, f"TRY(ST_Force2D({expression}))", [])
    unreadable = before - _lines(connection, f"{column} IS NOT NULL")[0]
    emptied, empty_lines = _lines(connection, f"ST_IsEmpty({column})")
    notes = [Note("geometry-unreadable", {"count": unreadable})] if unreadable else []
    if emptied:
        notes.append(Note("geometry-empty", {"count": emptied, "lines": empty_lines}))
    source = plain_crs(crs) if crs else _guess_crs(connection, column, name)
    if not crs:
        notes.append(Note("projection-guessed", {"crs": source}))
    whole = f"CASE WHEN ST_IsEmpty({column}) THEN NULL ELSE {column} END"
    if source.upper() in _SAME_AS_WGS84:
        if emptied:
            _replace(connection, column, whole, [])
    else:
        _transform(connection, column, whole, source, name)
    invalid, lines = _lines(connection, f"NOT ST_IsValid({column})")
    if invalid:
        notes.append(Note("geometry-invalid", {"count": invalid, "lines": lines}))
    if before == unreadable + emptied:
        # A column of no geometry at all would lose its type in the file written: it is a column of nothing.
        connection.execute(f"ALTER TABLE {ROWS} ALTER {column} TYPE VARCHAR USING NULL::VARCHAR")
        return Located(ColumnType.TEXT, source, tuple(notes))
    return Located(_hint(connection, column), source, tuple(notes))


def _replace(connection: duckdb.DuckDBPyConnection, column: str, expression: str, parameters: list[object]) -> None:
    connection.execute(f"CREATE TABLE relocated AS SELECT * REPLACE ({expression} AS {column}) FROM {ROWS}", parameters)
    connection.execute(f"DROP TABLE {ROWS}")
    connection.execute(f"ALTER TABLE relocated RENAME TO {ROWS}")


def _transform(connection: duckdb.DuckDBPyConnection, column: str, whole: str, source: str, name: str) -> None:
    try:
        _replace(connection, column, f"ST_Transform({whole}, $1, '{WGS84}', always_xy := true)", [source])
    except duckdb.Error as error:
        raise UnknownProjection(file=name, crs=source[:200]) from error


def _lines(connection: duckdb.DuckDBPyConnection, condition: str) -> tuple[int, list[int]]:
    row = connection.execute(f"SELECT count(*), list(line)[1:{EXAMPLE_LINES}] FROM {ROWS} WHERE {condition}").fetchone()
    return (int(row[0]), list(row[1] or [])) if row else (0, [])


def _guess_crs(connection: duckdb.DuckDBPyConnection, column: str, name: str) -> str:
    row = connection.execute(
        f"SELECT min(ST_XMin({column})), min(ST_YMin({column})), max(ST_XMax({column})), max(ST_YMax({column})) FROM {ROWS}"
    ).fetchone()
    if row is None or row[0] is None:
        return WGS84
    west, south, east, north = row
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        return WGS84
    bounds = _FRANCE_IN_METRES
    if bounds[0] <= west and bounds[1] <= south and east <= bounds[2] and north <= bounds[3]:
        return LAMBERT93
    raise UnknownProjection(file=name)


def _hint(connection: duckdb.DuckDBPyConnection, column: str) -> ColumnType:
    other = connection.execute(
        f"SELECT 1 FROM {ROWS} WHERE {column} IS NOT NULL AND ST_GeometryType({column}) <> 'POINT' LIMIT 1"
    ).fetchone()
    return ColumnType.GEO_SHAPE if other else ColumnType.GEO_POINT
