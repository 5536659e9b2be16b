"""A table made up, prepared by steps, and given back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from parvis.core.profiling.factories import stage_rows
from parvis.core.staging import ROWS, StagedTable, Workspace, open_workspace, quote_identifier
from parvis.core.transforms import Step, apply_steps
from parvis.core.transforms.model import Outcome, SideTable
from parvis.core.transforms.preparation.work import FAILURES


@dataclass(frozen=True)
class Prepared:
    """What steps made of a table: ``columns`` by header, ``lines``, ``failures`` as (line, column, value, reason)."""

    staged: StagedTable
    outcomes: tuple[Outcome, ...]
    columns: dict[str, list[Any]]
    lines: list[int]
    failures: list[tuple[int, str, str, str]] = field(default_factory=list)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with open_workspace(tmp_path_factory.mktemp("workspace")) as workspace:
        yield workspace


type Prepare = Callable[..., Prepared]


@pytest.fixture
def prepare(workspace: Workspace) -> Prepare:
    """Columns by header, then steps as recipes write them."""

    def run(
        columns: Mapping[str, Sequence[str | None]],
        *steps: Mapping[str, Any],
        tables: Mapping[str, SideTable] | None = None,
    ) -> Prepared:
        workspace.connection.execute(f"DROP TABLE IF EXISTS {FAILURES}")
        staged = stage_rows(workspace, list(columns), list(zip(*columns.values(), strict=True)))
        return prepared(workspace, staged, *steps, tables=tables)

    return run


def prepared(
    workspace: Workspace, staged: StagedTable, *steps: Mapping[str, Any], tables: Mapping[str, SideTable] | None = None
) -> Prepared:
    """The staged table once the steps are done."""
    listed = [Step(f"prepare.{step['do']}", {k: v for k, v in step.items() if k != "do"}) for step in steps]
    staged, outcomes = apply_steps(workspace, staged, listed, tables=tables or {})
    names = ", ".join(quote_identifier(column.name) for column in staged.columns)
    rows = workspace.connection.execute(f"SELECT line, {names} FROM {ROWS}").fetchall()
    by_header = {c.header: [row[rank] for row in rows] for rank, c in enumerate(staged.columns, 1)}
    assert staged.rows == len(rows)
    return Prepared(staged, outcomes, by_header, [row[0] for row in rows], _failures(workspace))


def _failures(workspace: Workspace) -> list[tuple[int, str, str, str]]:
    tables = workspace.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    if (FAILURES,) not in tables:
        return []
    return workspace.connection.execute(
        f'SELECT line, "column", value, reason FROM {FAILURES} ORDER BY line'
    ).fetchall()
