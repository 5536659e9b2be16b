"""Steps of mending on staged rows: what changes, what is left, what is counted."""

from __future__ import annotations

from typing import Any

import pytest

from parvis.core.profiling.factories import stage_rows
from parvis.core.staging import ROWS, StagedTable, Workspace
from parvis.core.transforms import BadStep, Outcome, Step, StepColumnMissing, apply_steps


def _cells(workspace: Workspace) -> list[tuple[Any, ...]]:
    return workspace.connection.execute(f"SELECT * EXCLUDE (line) FROM {ROWS}").fetchall()


def _apply(workspace: Workspace, staged: StagedTable, name: str, **parameters: Any) -> Outcome:
    _staged, outcomes = apply_steps(workspace, staged, [Step(name, parameters)])
    return outcomes[0]


def test_dates_that_can_mean_one_thing_are_put_right_and_ambiguous_ones_left(workspace: Workspace) -> None:
    staged = stage_rows(
        workspace, ["d", "x"], [["31/12/2021", "31/12/2021"], ["03/04/2021", "a"], ["2021-01-01", None], [None, None]]
    )
    outcome = _apply(workspace, staged, "mend.date", column="d", to="%Y-%m-%d")
    assert _cells(workspace) == [("2021-12-31", "31/12/2021"), ("03/04/2021", "a"), ("2021-01-01", None), (None, None)]
    assert (outcome.rows, outcome.cells) == (1, 1)
    assert outcome.details["examples"] == [{"before": "31/12/2021", "after": "2021-12-31"}]


@pytest.mark.parametrize(("order", "expected"), [("day-first", "2021-04-03"), ("month-first", "2021-03-04")])
def test_an_ambiguous_date_follows_the_order_that_a_person_chose(
    workspace: Workspace, order: str, expected: str
) -> None:
    staged = stage_rows(workspace, ["d"], [["03/04/2021"]])
    _apply(workspace, staged, "mend.date", column="d", variants=[order])
    assert _cells(workspace) == [(expected,)]


def test_only_the_forms_that_were_accepted_change(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ["n"], [["1 234"], ["12,5"], ["7"]])
    outcome = _apply(workspace, staged, "mend.number", column="n", variants=["blanks"])
    assert _cells(workspace) == [("1234",), ("12,5",), ("7",)]
    assert outcome.cells == 1


def test_a_siret_whose_digits_are_lost_is_never_given_others(workspace: Workspace) -> None:
    rows = [["21860194600000.0"], ["2,18602E+13"], ["44259700100035.0"]]
    staged = stage_rows(workspace, ["siret"], rows)
    _apply(workspace, staged, "mend.code", column="siret", widths=[14], check="siret", variants=["rounded", "number"])
    assert _cells(workspace) == [("21860194600000.0",), ("2,18602E+13",), ("44259700100035",)]


def test_single_cells_change_only_while_they_still_say_what_was_seen(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ["ville"], [["Evry"], ["Evry"], ["Corbeil"]])
    changes = [{"line": 2, "before": "Evry", "after": "Évry"}, {"line": 4, "before": "Evry", "after": "Évry"}]
    outcome = _apply(workspace, staged, "mend.cells", column="ville", changes=changes)
    assert _cells(workspace) == [("Évry",), ("Evry",), ("Corbeil",)]
    assert (outcome.cells, outcome.details["left"]) == (1, 1)


def test_an_empty_cell_can_be_filled_by_hand_and_a_filled_one_emptied(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ["a"], [[None], ["n/a"]])
    changes = [{"line": 2, "before": "", "after": "x"}, {"line": 3, "before": "n/a", "after": ""}]
    _apply(workspace, staged, "mend.cells", column="a", changes=changes)
    assert _cells(workspace) == [("x",), ("",)]


def test_empty_cells_are_filled_with_a_value_or_from_another_column(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ["a", "b"], [["x", "1"], [None, "2"], [" ", None]])
    assert _apply(workspace, staged, "mend.fill", column="a", **{"from": "b"}).cells == 2
    assert _cells(workspace) == [("x", "1"), ("2", "2"), (None, None)]
    assert _apply(workspace, staged, "mend.fill", column="a", value="'); --").cells == 1
    assert _cells(workspace) == [("x", "1"), ("2", "2"), ("'); --", None)]


def test_longitude_and_latitude_are_exchanged_where_they_were_and_nowhere_else(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ["lon", "lat"], [["48.55", "7.73"], ["7.73", "48.55"], ["100", "10"], ["", ""]])
    outcome = _apply(workspace, staged, "mend.swap", x="lon", y="lat")
    assert _cells(workspace) == [("7.73", "48.55"), ("7.73", "48.55"), ("100", "10"), ("", "")]
    assert (outcome.rows, outcome.cells) == (1, 2)


def test_metres_of_lambert_93_become_the_degrees_published_beside_them(workspace: Workspace) -> None:
    # x, y, long and lat of three addresses of Strasbourg, as their Base Adresse Locale gives them
    rows = [["1049409.0", "6838286.4"], ["1052800,8", "6845467,7"], ["1051485.9", "6844700.9"], ["abc", "1"]]
    published = [(7.737072, 48.55045), (7.788841, 48.613092), (7.770409, 48.606923)]
    staged = stage_rows(workspace, ["x", "y"], rows)
    outcome = _apply(workspace, staged, "mend.project", x="x", y="y", epsg=2154)
    cells = _cells(workspace)
    for (lon, lat), expected in zip(cells, published, strict=False):
        assert (float(lon), float(lat)) == pytest.approx(expected, abs=2e-6)
    assert cells[3] == ("abc", "1")
    assert outcome.rows == 3


def test_a_point_in_metres_in_one_cell_becomes_a_point_of_table_schema(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ["xy"], [["1049409.0, 6838286.4"], ["7.7, 48.5"]])
    _apply(workspace, staged, "mend.project_point", column="xy", epsg=2154, format="array")
    (point,), (untouched,) = _cells(workspace)
    lon, lat = map(float, point.strip("[]").split(","))
    assert (lon, lat) == pytest.approx((7.737072, 48.55045), abs=2e-6)
    assert untouched == "7.7, 48.5"


def test_headers_are_renamed_and_two_never_become_one(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ["NomAttribuant", "id"], [["a", "b"]])
    renamed, _outcomes = apply_steps(
        workspace, staged, [Step("mend.headers", {"names": {"NomAttribuant": "nomAttribuant"}})]
    )
    assert [column.header for column in renamed.columns] == ["nomAttribuant", "id"]
    with pytest.raises(BadStep):
        apply_steps(workspace, staged, [Step("mend.headers", {"names": {"NomAttribuant": "id"}})])


def test_rows_that_say_nothing_or_say_it_again_go(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ["a", "b"], [["1", "2"], [" ", None], ["1", "2"], ["1", "3"]])
    after, outcomes = apply_steps(workspace, staged, [Step("mend.empty_rows"), Step("mend.identical_rows")])
    assert _cells(workspace) == [("1", "2"), ("1", "3")]
    assert ([outcome.rows for outcome in outcomes], after.rows) == ([1, 1], 2)


def test_a_column_goes_only_when_it_holds_nothing(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ["a", "", "c"], [["1", None, "x"], ["2", " ", "y"]])
    after, _outcomes = apply_steps(workspace, staged, [Step("mend.empty_columns", {"columns": ["c1"]})])
    assert [column.header for column in after.columns] == ["a", "c"]
    assert _cells(workspace) == [("1", "x"), ("2", "y")]
    with pytest.raises(BadStep):
        apply_steps(workspace, after, [Step("mend.empty_columns", {"columns": ["a"]})])


BAD = (
    ("mend.date", {}),
    ("mend.date", {"column": "d", "variants": "day-first"}),
    ("mend.cells", {"column": "d", "changes": [{"line": "x"}]}),
    ("mend.fill", {"column": "d"}),
    ("mend.project", {"x": "d", "y": "d", "epsg": 1}),
    ("mend.project_point", {"column": "d", "epsg": 2154, "format": "wkt"}),
)


@pytest.mark.parametrize(("name", "parameters"), BAD)
def test_a_step_badly_set_is_refused_and_nothing_changes(
    workspace: Workspace, name: str, parameters: dict[str, Any]
) -> None:
    staged = stage_rows(workspace, ["d"], [["31/12/2021"]])
    with pytest.raises(BadStep):
        apply_steps(workspace, staged, [Step(name, parameters)])
    assert _cells(workspace) == [("31/12/2021",)]


def test_a_step_about_a_column_that_is_not_there_says_which_ones_are(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ["d"], [["1"]])
    with pytest.raises(StepColumnMissing) as caught:
        apply_steps(workspace, staged, [Step("mend.trim", {"column": "autre"})])
    assert "d" in caught.value.hint("fr")


def test_many_distinct_cells_are_mended_in_their_order(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ["n"], [])
    workspace.connection.execute(f"INSERT INTO {ROWS} SELECT i + 2, i::VARCHAR || ',5' FROM range(120000) t(i)")
    outcome = _apply(workspace, staged, "mend.number", column="n", variants=["decimal-comma"])
    wrong = (
        f"SELECT count(*) FROM (SELECT c0, row_number() OVER () - 1 AS i FROM {ROWS}) WHERE c0 <> i::VARCHAR || '.5'"
    )
    assert workspace.connection.execute(wrong).fetchone() == (0,)
    assert outcome.cells == 120_000
