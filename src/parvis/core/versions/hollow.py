"""A version without rows: the columns of a table that is asked of another portal each time somebody reads it.

Everything that says what a dataset is (lists, searches, cards, catalogues) rests on a version; this one says the columns, and how many
rows there were when the other portal was last read. Nothing may be computed on it (``hub.datastore.elsewhere``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.connections import opened, path_literal
from parvis.core.staging import quote_identifier
from parvis.core.versions.folders import file_digest, new_folder, safe_name
from parvis.core.versions.formats import FEDERATED
from parvis.core.versions.manifest import ColumnProfile, Manifest, Original, Part, write_manifest
from parvis.core.versions.subsets import PARQUET
from parvis.core.versions.writer import LINE, PART, ROW

MOST_COLUMNS = 2_000
_LONGEST_NAME = 200
_OF_NO_NAME = frozenset('`"\\')

_SQL = {
    ColumnType.INT: "BIGINT",
    ColumnType.DOUBLE: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.DATETIME: "TIMESTAMPTZ",
    ColumnType.GEO_POINT: "GEOMETRY",
    ColumnType.GEO_SHAPE: "GEOMETRY",
}


def columns_of(columns: Iterable[Column]) -> TableShape:
    """Those that a table may have: names that a question can hold, none twice whatever its case, at most ``MOST_COLUMNS``."""
    chosen: dict[str, Column] = {}
    for column in columns:
        name = column.name
        is_sayable = 0 < len(name) <= _LONGEST_NAME and name.isprintable() and not _OF_NO_NAME & set(name)
        if is_sayable and not name.startswith("__"):
            chosen.setdefault(name.lower(), column)
    return TableShape(tuple(chosen.values())[:MOST_COLUMNS])


def write_hollow(
    shape: TableShape,
    destination: Path,
    version: str,
    *,
    rows: int,
    bbox: tuple[float, float, float, float] | None,
    original: Path,
    name: str,
    source: str,
) -> Manifest:
    """Write ``destination/<version>/`` but for its original: to be adopted (``core.versions.adoption``) with ``original``, what the
    other portal said of the table."""
    with new_folder(destination, version) as folder, opened("256MB") as connection:
        typed = ", ".join(f"NULL::{_sql(column)} AS {quote_identifier(column.name)}" for column in shape)
        part = folder / PART
        connection.execute(
            f"COPY (SELECT * FROM (SELECT 0::BIGINT AS {ROW}, 0::BIGINT AS {LINE}, {typed}) WHERE false) "
            f"TO {path_literal(part)} {PARQUET}"
        )
        manifest = Manifest(
            version=version,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            rows=0,
            shape=shape,
            parsing={},
            parts=(Part(PART, 0, part.stat().st_size, file_digest(part)),),
            original=Original(
                f"original/{safe_name(name)}",
                original.stat().st_size,
                file_digest(original),
                FEDERATED,
                {"rows": rows, "bbox": list(bbox) if bbox else None},
                source,
            ),
            profile={column.name: ColumnProfile(0, 0) for column in shape},
        )
        write_manifest(folder, manifest)
    return manifest


def is_federated(manifest: Manifest) -> bool:
    """Whether the rows of a version are asked elsewhere."""
    return manifest.original.format == FEDERATED


def seen_hollow(manifest: Manifest, rows: int) -> Manifest:
    """The manifest with what the other portal says of the rows: how many there are, and where they lie."""
    west_to_north = manifest.original.reading.get("bbox")
    return replace(manifest, rows=rows, bbox=tuple(west_to_north) if west_to_north else None)


def _sql(column: Column) -> str:
    is_list = column.type is ColumnType.TEXT and bool(column.annotations.get("multivalued"))
    return "VARCHAR[]" if is_list else _SQL.get(column.type, "VARCHAR")
