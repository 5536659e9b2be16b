"""Putting the cells of a column right: all those that a reading understands, or those that a person accepted one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from parvis.core.readings.model import Candidate, Certainty, Settings
from parvis.core.readings.table import Reading
from parvis.core.staging import ROWS, StagedColumn, StagedTable, Workspace, quote_identifier
from parvis.core.transforms.model import Apply, BadStep, Material, Outcome, Step
from parvis.core.transforms.rows import column_of, replace_cells

MENDED = "mended"
"""Temporary table of changes: ``before``, ``after`` and, for single cells, ``line``."""
_BATCH = 50_000
_SHOWN = 5
_MOST_CHANGES = 100_000


def text_column(material: Material, step: Step, header: str) -> StagedColumn:
    """The column of text under that header; BadStep when it holds shapes, StepColumnMissing when there is none."""
    column = column_of(material.staged, step, header)
    typed = dict(
        material.workspace.connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {ROWS})").fetchall()
    )
    if typed[column.name] != "VARCHAR":
        raise BadStep(step=step.name, reason=f"« {header} » n’est pas une colonne de texte")
    return column


def parameter(step: Step, name: str, kind: type) -> Any:
    """A parameter of the step; BadStep when it is missing or of another kind."""
    value = step.parameters.get(name)
    if not isinstance(value, kind):
        raise BadStep(step=step.name, reason=f"« {name} » manque ou n’a pas la bonne forme")
    return value


def chosen(candidates: Sequence[Candidate], variants: Sequence[str]) -> str | None:
    """The cell that the accepted ``variants`` give; without any, the only candidate, if it is sure. Never what is lost."""
    for candidate in candidates:
        if candidate.certainty is Certainty.LOST:
            continue
        if candidate.variant in variants:
            return candidate.after
    if not variants and len(candidates) == 1 and candidates[0].certainty is Certainty.SURE:
        return candidates[0].after
    return None


def repair_all(reading: Reading) -> Apply:
    """The transform that puts right every cell of ``column`` that the reading understands as one of ``variants``."""

    def apply(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
        column = text_column(material, step, parameter(step, "column", str))
        variants = step.parameters.get("variants") or ()
        if not isinstance(variants, (list, tuple)):
            raise BadStep(step=step.name, reason="« variants » n’est pas une liste")
        settings = {name: value for name, value in step.parameters.items() if name not in ("column", "variants")}
        shown = _prepare(material.workspace, column, reading, settings, variants)
        cell = quote_identifier(column.name)
        expression = f"coalesce((SELECT m.after FROM {MENDED} m WHERE m.before = {cell}), {cell})"
        rows, cells = replace_cells(material.workspace, material.staged, {column.name: expression})
        return material.staged, Outcome(step, rows, cells, {"examples": shown})

    return apply


def distinct_values(workspace: Workspace, column: StagedColumn) -> Iterator[list[str]]:
    """The distinct filled texts of a column, by batches."""
    cell = quote_identifier(column.name)
    cursor = workspace.connection.cursor()
    try:
        reader = cursor.execute(f"SELECT DISTINCT {cell} AS v FROM {ROWS} WHERE {cell} <> ''").to_arrow_reader(_BATCH)
        for batch in reader:
            yield batch.column(0).to_pylist()
    finally:
        cursor.close()


def _prepare(
    workspace: Workspace, column: StagedColumn, reading: Reading, settings: Settings, variants: Sequence[str]
) -> list[dict[str, str]]:
    """Fill MENDED with the distinct values that change; a few of them to show."""
    workspace.connection.execute(f"CREATE OR REPLACE TEMP TABLE {MENDED} (before VARCHAR, after VARCHAR)")
    shown: list[dict[str, str]] = []
    for values in distinct_values(workspace, column):
        pairs = [
            (value, after) for value in values if (after := chosen(reading.read(value, settings), variants)) is not None
        ]
        shown += [{"before": before, "after": after} for before, after in pairs[: _SHOWN - len(shown)]]
        _insert(workspace, {"before": [pair[0] for pair in pairs], "after": [pair[1] for pair in pairs]})
    return shown


def _insert(workspace: Workspace, columns: Mapping[str, Sequence[Any]]) -> None:
    table = pa.table(dict(columns))
    workspace.connection.register("mended_batch", table)
    try:
        workspace.connection.execute(f"INSERT INTO {MENDED} BY NAME SELECT * FROM mended_batch")
    finally:
        workspace.connection.unregister("mended_batch")


def repair_cells(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Change single cells: ``changes`` are ``{line, before, after}``; a cell that no longer holds ``before`` is left alone."""
    column = text_column(material, step, parameter(step, "column", str))
    changes = parameter(step, "changes", list)
    if len(changes) > _MOST_CHANGES:
        raise BadStep(step=step.name, reason=f"plus de {_MOST_CHANGES} changements")
    try:
        lines = [int(change["line"]) for change in changes]
        befores, afters = ([str(change[name]) for change in changes] for name in ("before", "after"))
    except (KeyError, TypeError, ValueError) as error:
        raise BadStep(step=step.name, reason="« changes » attend des « line », « before » et « after »") from error
    connection = material.workspace.connection
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {MENDED} (line BIGINT, before VARCHAR, after VARCHAR)")
    _insert(
        material.workspace,
        {
            "line": pa.array(lines, pa.int64()),
            "before": pa.array(befores, pa.string()),
            "after": pa.array(afters, pa.string()),
        },
    )
    cell = quote_identifier(column.name)
    same = f"m.line = {ROWS}.line AND m.before = coalesce({cell}, '')"
    expression = f"coalesce((SELECT any_value(m.after) FROM {MENDED} m WHERE {same}), {cell})"
    rows, cells = replace_cells(material.workspace, material.staged, {column.name: expression})
    return material.staged, Outcome(step, rows, cells, {"left": max(0, len(set(lines)) - cells)})


def fill_empty(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Write ``value``, or what is in the column ``from``, in the empty cells of ``column``; the others are left."""
    column = text_column(material, step, parameter(step, "column", str))
    cell = quote_identifier(column.name)
    parameters: list[object] = []
    if "from" in step.parameters:
        filling = f"{quote_identifier(column_of(material.staged, step, parameter(step, 'from', str)).name)}::VARCHAR"
    else:
        filling, parameters = "?::VARCHAR", [parameter(step, "value", str)]
    expression = f"CASE WHEN {cell} IS NULL OR trim({cell}) = '' THEN {filling} ELSE {cell} END"
    rows, cells = replace_cells(material.workspace, material.staged, {column.name: expression}, parameters)
    return material.staged, Outcome(step, rows, cells)
