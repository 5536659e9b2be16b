"""Cells: put in the form that a schema wants, as a person accepted."""

from __future__ import annotations

from dataclasses import replace

from parvis.core.profiling.parsers import filled
from parvis.core.readings.table import READINGS
from parvis.core.staging import ROWS, StagedTable, quote_identifier
from parvis.core.transforms.cells import fill_empty, parameter, repair_all, repair_cells
from parvis.core.transforms.model import BadStep, Material, Outcome, Step, Transform
from parvis.core.transforms.pairs import project_columns, project_points, swap_columns
from parvis.core.transforms.rows import column_of, replace_rows
from parvis.core.translation import gettext_noop


def rename_headers(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Give columns the header of ``names`` (former → new); BadStep when two would have the same."""
    names = parameter(step, "names", dict)
    renamed = {column_of(material.staged, step, str(former)).name: str(new) for former, new in names.items()}
    columns = tuple(replace(c, header=renamed.get(c.name, c.header)) for c in material.staged.columns)
    headers = [column.header for column in columns]
    if double := next((new for new in renamed.values() if headers.count(new) > 1), None):
        raise BadStep(step=step.name, reason=f"deux colonnes s’appelleraient « {double} »")
    return replace(material.staged, columns=columns), Outcome(step, 0, 0, {"renamed": len(renamed)})


def _text(name: str) -> str:
    return f"{quote_identifier(name)}::VARCHAR"


def drop_empty_rows(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Remove the rows of which every cell is empty or blank."""
    some = " OR ".join(f"coalesce({filled(_text(c.name))}, false)" for c in material.staged.columns)
    return _keep(material, step, f"SELECT * FROM {ROWS} WHERE {some}")


def drop_identical_rows(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Remove the rows that say in every column what an earlier row said."""
    columns = ", ".join(_text(c.name) for c in material.staged.columns)
    firsts = f"SELECT min(line) FROM {ROWS} GROUP BY {columns}"
    return _keep(material, step, f"SELECT * FROM {ROWS} WHERE line IN ({firsts})")


def _keep(material: Material, step: Step, select: str) -> tuple[StagedTable, Outcome]:
    row_count = replace_rows(material.workspace, select)
    gone = material.staged.rows - row_count
    return replace(material.staged, rows=row_count), Outcome(step, gone, 0)


def drop_empty_columns(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Remove ``columns`` (headers or staged names) that hold nothing in any row; BadStep when one holds something."""
    headers = parameter(step, "columns", list)
    gone = {column_of(material.staged, step, str(header)).name for header in headers}
    remaining = tuple(column for column in material.staged.columns if column.name not in gone)
    if not remaining:
        raise BadStep(step=step.name, reason="il ne resterait aucune colonne")
    tests = ", ".join(f"count_if({filled(_text(name))})" for name in sorted(gone))
    counted = material.workspace.connection.execute(f"SELECT {tests} FROM {ROWS}").fetchone() if gone else ()
    if any(counted or ()):
        raise BadStep(step=step.name, reason="une des colonnes n’est pas vide")
    names = ", ".join(quote_identifier(column.name) for column in remaining)
    replace_rows(material.workspace, f"SELECT line, {names} FROM {ROWS}")
    return replace(material.staged, columns=remaining), Outcome(step, 0, 0, {"columns": len(gone)})


MENDING: tuple[Transform, ...] = (
    *(Transform(f"mend.{row.name}", row.label, repair_all(row)) for row in READINGS.values()),
    Transform("mend.cells", gettext_noop("Corriger des cellules une par une"), repair_cells),
    Transform("mend.fill", gettext_noop("Remplir des cellules vides"), fill_empty),
    Transform("mend.headers", gettext_noop("Corriger des noms de colonnes"), rename_headers),
    Transform("mend.swap", gettext_noop("Échanger longitude et latitude"), swap_columns),
    Transform("mend.project", gettext_noop("Passer des mètres aux degrés"), project_columns),
    Transform("mend.project_point", gettext_noop("Passer des mètres aux degrés, dans une cellule"), project_points),
    Transform("mend.empty_rows", gettext_noop("Retirer les lignes vides"), drop_empty_rows),
    Transform("mend.empty_columns", gettext_noop("Retirer les colonnes vides"), drop_empty_columns),
    Transform("mend.identical_rows", gettext_noop("Retirer les lignes répétées à l’identique"), drop_identical_rows),
)  # fmt: skip
"""One row a transform."""
