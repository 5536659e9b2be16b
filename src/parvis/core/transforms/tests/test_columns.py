"""Columns of a file put as a schema wants them."""

from __future__ import annotations

from typing import Any

import pytest

from parvis.core.profiling.factories import stage_rows
from parvis.core.staging import ROWS, StagedTable, Workspace
from parvis.core.transforms import BadStep, Outcome, Step, StepColumnMissing, apply_steps

HEADERS = ["SUB_MONTANT", "lon", "lat", "cp_ville", "libre"]
ROW = ["12,5", "2,35", "48,85", "91000 Évry", "x"]


def _map(
    workspace: Workspace, *columns: dict[str, Any], rows: Any = (ROW,), extras: str = "drop"
) -> tuple[StagedTable, list[Any], Outcome]:
    staged = stage_rows(workspace, HEADERS, rows)
    after, outcomes = apply_steps(
        workspace, staged, [Step("map.columns", {"columns": list(columns), "extras": extras})]
    )
    return after, workspace.connection.execute(f"SELECT * EXCLUDE (line) FROM {ROWS}").fetchall(), outcomes[0]


MADE = (
    ({"from": "SUB_MONTANT"}, "12,5"),
    ({"value": "Ville d’Évry'); DROP TABLE staged; --"}, "Ville d’Évry'); DROP TABLE staged; --"),
    ({"value": ""}, None),
    ({"join": ["libre", "cp_ville"], "with": " — "}, "x — 91000 Évry"),
    ({"part": {"of": "cp_ville", "by": " ", "rank": 2}}, "Évry"),
    ({"point": {"x": "lon", "y": "lat"}}, "2.35,48.85"),
    ({"point": {"x": "lon", "y": "lat", "format": "array"}}, "[2.35,48.85]"),
    ({"point": {"x": "lon", "y": "lat", "format": "object"}}, '{"lon": 2.35, "lat": 48.85}'),
    ({"point": {"x": "lon", "y": "libre"}}, None),
)  # fmt: skip


@pytest.mark.parametrize(("way", "expected"), MADE)
def test_a_column_is_made(workspace: Workspace, way: dict[str, Any], expected: str | None) -> None:
    after, cells, _outcome = _map(workspace, {"to": "voulue", **way})
    assert ([column.header for column in after.columns], cells) == (["voulue"], [(expected,)])


@pytest.mark.parametrize(
    ("axis", "order", "expected"), [("x", "lon-lat", "48.85"), ("y", "lon-lat", "2.35"), ("x", "lat-lon", "2.35")]
)
def test_a_point_is_put_apart(workspace: Workspace, axis: str, order: str, expected: str) -> None:
    staged = stage_rows(workspace, ["p"], [["[48.85, 2.35]"], [""]])
    step = Step("map.columns", {"columns": [{"to": "a", "axis": {"of": "p", "axis": axis, "order": order}}]})
    apply_steps(workspace, staged, [step])
    assert workspace.connection.execute(f"SELECT c0 FROM {ROWS}").fetchall() == [(expected,), (None,)]


def test_columns_come_in_the_order_wanted_and_the_others_stay_behind_them(workspace: Workspace) -> None:
    after, cells, outcome = _map(
        workspace, {"to": "lat", "from": "libre"}, {"to": "montant", "from": "SUB_MONTANT"}, extras="keep"
    )
    assert [column.header for column in after.columns] == ["lat", "montant", "lon", "lat (fichier)", "cp_ville"]
    assert cells == [("x", "12,5", "2,35", "48,85", "91000 Évry")]
    assert outcome.details == {"columns": 2, "kept": 3, "dropped": 0}


def test_a_column_may_serve_twice_and_those_that_go_are_counted(workspace: Workspace) -> None:
    after, cells, outcome = _map(workspace, {"to": "a", "from": "libre"}, {"to": "b", "from": "libre"})
    assert cells == [("x", "x")]
    assert outcome.details["dropped"] == 4
    assert after.rows == 1


def test_lines_of_the_source_are_kept(workspace: Workspace) -> None:
    _map(workspace, {"to": "a", "from": "libre"}, rows=[ROW, ROW])
    assert workspace.connection.execute(f"SELECT line FROM {ROWS}").fetchall() == [(2,), (3,)]


BAD = (
    [],
    "a",
    [{"to": "a"}],
    [{"from": "libre"}],
    [{"to": "a", "from": "libre", "value": "x"}],
    [{"to": "a", "from": "libre"}, {"to": "a", "from": "lon"}],
    [{"to": "a", "part": {"of": "libre"}}],
    [{"to": "a", "part": {"of": "libre", "by": " ", "rank": "1; DROP"}}],
    [{"to": "a", "point": {"x": "lon", "y": "lat", "format": "wkt"}}],
    [{"to": "a", "axis": {"of": "lon", "axis": "z"}}],
    [{"to": "a", "from": 3}],
    ["a"],
)


@pytest.mark.parametrize("columns", BAD)
def test_a_mapping_that_is_not_understood_is_refused(workspace: Workspace, columns: Any) -> None:
    staged = stage_rows(workspace, HEADERS, [ROW])
    with pytest.raises(BadStep):
        apply_steps(workspace, staged, [Step("map.columns", {"columns": columns})])
    assert workspace.connection.execute(f"SELECT c0 FROM {ROWS}").fetchall() == [("12,5",)]


def test_a_delivery_without_one_of_the_columns_is_not_mapped_by_halves(workspace: Workspace) -> None:
    staged = stage_rows(workspace, HEADERS, [ROW])
    with pytest.raises(StepColumnMissing):
        apply_steps(workspace, staged, [Step("map.columns", {"columns": [{"to": "a", "from": "absente"}]})])
