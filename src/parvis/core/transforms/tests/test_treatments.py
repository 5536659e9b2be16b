"""Treatments of personal data: what stays, what goes, and that nothing of what goes is told."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.core.formats.sink import clear_rows
from parvis.core.staging import ROWS, StagedColumn, StagedTable, Workspace
from parvis.core.transforms import BadStep, Outcome, Step, apply_steps, hides_persons
from parvis.core.transforms.treatments import TREATMENTS

SECRET = b"a secret of the tests"
Row = Sequence[str | None]


def staged(workspace: Workspace, headers: Sequence[str], rows: Sequence[Row]) -> StagedTable:
    clear_rows(workspace.connection)
    names = [f"c{number}" for number in range(len(headers))]
    workspace.connection.execute(f"CREATE TABLE {ROWS} (line BIGINT, {', '.join(f'{n} VARCHAR' for n in names)})")
    for line, row in enumerate(rows, 2):
        workspace.connection.execute(f"INSERT INTO {ROWS} VALUES (?, {', '.join('?' * len(names))})", [line, *row])
    return StagedTable(tuple(map(StagedColumn, names, headers)), len(rows), 0)


def treated(
    workspace: Workspace, headers: Sequence[str], rows: Sequence[Row], *steps: Step
) -> tuple[StagedTable, list[Row], tuple[Outcome, ...]]:
    table, outcomes = apply_steps(workspace, staged(workspace, headers, rows), steps, secret=SECRET)
    names = ", ".join(column.name for column in table.columns)
    return table, workspace.connection.execute(f"SELECT {names} FROM {ROWS} ORDER BY line").fetchall(), outcomes


def column(workspace: Workspace, values: Sequence[str | None], name: str, **parameters: object) -> list[str | None]:
    step = Step(name, {"column": "v", **parameters})
    return [row[0] for row in treated(workspace, ["v"], [[value] for value in values], step)[1]]


def test_a_dropped_column_is_gone_with_its_header(workspace: Workspace) -> None:
    table, rows, outcomes = treated(
        workspace, ["nom", "ville"], [["Dupont", "Évry"]], Step("privacy.drop", {"columns": ["nom"]})
    )
    assert [c.header for c in table.columns] == ["ville"]
    assert rows == [("Évry",)]
    assert (outcomes[0].cells, outcomes[0].details) == (1, {"columns": 1})


def test_the_last_column_cannot_be_dropped(workspace: Workspace) -> None:
    with pytest.raises(BadStep):
        treated(workspace, ["nom"], [["Dupont"]], Step("privacy.drop", {"columns": ["nom"]}))


def test_a_mask_keeps_first_letters_and_hides_lengths_and_digits(workspace: Workspace) -> None:
    assert column(workspace, ["Jean DUPONT", "jean.dupont@ville.fr", "12 rue Foch", None, "D'Artagnan"], "privacy.mask") == [
        "J••• D•••", "j•••.d•••@v•••.f•••", "•• r••• F•••", None, "D•••",
    ]  # fmt: skip


def test_pseudonyms_are_stable_under_one_key_and_scope_and_differ_under_another(workspace: Workspace) -> None:
    first = column(workspace, ["Dupont", " dupont ", "Martin", None], "privacy.pseudonymise", scope="a")
    again = column(workspace, ["Dupont"], "privacy.pseudonymise", scope="a")
    other = column(workspace, ["Dupont"], "privacy.pseudonymise", scope="b")
    assert first[0] == first[1] == again[0]
    assert len({first[0], first[2], other[0]}) == 3
    assert first[3] is None
    table = staged(workspace, ["v"], [["Dupont"]])
    _table, _outcomes = apply_steps(
        workspace, table, [Step("privacy.pseudonymise", {"column": "v", "scope": "a"})], secret=b"another"
    )
    assert workspace.connection.execute(f"SELECT c0 FROM {ROWS}").fetchone() != (first[0],)


def test_without_a_key_there_are_no_pseudonyms(workspace: Workspace) -> None:
    table = staged(workspace, ["v"], [["Dupont"]])
    with pytest.raises(BadStep):
        apply_steps(workspace, table, [Step("privacy.pseudonymise", {"column": "v"})])


def test_dates_keep_their_year_or_month_and_the_rest_is_emptied(workspace: Workspace) -> None:
    values = ["12/05/1981", "1981-05-12", "1981-05-12T10:00:00", "19810512", "3 mai 1981", "inconnu", None, "12/05/81"]
    assert column(workspace, values, "privacy.year") == ["1981"] * 5 + [None, None, None]
    assert column(workspace, values, "privacy.month") == ["1981-05"] * 4 + [None] * 4


def test_ages_are_put_in_bands_open_at_the_top(workspace: Workspace) -> None:
    assert column(workspace, ["7", "30", "39 ans", "90", "104", "x", "41,0"], "privacy.bands") == [
        "0-9", "30-39", "30-39", "90+", "90+", None, "40-49",
    ]  # fmt: skip
    assert column(workspace, ["17"], "privacy.bands", width=5) == ["15-19"]


def test_postcodes_and_communes_keep_their_department(workspace: Workspace) -> None:
    codes = ["91000", "1400", "2A004", "97411", "Évry"]
    assert column(workspace, codes, "privacy.department") == ["91", "01", "2A", "974", None]


def test_mentions_are_struck_out_and_officials_and_places_stay(workspace: Workspace) -> None:
    values = [
        "Mme Lefebvre se plaint, la rappeler au 06 12 34 56 78",
        "Monsieur le Maire a visité l’école Jean Moulin",
        "RAS",
        None,
    ]
    assert column(workspace, values, "privacy.strike") == ["[…] se plaint, la rappeler au […]", *values[1:]]


def test_points_move_to_the_centre_of_their_square(workspace: Workspace) -> None:
    step = Step("privacy.square", {"x": "lon", "y": "lat"})
    near = [["2.44012", "48.62005"], ["2.44020", "48.62010"], ["2,5", "48,7"], ["x", ""]]
    rows = treated(workspace, ["lon", "lat"], near, step)[1]
    assert rows[0] == rows[1] != rows[2]
    assert rows[3] == (None, None)
    shift = workspace.connection.execute(
        "SELECT ST_Distance(ST_Transform(ST_Point(2.44012, 48.62005), 'EPSG:4326', 'EPSG:3035', always_xy := true),"
        " ST_Transform(ST_Point(?, ?), 'EPSG:4326', 'EPSG:3035', always_xy := true))",
        [float(rows[0][0] or 0), float(rows[0][1] or 0)],
    ).fetchone()
    assert shift is not None and shift[0] < 142  # half the diagonal


def test_points_in_one_cell_are_moved_in_either_order(workspace: Workspace) -> None:
    values = ["48.62005, 2.44012", "[2.44012, 48.62005]"]
    moved = column(workspace, values, "privacy.square")
    assert moved[0] == moved[1] not in values


def test_groups_under_the_threshold_are_removed_and_counted(workspace: Workspace) -> None:
    rows = [["F", "91000"]] * 3 + [["M", "91000"]] * 2 + [["F", "77127"]]
    table, left, outcomes = treated(
        workspace, ["sexe", "cp"], rows, Step("privacy.suppress", {"columns": ["sexe", "cp"], "under": 3})
    )
    assert left == [("F", "91000")] * 3
    assert table.rows == 3
    assert (outcomes[0].rows, outcomes[0].details) == (3, {"groups": 2, "under": 3})


def test_small_counts_are_emptied_and_zero_and_large_ones_stay(workspace: Workspace) -> None:
    assert column(workspace, ["0", "1", "10", "11", "1 200", "x"], "privacy.counts") == [
        "0",
        None,
        None,
        "11",
        "1 200",
        "x",
    ]


def test_every_treatment_keeps_the_original_from_readers() -> None:
    assert all(hides_persons([row.name]) for row in TREATMENTS)
    assert not hides_persons(["mend.headers"])


def test_the_lineage_tells_no_value_not_even_those_of_earlier_steps(workspace: Workspace) -> None:
    mended = Step("mend.cells", {"column": "v", "changes": [{"line": 2, "before": "Dupond", "after": "Dupont"}]})
    outcomes = treated(workspace, ["v", "w"], [["Dupond", "x"]], mended, Step("privacy.drop", {"columns": ["v"]}))[2]
    lineage = json.dumps([outcome.to_dict() for outcome in outcomes])
    assert "Dupon" not in lineage
    assert outcomes[0].cells == 1


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(value=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80))
@pytest.mark.parametrize("name", ["mask", "year", "month", "bands", "department", "strike", "pseudonymise", "counts"])
def test_any_cell_can_be_treated(workspace: Workspace, name: str, value: str) -> None:
    after = column(workspace, [value], f"privacy.{name}")[0]
    if name == "mask" and after:
        assert not any(character.isdigit() and character.isascii() for character in after)
