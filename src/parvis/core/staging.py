"""A file once read and not yet typed: every value as text, in a DuckDB table, with the line it came from.

Readers (``core.formats``) fill the table, ``core.profiling`` guesses types on it, ``core.versions`` writes it as Parquet.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from parvis.core.columns import ColumnType
from parvis.core.connections import connect
from parvis.core.text import cut_label

ROWS = "staged"
"""Table of values: ``line BIGINT`` (where the record starts in the source, counted from 1; feature or row number when the
source has no lines), then one ``VARCHAR`` per column, named as in ``StagedColumn.name``; a geometry column is ``GEOMETRY`` in
WGS 84, longitude first. Rows are in the order of the source. A view in its place has consecutive lines, no two rows on one."""

REJECTS = "rejects"
"""Table of what could not become a row: ``line BIGINT, reason VARCHAR, content VARCHAR`` (reason is a stable code)."""


SET_ASIDE = frozenset({"preamble", "second-header", "repeated-header", "footer", "total-line"})
"""Reasons of ``REJECTS`` that are no fault: lines around the table, kept where they can be read."""


@dataclass(frozen=True, slots=True)
class StagedColumn:
    """A column as its source gave it: ``name`` is ``c0``, ``c1``…; ``header`` is the text above it, perhaps empty.

    ``hint`` is the type the format itself declares (Parquet, GeoPackage, GeoJSON numbers…), None for plain text.
    """

    name: str
    header: str
    hint: ColumnType | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "header", cut_label(self.header))


@dataclass(frozen=True, slots=True)
class Note:
    """Something noticed while reading that a person should know: a stable code and what fills its sentence."""

    code: str
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StagedTable:
    """What a reader left in the workspace."""

    columns: tuple[StagedColumn, ...]
    rows: int
    rejects: int
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Workspace:
    """A temporary folder and a DuckDB database in it, for one import; both vanish at the end."""

    folder: Path
    connection: duckdb.DuckDBPyConnection


@contextmanager
def open_workspace(
    parent: Path, *, memory: str = "512MB", threads: int = 2, spatial: bool = True
) -> Iterator[Workspace]:
    """A fresh workspace under ``parent``, removed at the end whatever happens.

    The database holds an empty ``REJECTS`` table and has the spatial extension loaded, if it is ``spatial``. It lives in memory up to ``memory``,
    beyond that in the folder: a database file with its checkpoints took three times as long to fill.
    """
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="import-", dir=parent))
    try:
        with connect(memory, threads, folder / "spill", spatial=spatial, preserve_insertion_order="true") as connection:
            # Of every cursor: steps read instants, and a machine in France would move those that say their offset by an hour or two.
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            # What the extension adds to the optimizer fails on a filter over rowid, which the lines of views are made of.
            connection.execute("SET disabled_optimizers = 'extension'")
            connection.execute(f"CREATE TABLE {REJECTS} (line BIGINT, reason VARCHAR, content VARCHAR)")
            yield Workspace(folder, connection)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def quote_identifier(name: str) -> str:
    """``name`` as an SQL identifier; the only place where a name becomes SQL text."""
    return '"' + name.replace('"', '""') + '"'
