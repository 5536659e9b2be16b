"""A version already written, searched for personal data as the table that it came from was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.privacy import PrivacyReport, search_table
from parvis.core.profiling.plans import ColumnGuess, ColumnPlan
from parvis.core.staging import ROWS, StagedColumn, StagedTable, open_workspace, quote_identifier
from parvis.core.versions.manifest import read_manifest


def search_version(folder: Path, *, work: Path, memory: str = "384MB", threads: int = 2) -> PrivacyReport:
    """Search a version already written, by its folder; NotFound when it is no whole version."""
    manifest = read_manifest(folder)
    with open_workspace(work, memory=memory, threads=threads) as workspace:
        columns = [column for column in manifest.shape if column.type is not ColumnType.GEO_SHAPE]
        staged = [
            StagedColumn(f"c{number}", _header(manifest.parsing, column.name, column.label))
            for number, column in enumerate(columns)
        ]
        cells = ", ".join(
            f"{_as_text(column.type, quote_identifier(column.name))} AS {staged_column.name}"
            for column, staged_column in zip(columns, staged, strict=True)
        )
        parts = [str(folder / part.file) for part in manifest.parts]
        selection = f", {cells}" if cells else ""
        workspace.connection.execute(
            f"CREATE OR REPLACE VIEW {ROWS} AS SELECT __line AS line{selection} FROM read_parquet({_listed(parts)})"
        )
        guesses = [
            ColumnGuess(ColumnPlan(column, (staged_column.name,), "text"), 1.0, (), (), (), 0)
            for column, staged_column in zip(columns, staged, strict=True)
        ]
        table = StagedTable(tuple(staged), manifest.rows, 0)
        return search_table(workspace, table, guesses)


def _header(parsing: Mapping[str, Mapping[str, Any]], name: str, label: str) -> str:
    column_parsing = parsing.get(name, {})
    sources = column_parsing.get("sources") or []
    return str(sources[0]) if len(sources) == 1 and sources[0] else label or name


def _as_text(kind: ColumnType, cell: str) -> str:
    return f"ST_AsText({cell})" if kind is ColumnType.GEO_POINT else f"{cell}::VARCHAR"


def _listed(paths: Sequence[str]) -> str:
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"
