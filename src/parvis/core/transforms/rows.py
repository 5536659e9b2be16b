"""Changing the staged table: finding a column by its header, replacing the rows by those of a statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parvis.core.formats.sink import clear_rows
from parvis.core.staging import ROWS, StagedColumn, StagedTable, Workspace, quote_identifier
from parvis.core.transforms.model import Step, StepColumnMissing

_NEXT = "staged_next"


def column_of(staged: StagedTable, step: Step, header: str) -> StagedColumn:
    """The column under that header (the first when several have it), else of that staged name; StepColumnMissing if none."""
    for column in staged.columns:
        if column.header == header:
            return column
    for column in staged.columns:
        if column.name == header:
            return column
    headers = ", ".join(column.header for column in staged.columns[:30])
    raise StepColumnMissing(step=step.name, column=header, headers=headers)


def replace_rows(workspace: Workspace, select: str, parameters: Sequence[object] = ()) -> int:
    """Put the rows of ``select`` (``line`` first, then the columns) in the place of ROWS, in their order; their number.

    The statement may read ROWS; the former rows go once the new ones are whole.
    """
    connection = workspace.connection
    connection.execute(f"CREATE OR REPLACE TABLE {_NEXT} AS {select}", list(parameters))
    clear_rows(connection)
    connection.execute(f"ALTER TABLE {_NEXT} RENAME TO {ROWS}")
    counted = connection.execute(f"SELECT count(*) FROM {ROWS}").fetchone()
    return int(counted[0]) if counted else 0


def replace_cells(
    workspace: Workspace,
    staged: StagedTable,
    expressions: Mapping[str, str],
    parameters: Sequence[object] = (),
) -> tuple[int, int]:
    """Give columns (by staged name) the value of an SQL expression over the row; how many rows and cells changed.

    ``parameters`` fill the expressions in the order of the table's columns.
    """
    counted = workspace.connection.execute(_changes(staged, expressions), [*parameters, *parameters]).fetchone()
    rows, cells = (int(counted[0] or 0), int(counted[1] or 0)) if counted else (0, 0)
    if cells:
        chosen = ", ".join(
            f"{expressions[c.name]} AS {quote_identifier(c.name)}"
            if c.name in expressions
            else quote_identifier(c.name)
            for c in staged.columns
        )
        replace_rows(workspace, f"SELECT line, {chosen} FROM {ROWS}", parameters)
    return rows, cells


def _changes(staged: StagedTable, expressions: Mapping[str, str]) -> str:
    """SQL: rows in which some cell changes, and cells that change."""
    tests = [
        f"({expressions[c.name]}) IS DISTINCT FROM {quote_identifier(c.name)}"
        for c in staged.columns
        if c.name in expressions
    ]
    return f"SELECT count_if({' OR '.join(tests)}), {' + '.join(f'count_if({test})' for test in tests)} FROM {ROWS}"
