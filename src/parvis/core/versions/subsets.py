"""Some rows of a version, as a version of its own: what a territory sees of a larger table.

A subset is derived: it may be removed at any time and made again, and is outside the folder of its version, which never
changes. It has parts and a manifest as a version has, so that every reader takes it for one; the original stays where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from parvis.core.columns import Column, ColumnType
from parvis.core.connections import opened, parquet_rows, path_literal
from parvis.core.staging import quote_identifier
from parvis.core.versions.folders import file_digest, new_folder
from parvis.core.versions.manifest import Manifest, Part, read_manifest, write_manifest
from parvis.core.versions.relations import relation_of
from parvis.core.versions.statistics import profile_columns, read_extent

PART = "part-0.parquet"
PARQUET = "(FORMAT parquet, COMPRESSION zstd, GEOPARQUET_VERSION 'BOTH')"


@dataclass(frozen=True, slots=True)
class Among:
    """Rows whose text in ``column`` is one of ``values``, or begins with one of them when ``begins``."""

    column: str
    values: tuple[str, ...]
    begins: bool = False

    def sql(self) -> tuple[str, list[Any]]:
        """The condition over the columns of a part, and its parameters."""
        name = f"{quote_identifier(self.column)}::VARCHAR"
        if self.begins:
            return f"list_bool_or(list_transform(?, lambda v: starts_with({name}, v)))", [list(self.values)]
        return f"list_contains(?, {name})", [list(self.values)]


@dataclass(frozen=True, slots=True)
class Inside:
    """Rows whose place lies within a GeoJSON contour in degrees; a point upon a shape stands for it."""

    column: str
    point: bool
    contour: str

    def sql(self) -> tuple[str, list[Any]]:
        """The condition over the columns of a part, and its parameters."""
        return f"ST_Contains(ST_GeomFromGeoJSON(?), {place_sql(self.column, point=self.point)})", [self.contour]


type Condition = Among | Inside


def place_sql(column: str, *, point: bool) -> str:
    """SQL: the point that stands for a place."""
    name = quote_identifier(column)
    return name if point else f"ST_PointOnSurface({name})"


def write_subset(
    folder: Path, destination: Path, name: str, condition: Condition, *, memory: str = "256MB", seconds: float = 600.0
) -> Manifest:
    """Write the rows of the version in ``folder`` that meet the condition to ``destination/name``, whole or not at all.

    Rows keep their rank and their order of origin; profile and extent are those of the subset. WriteFailed when the machine
    could not, or not within ``seconds``; AlreadyWritten when another process was first.
    """
    manifest = read_manifest(folder)
    with (
        new_folder(destination, name) as target,
        opened(memory, seconds=seconds) as connection,
    ):
        test, parameters = condition.sql()
        connection.execute(
            f"CREATE TEMP TABLE kept AS SELECT __row FROM {relation_of(folder, manifest)} WHERE {test}", parameters
        )
        part = target / PART
        connection.execute(
            f"COPY (SELECT r.* FROM {relation_of(folder, manifest)} r SEMI JOIN kept USING (__row) ORDER BY __row) "
            f"TO {path_literal(part)} {PARQUET}"
        )
        subset = described(connection, manifest, part)
        write_manifest(target, subset)
    return subset


def count_by_code(folder: Path, column: Column, length: int | None = None) -> dict[str, int]:
    """How many rows each code has, or each beginning of codes of that ``length``."""
    manifest = read_manifest(folder)
    name = f"{quote_identifier(column.name)}::VARCHAR"
    code = f"left({name}, {length:d})" if length else name
    with opened("256MB") as connection:
        rows = connection.execute(
            # By place, not by name: a table may have a column so named beside the one that is counted.
            f"SELECT {code}, count(*) FROM {relation_of(folder, manifest)} WHERE {name} IS NOT NULL GROUP BY 1"
        ).fetchall()
    return {str(code): int(count) for code, count in rows}


def count_by_contour(folder: Path, column: Column, contours: Mapping[str, str]) -> dict[str, int]:
    """How many rows lie within each GeoJSON contour, by its code; codes without a row are absent."""
    manifest = read_manifest(folder)
    place = place_sql(column.name, point=column.type is ColumnType.GEO_POINT)
    with opened("256MB") as connection:
        connection.execute("CREATE TEMP TABLE contours (code VARCHAR, shape GEOMETRY)")
        connection.executemany(
            "INSERT INTO contours VALUES (?, ST_GeomFromGeoJSON(?))", [[code, text] for code, text in contours.items()]
        )
        rows = connection.execute(
            f"SELECT code, count(*) FROM (SELECT {place} AS place FROM {relation_of(folder, manifest)}) "
            "JOIN contours ON ST_Contains(shape, place) GROUP BY code"
        ).fetchall()
    return {str(code): int(count) for code, count in rows}


def described(connection: duckdb.DuckDBPyConnection, manifest: Manifest, part: Path) -> Manifest:
    """The manifest of a derived version whose one part is written, from that of the version it comes from."""
    relation = parquet_rows([part])
    counted = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    rows = int(counted[0]) if counted else 0
    extent = read_extent(part, manifest.shape.geometry)
    return replace(
        manifest,
        rows=rows,
        parts=(Part(PART, rows, part.stat().st_size, file_digest(part)),),
        profile=profile_columns(connection, relation, list(manifest.shape)),
        bbox=extent.bbox,
        geometry_types=extent.geometry_types,
        rejects=0,
        nulled=0,
    )
