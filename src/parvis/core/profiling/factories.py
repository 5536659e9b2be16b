"""Made-up staged tables, for this room's tests and others'."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.core.columns import ColumnType
from parvis.core.staging import ROWS, StagedColumn, StagedTable, Workspace


def stage_rows(
    workspace: Workspace,
    headers: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    hints: Sequence[ColumnType | None] = (),
) -> StagedTable:
    """Fill ROWS as a reader would: the header on line 1, the first row on line 2."""
    names = [f"c{rank}" for rank in range(len(headers))]
    columns = ", ".join(f"{name} VARCHAR" for name in names)
    workspace.connection.execute(f"CREATE OR REPLACE TABLE {ROWS} (line BIGINT, {columns})")
    if rows:
        marks = ", ".join("?" * (len(names) + 1))
        workspace.connection.executemany(
            f"INSERT INTO {ROWS} VALUES ({marks})", [[line, *row] for line, row in enumerate(rows, start=2)]
        )
    hinted = [*hints, *[None] * (len(names) - len(hints))]
    return StagedTable(tuple(StagedColumn(*parts) for parts in zip(names, headers, hinted, strict=True)), len(rows), 0)


def stage_column(workspace: Workspace, header: str, values: Sequence[str | None]) -> StagedTable:
    """A table of one column."""
    return stage_rows(workspace, [header], [[value] for value in values])
