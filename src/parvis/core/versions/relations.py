"""The rows of a version as DuckDB's SQL: the one place that says how its files are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parvis.core.columns import TableShape
from parvis.core.connections import parquet_rows, path_literal
from parvis.core.staging import quote_identifier
from parvis.core.versions.manifest import Manifest, Part


def rows_of(
    folder: Path,
    shape: TableShape,
    parts: Sequence[Part],
    own: Sequence[str] = (),
    between: tuple[int, int] | None = None,
) -> str:
    """A SELECT giving the columns of ``shape`` and the house's ``own`` ones; columns not used cost nothing.

    ``between`` keeps the rows of a single part from the first of these ranks, 0 at least, before the second.
    """
    geographic = [column.name for column in shape if column.type.is_geographic]
    columns = ", ".join([*(_stored(name, name in geographic) for name in shape.names), *own])
    if between is not None:
        (part,), (first, last) = parts, between
        return (
            f"SELECT {columns} FROM read_parquet({path_literal(folder / part.file)}, file_row_number = true) "
            f"WHERE file_row_number >= {first:d} AND file_row_number < {last:d}"
        )
    files = [folder / part.file for part in parts]
    # A part whose geometries are all null is read as bytes, and may not be beside one with geometries.
    if geographic:
        return " UNION ALL ".join(f"SELECT {columns} FROM {parquet_rows([file])}" for file in files)
    return f"SELECT {columns} FROM {parquet_rows(files)}"


def laid_over(base: str, laid: str, gone: Sequence[Path]) -> str:
    """A SELECT of the rows of two SELECTs that have the same columns, ``__row`` among them, but those whose rank is in a file of
    ``gone``: rows that came since over those of a version."""
    if not gone:
        return f"{base} UNION ALL {laid}" if laid else base
    ranks = f"(SELECT {GONE} FROM {parquet_rows(gone)})"
    left = f"SELECT * FROM ({base}) WHERE __row NOT IN {ranks}"
    return f"{left} UNION ALL SELECT * FROM ({laid}) WHERE __row NOT IN {ranks}" if laid else left


GONE = "gone"
"""The one column of the files of ranks that are no more."""


def _stored(name: str, is_geographic: bool) -> str:
    quoted = quote_identifier(name)
    return f"CAST({quoted} AS GEOMETRY) AS {quoted}" if is_geographic else quoted


def relation_of(folder: Path, manifest: Manifest) -> str:
    """SQL: the rows of a version with every column that its parts hold, for work done beside the engine."""
    return parquet_rows(folder / part.file for part in manifest.parts)
