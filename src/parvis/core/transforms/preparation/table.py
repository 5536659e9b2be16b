"""The steps of preparation there are, as transforms among the others."""

from __future__ import annotations

from dataclasses import replace

from parvis.core.staging import StagedTable
from parvis.core.transforms.model import Apply, Material, Outcome, Step, Transform
from parvis.core.transforms.preparation.columns import COLUMNS
from parvis.core.transforms.preparation.expressions import EXPRESSIONS
from parvis.core.transforms.preparation.geocoding import GEOCODING
from parvis.core.transforms.preparation.geometry import GEOMETRY
from parvis.core.transforms.preparation.model import (
    DATASET,
    EXTRACT,
    ON_FAILURE,
    PREFIX,
    Choice,
    Kind,
    Parameter,
    Preparation,
    is_off,
    read_values,
)
from parvis.core.transforms.preparation.places import PLACES
from parvis.core.transforms.preparation.places_as_text import PLACES_AS_TEXT
from parvis.core.transforms.preparation.rows import ROW_STEPS
from parvis.core.transforms.preparation.shapes import SHAPES
from parvis.core.transforms.preparation.structures import STRUCTURES
from parvis.core.transforms.preparation.tables import OTHER_TABLES
from parvis.core.transforms.preparation.texts import TEXTS
from parvis.core.transforms.preparation.values import VALUES
from parvis.core.transforms.preparation.work import Work
from parvis.core.translation import gettext_noop

FAILING = Parameter(
    ON_FAILURE, Kind.CHOICE, gettext_noop("En cas d’échec"), required=False, default="empty",
    choices=(
        Choice("empty", gettext_noop("laisser la cellule vide, et le dire")), Choice("keep", gettext_noop("garder la cellule comme elle était, et le dire")),
        Choice("drop", gettext_noop("mettre la ligne avec les lignes rejetées")), Choice("stop", gettext_noop("arrêter l’import")),
    ),
)  # fmt: skip
"""What every step that may fail on a row has besides its own parameters."""


def _completed(row: Preparation) -> Preparation:
    return replace(row, parameters=(*row.parameters, FAILING)) if row.fails else row


PREPARATIONS: dict[str, Preparation] = {
    row.name: _completed(row)
    for row in (
        *COLUMNS,
        *TEXTS,
        *VALUES,
        *ROW_STEPS,
        *SHAPES,
        *STRUCTURES,
        *EXPRESSIONS,
        *GEOMETRY,
        *PLACES,
        *GEOCODING,
        *PLACES_AS_TEXT,
        *OTHER_TABLES,
    )
}
"""Every step of preparation, by the name that recipes give it."""


def _applied(row: Preparation) -> Apply:
    def apply(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
        values = read_values(row, step)
        if is_off(step):
            return material.staged, Outcome(step, 0, 0)
        work = Work(material, step, str(values.get(ON_FAILURE) or "empty"))
        result = row.run(work, values)
        details = {**result.details, **({"failures": result.failures} if row.fails else {})}
        return result.staged, Outcome(step, result.rows, result.cells, details)

    return apply


PREPARING: tuple[Transform, ...] = tuple(
    Transform(row.step_name, row.label, _applied(row)) for row in PREPARATIONS.values()
)
"""One row a transform."""


def preparation_of(step: Step) -> Preparation | None:
    """The row of a step of preparation; None for another transform."""
    return PREPARATIONS.get(step.name.removeprefix(PREFIX)) if step.name.startswith(PREFIX) else None


def tables_read(step: Step) -> tuple[str, ...]:
    """The tables of the instance that a step reads beside the file, datasets as ``dataset:<identifier>``."""
    row = preparation_of(step)
    if row is None or is_off(step):
        return ()
    datasets = [step.parameters.get(parameter.name) for parameter in row.parameters if parameter.kind is Kind.DATASET]
    return (*(DATASET + str(identifier) for identifier in datasets if identifier), *row.needs(step.parameters))


def files_read(step: Step) -> tuple[str, ...]:
    """Those whose rows the step is given: of a dataset of which it takes an extract, the extract alone."""
    names = tables_read(step)
    return tuple(name for name in names if name.startswith(EXTRACT)) or names
