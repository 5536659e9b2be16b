"""The transforms there are, and applying the steps that people accepted, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from parvis.core.staging import StagedTable, Workspace
from parvis.core.statements.parsing import stopped_after
from parvis.core.transforms.cell_repairs import MENDING
from parvis.core.transforms.columns import MAPPING
from parvis.core.transforms.model import (
    NO_TABLES,
    Material,
    Outcome,
    SideTable,
    Step,
    StepTooLong,
    Transform,
    UnknownStep,
)
from parvis.core.transforms.preparation.model import Kind, is_off
from parvis.core.transforms.preparation.table import PREPARING, preparation_of
from parvis.core.transforms.treatments import TREATMENTS
from parvis.core.translation import Sentence

TRANSFORMS: dict[str, Transform] = {row.name: row for row in (*PREPARING, *MAPPING, *MENDING, *TREATMENTS)}
"""Every transform by its name."""
SQL_SECONDS = 300.0
"""Of a step that holds SQL of a person, which may have no end."""


def transform_of(step: Step) -> Transform:
    """The row that a step names; UnknownStep when there is none."""
    try:
        return TRANSFORMS[step.name]
    except KeyError as error:
        raise UnknownStep(step=step.name) from error


def apply_steps(
    workspace: Workspace,
    staged: StagedTable,
    steps: Sequence[Step],
    *,
    secret: bytes = b"",
    tables: Mapping[str, SideTable] = NO_TABLES,
    first_rank: int = 1,
    seconds: float = 0,
) -> tuple[StagedTable, tuple[Outcome, ...]]:
    """Apply each step to the staged rows, in order; the table as it is then, and what each did. ``tables`` are those that steps
    read beside the file; ``first_rank`` is by what the first one is called where it fails on rows. A step takes no longer than ``seconds``, if they are given; one that holds SQL of
    a person, never longer than SQL_SECONDS.

    Raises UnknownStep before anything is changed, BadStep, StepColumnMissing, StepTooLong at the step that will not do.
    """
    rows = [(step, transform_of(step)) for step in steps]
    outcomes = []
    for rank, (step, transform) in enumerate(rows, first_rank):
        most = seconds or (SQL_SECONDS if _holds_sql(step) else 0)
        with stopped_after(workspace.connection, most, partial(too_long, step, rank, most)):
            staged, outcome = transform.apply(Material(workspace, staged, secret, tables, rank), step)
        outcomes.append(outcome)
    private = [step for step, row in rows if row.private]
    if private:
        hidden = {header for step in private for header in _headers(step)}
        outcomes = [_hushed(outcome, hidden) for outcome in outcomes]
    return staged, tuple(outcomes)


def too_long(step: Step, rank: int, seconds: float) -> StepTooLong:
    """The refusal of a step that takes more time than it has, by its name."""
    row = preparation_of(step)
    label = Sentence(row.label) if row else step.name
    return StepTooLong(rank=rank, step=label, seconds=round(seconds))


def _holds_sql(step: Step) -> bool:
    row = preparation_of(step)
    return row is not None and not is_off(step) and any(p.kind is Kind.SQL for p in row.parameters)


def _headers(step: Step) -> set[str]:
    """The headers that a step names."""
    parameters = step.parameters
    named = [parameters[name] for name in ("column", "x", "y") if name in parameters]
    several = parameters.get("columns")
    return {str(header) for header in [*named, *(several if isinstance(several, list | tuple) else ())]}


def _hushed(outcome: Outcome, hidden: set[str]) -> Outcome:
    """The outcome without examples, and without the single changes of a column that another step hides; counts stay."""
    details = {name: value for name, value in outcome.details.items() if not isinstance(value, list | tuple | dict)}
    step = outcome.step
    if "changes" in step.parameters and _headers(step) & hidden:
        step = replace(step, parameters={**step.parameters, "changes": []})
    return replace(outcome, step=step, details=details)


def hides_persons(names: Iterable[str]) -> bool:
    """True when one of these transforms hides something of persons: the original then stays with those who may edit."""
    return any(name in TRANSFORMS and TRANSFORMS[name].private for name in names)
