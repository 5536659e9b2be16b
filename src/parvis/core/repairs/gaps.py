"""Cells that must be filled and are not: nothing in them says with what, so a person gives a value or a column to copy."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.schemas.model import Field, TableSchema
from parvis.core.staging import ROWS, StagedTable, Workspace, quote_identifier
from parvis.core.transforms import Step
from parvis.core.validation.field_judge import judge_of

_MOST = 12


@dataclass(frozen=True, slots=True)
class Gap:
    """A required column with ``count`` empty cells of ``rows``; ``values`` are those of its list, ``columns`` the headers of columns
    whose every filled value the field would take. Neither is a proposal: only a person knows.
    """

    column: str
    count: int
    rows: int
    values: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def gaps(workspace: Workspace, staged: StagedTable, schema: TableSchema) -> tuple[Gap, ...]:
    """The required columns that have empty cells, in the order of the table."""
    if schema.problems:
        return ()
    column_gaps = []
    for column in staged.columns:
        item = schema.find(column.header)
        if item is None or not item.required:
            continue
        cell = f"{quote_identifier(column.name)}::VARCHAR"
        missing = ", ".join("?" for _ in schema.missing(item)) or "NULL"
        row = workspace.connection.execute(
            f"SELECT count_if({cell} IS NULL OR {cell} = '' OR {cell} IN ({missing})) FROM {ROWS}",
            list(schema.missing(item)),
        ).fetchone()
        if row and row[0]:
            enum = item.constraints.get("enum")
            values = tuple(str(value) for value in enum if value != "")[:_MOST] if isinstance(enum, list) else ()
            column_gaps.append(
                Gap(column.header, int(row[0]), staged.rows, values, _copied(workspace, staged, item, schema))
            )
    return tuple(column_gaps)


def _copied(workspace: Workspace, staged: StagedTable, item: Field, schema: TableSchema) -> tuple[str, ...]:
    """Other columns that the field would take, for a field whose values can be told from others."""
    if item.type == "string" and not item.constraints.keys() & {"pattern", "enum"}:
        return ()
    judge, taken = judge_of(item, schema), []
    for column in staged.columns:
        if column.header == item.name:
            continue
        cell = f"{quote_identifier(column.name)}::VARCHAR"
        texts = workspace.connection.execute(
            f"SELECT DISTINCT {cell} FROM {ROWS} WHERE {cell} <> '' LIMIT 50"
        ).fetchall()
        if texts and all(judge.accepts(text) for (text,) in texts):
            taken.append(column.header)
    return tuple(taken[:_MOST])


def fill_step(column: str, value: str) -> Step:
    """The step that writes ``value`` in the empty cells of a column."""
    return Step("mend.fill", {"column": column, "value": value})


def copy_step(column: str, other: str) -> Step:
    """The step that copies another column into the empty cells of a column."""
    return Step("mend.fill", {"column": column, "from": other})
