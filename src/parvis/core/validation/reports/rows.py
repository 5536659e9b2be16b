"""The rows of a file again, numbered as its report numbers them, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from parvis.core.formats.limits import DEFAULT_LIMITS, Limits
from parvis.core.progress import no_progress
from parvis.core.schemas.model import TableSchema
from parvis.core.staging import StagedTable, Workspace, open_workspace
from parvis.core.validation.file_reader import read_file, staged_rows
from parvis.core.validation.runner import Rows

_BATCH = 2_000

type Row = tuple[int, tuple[str, ...]]
"""The number of a row, the header being 1, and its cells as text; a short row has fewer cells than the header, a long one more."""


@dataclass(frozen=True, slots=True)
class TableRows:
    """Rows that can be read while their workspace is open."""

    connection: duckdb.DuckDBPyConnection
    rows: Rows

    def __iter__(self) -> Iterator[Row]:
        """All rows in order, in constant memory."""
        return self._read("true", [])

    def between(self, first: int, last: int) -> Iterator[Row]:
        """The rows numbered ``first`` to ``last``, both included."""
        return self._read(f"{self.rows.number} BETWEEN ? AND ?", [first, last])

    def _read(self, condition: str, parameters: list[int]) -> Iterator[Row]:
        cells = ", ".join(self.rows.columns)
        cursor = self.connection.cursor()
        try:
            cursor.execute(
                f"SELECT {self.rows.number}, [{cells}], {self.rows.more} FROM {self.rows.relation} WHERE {condition} ORDER BY {self.rows.number}",
                parameters,
            )
            while batch := cursor.fetchmany(_BATCH):
                for number, texts, more in batch:
                    yield number, (*(text for text in texts if text is not None), *(more or ()))
        finally:
            cursor.close()


def rows_of_staged(workspace: Workspace, staged: StagedTable) -> TableRows:
    """The rows of a staged table, as ``validate_staged`` numbers them."""
    return TableRows(workspace.connection, staged_rows(staged))


@contextmanager
def open_rows(
    path: Path,
    schema: TableSchema,
    work: Path,
    *,
    name: str | None = None,
    strict: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[TableRows | None]:
    """The rows of the file, as ``validate`` numbers them with the same options; None for a file that has none to show."""
    with open_workspace(work) as workspace:
        reading = read_file(
            workspace, path, schema, name=name or path.name, strict=strict, progress=no_progress, limits=limits
        )
        rows = reading.read_rows()
        yield None if rows is None else TableRows(workspace.connection, rows)
