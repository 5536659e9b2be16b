"""A column is read as a French data officer would read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from parvis.core.columns import ColumnType
from parvis.core.profiling.factories import stage_column, stage_rows
from parvis.core.profiling.plans import Override, overrides_from_fields
from parvis.core.profiling.table import UnknownParser
from parvis.core.profiling.type_inference import guess, unknown_overrides
from parvis.core.staging import ROWS, StagedColumn, StagedTable, Workspace


class Case(NamedTuple):
    header: str
    values: list[str]
    type: str
    parser: str
    kind: str
    notes: list[str]


def cases() -> list[Case]:
    lines = (Path(__file__).parent / "cases" / "columns.txt").read_text(encoding="utf-8").splitlines()
    return [case_of(line) for line in lines if line.strip() and not line.startswith("#")]


def case_of(line: str) -> Case:
    header, values, type_, parser, kind, notes, *_ = [part.strip(" ") for part in line.split("|")] + [""]
    return Case(header, repeated(values), type_, parser, kind, notes.split())


def repeated(text: str) -> list[str]:
    values: list[str] = []
    for part in text.split(" ¦ "):
        value, _, times = part.partition(" ×")
        values += [value.replace("~", "\u00a0").replace("^", "\u202f")] * int(times or 1)
    return values


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.header}: {case.values[0]} … {case.parser}")
def test_a_column_is_guessed(workspace: Workspace, case: Case) -> None:
    staged = stage_column(workspace, case.header, case.values)
    [guessed, *_] = guess(workspace, staged)
    column = guessed.plan.column
    assert (str(column.type), guessed.plan.parser, column.kind, [note.code for note in guessed.notes]) == case[2:]


def test_the_whole_table_is_checked_not_only_the_sample(workspace: Workspace) -> None:
    values = [str(n) for n in range(60_000)]
    values[43_210] = "fermé"
    [guessed] = guess(workspace, stage_many(workspace, "mesure", values))
    assert guessed.plan.parser == "int"
    assert guessed.filled == 60_000
    assert guessed.confidence == pytest.approx(59_999 / 60_000)


def test_one_leading_zero_far_away_makes_a_column_of_codes(workspace: Workspace) -> None:
    values = [str(n) for n in range(1, 60_001)]
    values[51_234] = "0123"
    [guessed] = guess(workspace, stage_many(workspace, "mesure", values))
    assert guessed.plan.parser == "text"


def test_a_decimal_far_away_makes_a_column_of_decimals(workspace: Workspace) -> None:
    values = [str(n) for n in range(60_000)]
    values[51_234] = "1,5"
    [guessed] = guess(workspace, stage_many(workspace, "mesure", values))
    assert guessed.plan.parser == "number_fr"
    assert guessed.confidence == 1


def test_a_column_filled_on_a_few_rows_is_guessed_too(workspace: Workspace) -> None:
    values = [""] * 60_000
    values[12_345], values[54_321] = "31/12/2020", "01/02/2021"
    [guessed] = guess(workspace, stage_many(workspace, "fin", values))
    assert (guessed.plan.parser, guessed.filled) == ("date_dmy", 2)


def stage_many(workspace: Workspace, header: str, values: list[str]) -> StagedTable:
    staged = stage_column(workspace, header, [])
    workspace.connection.execute("INSERT INTO staged SELECT row_number() OVER () + 1, unnest FROM unnest(?)", [values])
    return StagedTable(staged.columns, len(values), 0)


@pytest.mark.parametrize(
    ("headers", "row", "parser"),
    [
        (("lat", "lon"), ("48.62", "2.43"), "lon_lat_columns"),
        (("Latitude", "Longitude"), ("48,62", "2,43"), "lon_lat_columns"),
        (("lat_coor1", "long_coor1"), ("48.62", "2.43"), "lon_lat_columns"),
        (("Latitude", "geo_Longitude"), ("48.62", "2.43"), "lon_lat_columns"),
        (("", ""), ("48.62", "2.43"), "lon_lat_columns"),
        (("x", "y"), ("2.43", "48.62"), "lon_lat_columns"),
        (("X_L93", "Y_L93"), ("652345.12", "6862275"), "lambert93_columns"),
        (("coordonneeX", "coordonneeY"), ("652 345,12", "6 862 275"), "lambert93_columns"),
        (("x", "y"), ("1651000", "8176000"), "cc49_columns"),
        (("x", "y"), ("340000", "7660000"), "utm40s_columns"),
        (("x_lambert2e", "y_lambert2e"), ("600000", "2400000"), "lambert2e_columns"),
    ],
)
def test_two_columns_make_a_point_beside_them(
    workspace: Workspace, headers: tuple[str, str], row: tuple[str, str], parser: str
) -> None:
    guesses = guess(workspace, stage_rows(workspace, headers, [row]))
    assert len(guesses) == 3
    point = guesses[-1].plan
    assert (point.column.name, point.column.label, point.column.type) == (
        "geo_point_2d",
        "Coordonnées",
        ColumnType.GEO_POINT,
    )
    assert (point.parser, point.derived) == (parser, True)


@pytest.mark.parametrize(
    ("headers", "row"),
    [
        (("x", "y"), ("12", "7")),
        (("lat", "lon"), ("nord", "est")),
        (("latrines", "long"), ("1", "2")),
        (("x", "valeur"), ("2.43", "48.62")),
        (("", ""), ("48.62", "12.43")),
    ],
)
def test_two_columns_that_are_no_place_make_no_point(
    workspace: Workspace, headers: tuple[str, str], row: tuple[str, str]
) -> None:
    assert len(guess(workspace, stage_rows(workspace, headers, [row]))) == 2


def test_swapped_columns_are_noticed_and_not_changed(workspace: Workspace) -> None:
    rows = [("2.43", "48.62"), ("2.5", "48.7")]
    point = guess(workspace, stage_rows(workspace, ("lat", "lon"), rows))[-1]
    assert point.plan.parser == "lon_lat_columns"
    assert [(n.code, n.details["proposed"]) for n in point.notes] == [("swapped-coordinates", "swapped_columns")]


def test_a_person_may_swap_the_columns(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ("lat", "lon"), [("2.43", "48.62")])
    point = guess(workspace, staged, {"geo_point_2d": Override(parser="swapped_columns")})[-1]
    assert point.plan.parser == "swapped_columns"


def test_an_override_wins_by_header_or_by_name(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ("Code lieu", "Nombre", "Reste"), [("12", "3", "x")])
    overrides = {
        "Code lieu": Override(type=ColumnType.INT, label="Lieu", name="lieu", description="Où"),
        "nombre": Override(parser="text", annotations={"facet": True}),
        "reste": Override(drop=True),
    }
    first, second = guess(workspace, staged, overrides)
    assert (first.plan.column.name, first.plan.column.label, first.plan.parser) == ("lieu", "Lieu", "int")
    assert first.plan.column.description == "Où"
    assert (second.plan.parser, second.plan.column.annotations) == ("text", {"facet": True})


def test_columns_named_by_a_person_make_a_point_too(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ("", "b"), [("48.62", "2.43")])
    guesses = guess(workspace, staged, {"colonne_1": Override(name="lat"), "b": Override(name="lon", label="Est")})
    assert guesses[-1].plan.sources == ("c1", "c0")


def test_whole_numbers_written_with_a_zero_after_the_point_may_be_asked_for(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ("Places",), [("7.0",), ("12",)])
    assert guess(workspace, staged)[0].plan.parser == "double"
    [guessed] = guess(workspace, staged, {"Places": Override(type=ColumnType.INT)})
    assert (guessed.plan.parser, guessed.confidence) == ("int_point", 1)


def test_words_for_no_value_are_those_of_the_whole_table(workspace: Workspace) -> None:
    rows = [("s", "s", str(1000 + rank)) for rank in range(9)]
    staged = stage_rows(workspace, ("pauvreté", "revenu", "nom"), [("17,0", "21000", "a"), *rows])
    assert [guess.plan.parser for guess in guess(workspace, staged)][:2] == ["text", "text"]
    few = [("12,5", "s", "3", "s"), ("s", "4,5", "s", "9")]
    guesses = guess(workspace, stage_rows(workspace, ("actifs", "retraites", "chômage", "impôts"), [*few, ("s",) * 4]))
    assert [column.plan.parser for column in guesses] == ["number_fr", "number_fr", "int", "int"]
    more = [("s", str(21_000 + rank), "b") for rank in range(9)]
    guesses = guess(workspace, stage_rows(workspace, ("pauvreté", "revenu", "nom"), [("17,0", "s", "a"), *rows, *more]))
    assert [(column.plan.parser, column.plan.missing) for column in guesses[:2]] == [("number_fr", True), ("int", True)]


def test_an_override_about_no_column_is_told(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ("a",), [("1",)])
    notes = unknown_overrides(staged, {"a": Override(), "b": Override()})
    assert [(n.code, n.details) for n in notes] == [("override-unknown", {"column": "b"})]


def test_an_override_with_an_unknown_parser_is_refused(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ("a",), [("1",)])
    with pytest.raises(UnknownParser):
        guess(workspace, staged, {"a": Override(parser="magie")})


def test_names_chosen_twice_are_made_unique(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ("a", "b"), [("1", "2")])
    guesses = guess(workspace, staged, {"b": Override(name="a")})
    assert [g.plan.column.name for g in guesses] == ["a", "a_2"]


def test_overrides_survive_json() -> None:
    override = Override(type=ColumnType.DATE, label="Jour", annotations={"facet": True}, drop=False)
    assert Override.from_dict(override.to_dict()) == override
    assert Override().to_dict() == {}


def test_columns_come_in_the_places_that_are_told(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ("a", "b", "c"), [("1", "2", "3")])
    overrides = {"c": Override(place=1), "a": Override(place=4)}
    assert [g.plan.column.name for g in guess(workspace, staged, overrides)] == ["c", "a", "b"]
    assert Override.from_dict(overrides["c"].to_dict()) == overrides["c"]


def test_a_table_of_which_every_column_has_its_place_gets_no_point(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ("lat", "lon"), [("48.62", "2.43")])
    placed = {"lon": Override(place=1), "lat": Override(place=2)}
    assert [g.plan.column.name for g in guess(workspace, staged, placed)] == ["lon", "lat"]
    with_point = {**placed, "geo_point_2d": Override(type=ColumnType.GEO_POINT, place=2), "lat": Override(place=3)}
    assert [g.plan.column.name for g in guess(workspace, staged, with_point)] == ["lon", "geo_point_2d", "lat"]


def test_explore_fields_become_overrides() -> None:
    fields: list[dict[str, Any]] = [
        {"name": "code", "label": "Code", "type": "text", "description": None, "annotations": {"facet": []}},
        {"name": "jour", "type": "date", "annotations": [{"name": "timeserie_precision", "args": ["month"]}]},
    ]
    assert overrides_from_fields(fields) == {
        "code": Override(type=ColumnType.TEXT, label="Code", annotations={"facet": True}),
        "jour": Override(type=ColumnType.DATE, annotations={"timeserie_precision": "month"}),
    }


def test_a_hint_of_the_format_decides_between_readings_that_fit(workspace: Workspace) -> None:
    staged = stage_rows(workspace, ("a", "b"), [("1", "12"), ("2", "13")], [ColumnType.DOUBLE, ColumnType.TEXT])
    assert [g.plan.parser for g in guess(workspace, staged)] == ["double", "text"]


def test_an_empty_table_and_a_wide_one_are_guessed(workspace: Workspace) -> None:
    assert guess(workspace, stage_rows(workspace, ("a",), []))[0].plan.parser == "text"
    headers = [f"h{n}" for n in range(700)]
    guesses = guess(workspace, stage_rows(workspace, headers, [[str(n) for n in range(700)]]))
    assert {g.plan.parser for g in guesses} == {"int"}


def test_a_text_said_to_hold_several_values_is_split(workspace: Workspace) -> None:
    staged = stage_column(workspace, "tags", ["lecture;jeunesse", None, "sport"])
    override = Override(type=ColumnType.TEXT, annotations={"multivalued": ";"})
    [guessed] = guess(workspace, staged, {"tags": override})
    assert (guessed.plan.parser, guessed.plan.column.annotations["multivalued"], guessed.confidence) == (
        "text_list:;",
        ";",
        1.0,
    )


def test_json_by_a_person_s_word_keeps_what_is_no_json(workspace):
    staged = stage_rows(workspace, ("note",), [('{"a": 1}',), ("pas du JSON",), ("3",)])
    (guessed,) = guess(workspace, staged, {"note": Override(type=ColumnType.JSON)})
    assert (guessed.plan.column.type, guessed.confidence) == (ColumnType.JSON, 1.0)


def test_what_is_said_under_a_header_gives_the_column_its_name(workspace):
    staged = stage_rows(workspace, ("Nombre d’arbres",), [("3",)])
    overrides = {
        "Nombre d’arbres": Override(type=ColumnType.DOUBLE, name="n"),
        "n": Override(),
        "absent": Override(name="x"),
    }
    (guessed,) = guess(workspace, staged, overrides)
    assert (guessed.plan.column.name, guessed.plan.column.type) == ("n", ColumnType.DOUBLE)
    assert [note.details["column"] for note in unknown_overrides(staged, overrides)] == ["absent"]


@pytest.mark.parametrize(
    ("separator", "values", "taken"),
    [
        (";", ["a;b", "c"], ";"),
        (";", ["a,b", "c"], ","),  # an export of the portal that the card comes from
        (";", ["a, b", "c"], ";"),  # a comma of a sentence
        (";", ["a", "b"], ";"),
        (True, ["a;b", "c,d"], ";"),
        (True, ["a|b"], "|"),
        (True, ["a"], ","),
    ],
)
def test_values_are_split_around_what_is_told_or_seen(workspace, separator, values, taken):
    staged = stage_rows(workspace, ("mots",), [(value,) for value in values])
    (guessed,) = guess(workspace, staged, {"mots": Override(annotations={"multivalued": separator})})
    assert guessed.plan.parser == f"text_list:{taken}"
    assert guessed.plan.column.annotations["multivalued"] == separator


def test_the_geometry_of_a_map_file_is_the_geographic_column_that_is_missing(workspace):
    workspace.connection.execute(
        f"CREATE OR REPLACE TABLE {ROWS} AS SELECT 1 AS line, 'a' AS c0, ST_Point(2, 48) AS c1"
    )
    columns = (StagedColumn("c0", "nom"), StagedColumn("c1", "geometry", ColumnType.GEO_POINT))
    staged = StagedTable(columns, 1, 0)
    overrides = {"nom": Override(type=ColumnType.TEXT), "zone": Override(type=ColumnType.GEO_SHAPE)}
    assert [(g.plan.column.name, g.plan.column.type) for g in guess(workspace, staged, overrides)] == [
        ("nom", ColumnType.TEXT),
        ("zone", ColumnType.GEO_SHAPE),
    ]
    assert unknown_overrides(staged, overrides) == ()
    both = {**overrides, "lieu": Override(type=ColumnType.GEO_POINT)}
    assert guess(workspace, staged, both)[1].plan.column.name == "lieu"
    assert guess(workspace, staged, {})[1].plan.column.name == "geometry"
