"""What was accepted holds when the source comes again, and is told when it cannot: compared with a merge written otherwise."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.core.columns import Column, ColumnType
from parvis.core.connections import connect
from parvis.core.ingest import ingest
from parvis.core.overlays import Addition, CellChange, CellState, Overlay, Removal
from parvis.core.overlays.canonical import canonical_sql, canonical_text
from parvis.core.overlays.three_way import decide

SCHOOLS = (
    "id;nom;prix;ouvert;jour;lat;lon\n"
    "1;École A;1 234,50;oui;03/02/2024;48,65;2,38\n"
    "2;École B;12,00;non;04/02/2024;48,66;2,39\n"
    "3;École C;;oui;05/02/2024;48,67;2,37\n"
)


def imported(folder: Path, text: str, overlay: Overlay, name: str = "ecoles.csv"):
    """The rows by their identifier, and the verdicts by change and column, of a file read with an overlay."""
    source = folder / name
    source.write_text(text, encoding="utf-8")
    manifest = ingest(source, name=name, destination=folder / "versions", work=folder / "work", overlay=overlay)
    version = folder / "versions" / manifest.version
    with connect("256MB", 1, folder / "spill", spatial=True) as connection:
        names = [column.name for column in manifest.shape]
        values = ", ".join(f"({canonical_sql(column, chr(34) + column.name + chr(34))})" for column in manifest.shape)
        rows = connection.execute(f"SELECT {values} FROM '{version}/part-0.parquet' ORDER BY __row").fetchall()
        verdicts = connection.execute(f"SELECT * FROM '{version}/overlay.parquet'").fetchall()
    return (
        [dict(zip(names, row, strict=True)) for row in rows],
        {(change, column): (CellState(state), now) for change, _key, column, now, _before, _after, state in verdicts},
        manifest,
    )


def test_a_correction_holds_in_the_format_of_the_file(tmp_path):
    overlay = Overlay(
        ("id",),
        (
            CellChange("a", ("1",), "prix", "1234.5", "1300.25"),
            CellChange("b", ("2",), "ouvert", "false", "true"),
            CellChange("c", ("3",), "prix", None, "8.0"),
            CellChange("d", ("2",), "jour", "2024-02-04", "2024-03-01"),
            CellChange("e", ("3",), "nom", "École C", None),
            CellChange("f", ("1",), "lat", "48.65", "48.7"),
        ),
    )
    rows, verdicts, manifest = imported(tmp_path, SCHOOLS, overlay)
    assert [row["prix"] for row in rows] == ["1300.25", "12.0", "8.0"]
    assert [row["ouvert"] for row in rows] == ["true", "true", "true"]
    assert rows[1]["jour"] == "2024-03-01"
    assert rows[2]["nom"] is None
    assert rows[0]["geo_point_2d"] == "48.7,2.38", "the point made of two columns follows them"
    assert {state for state, _theirs in verdicts.values()} == {CellState.APPLIED}
    assert manifest.lineage[-1]["name"] == "overlay"
    assert manifest.lineage[-1]["cells"] == 6


def test_a_source_that_says_the_same_closes_the_overlay(tmp_path):
    overlay = Overlay(("id",), (CellChange("a", ("2",), "prix", "12.0", "13.5"),))
    rows, verdicts, _manifest = imported(tmp_path, SCHOOLS.replace("12,00", "13,50"), overlay)
    assert rows[1]["prix"] == "13.5"
    assert verdicts["a", "prix"] == (CellState.SAME, "13.5")


def test_a_source_that_changed_otherwise_is_a_conflict_and_keeps_its_value(tmp_path):
    overlay = Overlay(("id",), (CellChange("a", ("2",), "prix", "12.0", "13.5"),))
    rows, verdicts, _manifest = imported(tmp_path, SCHOOLS.replace("12,00", "99,90"), overlay)
    assert rows[1]["prix"] == "99.9"
    assert verdicts["a", "prix"] == (CellState.CONFLICT, "99.9")


def test_rows_added_come_last_and_may_be_corrected(tmp_path):
    values = {
        "id": "4",
        "nom": "École D",
        "prix": "3.5",
        "ouvert": "true",
        "jour": "2024-09-01",
        "lat": "48.7",
        "lon": "2.4",
    }
    overlay = Overlay(("id",), (CellChange("b", ("4",), "prix", "3.5", "4.0"),), (Addition("a", ("4",), values),))
    rows, verdicts, _manifest = imported(tmp_path, SCHOOLS, overlay)
    assert rows[3] == {**values, "prix": "4.0", "geo_point_2d": "48.7,2.4"}
    assert verdicts["a", ""][0] is CellState.APPLIED
    _rows, verdicts, _manifest = imported(tmp_path, SCHOOLS + "4;École D;3,50;oui;01/09/2024;48,7;2,4\n", overlay)
    assert verdicts["a", ""][0] is CellState.SAME
    _rows, verdicts, _manifest = imported(tmp_path, SCHOOLS + "4;École D bis;3,50;oui;01/09/2024;48,7;2,4\n", overlay)
    assert verdicts["a", "nom"] == (CellState.CONFLICT, "École D bis")


def test_a_row_removed_comes_back_when_it_is_no_longer_the_same(tmp_path):
    overlay = Overlay(("id",), removals=(Removal("a", ("2",), {"nom": "École B", "prix": "12.0"}),))
    rows, verdicts, _manifest = imported(tmp_path, SCHOOLS, overlay)
    assert [row["id"] for row in rows] == ["1", "3"]
    rows, verdicts, _manifest = imported(tmp_path, SCHOOLS.replace("École B", "École Curie"), overlay)
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert verdicts["a", "nom"] == (CellState.CONFLICT, "École Curie")
    without = SCHOOLS.replace("2;École B;12,00;non;04/02/2024;48,66;2,39\n", "")
    _rows, verdicts, _manifest = imported(tmp_path, without, overlay)
    assert verdicts["a", ""][0] is CellState.SAME


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (SCHOOLS.replace("2;École B", "7;École B"), CellState.GONE),
        (SCHOOLS + "2;École B;12,00;non;04/02/2024;48,66;2,39\n", CellState.AMBIGUOUS),
        (SCHOOLS.replace(";prix;", ";tarif;"), CellState.MISSING),
        (SCHOOLS.replace("id;", "numero;"), CellState.MISSING),
    ],
    ids=["the row is gone", "two rows have its key", "the column is gone", "the key is gone"],
)
def test_what_cannot_be_laid_is_told_and_changes_nothing(tmp_path, text, state):
    overlay = Overlay(("id",), (CellChange("a", ("2",), "prix", "12.0", "13.5"),))
    rows, verdicts, _manifest = imported(tmp_path, text, overlay)
    assert verdicts["a", "prix"][0] is state
    assert "13.5" not in {value for row in rows for value in row.values()}


def test_a_value_that_the_column_cannot_hold_is_told(tmp_path):
    overlay = Overlay(("id",), (CellChange("a", ("2",), "prix", "12.0", "gratuit"),))
    rows, verdicts, _manifest = imported(tmp_path, SCHOOLS, overlay)
    assert rows[1]["prix"] == "12.0"
    assert verdicts["a", "prix"][0] is CellState.UNWRITABLE


@pytest.mark.parametrize(
    ("cells", "accepted", "kind"),
    [
        (("8.0", "9.0", "10.0"), "12", ColumnType.INT),
        (("1 200,5", "1 300,5", "9,5"), "12.5", ColumnType.DOUBLE),
        (("03/02/2021", "04/02/2021", "05/12/2021"), "2024-01-31", ColumnType.DATE),
        (("O", "N", "O"), "false", ColumnType.BOOLEAN),
    ],
)
def test_a_value_is_written_like_the_others_so_that_the_column_keeps_its_type(tmp_path, cells, accepted, kind):
    header = {ColumnType.BOOLEAN: "presence", ColumnType.INT: "id_rue"}.get(kind, "valeur")
    lines = "".join(f"{rank};{cell};x\n" for rank, cell in enumerate(cells, start=1))
    text = f"id;{header};note\n{lines}"
    first, _verdicts, manifest = imported(
        tmp_path, text, Overlay(("id",), (CellChange("z", ("1",), "note", "x", "y"),))
    )
    assert manifest.shape.get(header).type is kind
    overlay = Overlay(("id",), (CellChange("a", ("1",), header, first[0][header], accepted),))
    rows, verdicts, manifest = imported(tmp_path, text, overlay)
    assert verdicts["a", header][0] is CellState.APPLIED
    assert manifest.shape.get(header).type is kind
    assert rows[0][header] == accepted


def test_a_place_of_geojson_moves(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {"ref": "B1", "nom": "Banc"},
        "geometry": {"type": "Point", "coordinates": [2.38, 48.65]},
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    with_key = Overlay(("ref",), (CellChange("a", ("B1",), "geo_point_2d", "48.65,2.38", "48.651,2.382"),))
    rows, verdicts, manifest = imported(tmp_path, text, with_key, "bancs.geojson")
    place = next(column.name for column in manifest.shape if column.type is ColumnType.GEO_POINT)
    if ("a", place) not in verdicts:
        with_key = Overlay(("ref",), (CellChange("a", ("B1",), place, "48.65,2.38", "48.651,2.382"),))
        rows, verdicts, _manifest = imported(tmp_path, text, with_key, "bancs.geojson")
    assert verdicts["a", place][0] is CellState.APPLIED
    assert rows[0][place] == "48.651,2.382"


def test_keys_of_several_columns_tell_rows_apart(tmp_path):
    text = "commune;annee;montant\n91228;2022;10\n91228;2023;20\n91174;2023;30\n"
    overlay = Overlay(("commune", "annee"), (CellChange("a", ("91228", "2023"), "montant", "20", "25"),))
    _rows, _verdicts, manifest = imported(tmp_path, text, overlay)
    year = manifest.shape.get("annee")
    key = ("91228", "2023-01-01" if year.type is ColumnType.DATE else "2023")
    overlay = Overlay(("commune", "annee"), (CellChange("a", key, "montant", "20", "25"),))
    rows, verdicts, _manifest = imported(tmp_path, text, overlay)
    assert verdicts["a", "montant"][0] is CellState.APPLIED
    assert [row["montant"] for row in rows] == ["10", "25", "30"]


_VALUES = st.sampled_from(["rouge", "vert", "bleu", "jaune", None])
_ROWS = st.dictionaries(st.integers(1, 12), st.tuples(_VALUES, _VALUES), min_size=2, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=_ROWS, after=_ROWS, data=st.data())
def test_any_drift_of_a_source_gives_what_a_merge_by_hand_gives(tmp_path_factory, before, after, data):
    """The oracle walks cells in plain Python; it knows neither SQL nor files."""
    columns = ("couleur", "forme")
    changes = [
        CellChange(f"c{number}-{column}", (str(number),), column, row[rank], data.draw(_VALUES))
        for number, row in before.items()
        for rank, column in enumerate(columns)
        if data.draw(st.booleans())
    ]
    expected = {number: dict(zip(columns, row, strict=True)) for number, row in after.items()}
    states = {}
    for change in changes:
        row = expected.get(int(change.key[0]))
        if row is None:
            states[change.change] = CellState.GONE
        elif row[change.column] == change.ours:
            states[change.change] = CellState.SAME
        elif row[change.column] == change.base:
            row[change.column] = change.ours
            states[change.change] = CellState.APPLIED
        else:
            states[change.change] = CellState.CONFLICT
    folder = tmp_path_factory.mktemp("drift")
    lines = [["id", *columns, "note"], *([number, *(cell or "" for cell in row), "x"] for number, row in after.items())]
    with (folder / "lines.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=";").writerows(lines)
    text = (folder / "lines.csv").read_text(encoding="utf-8")
    # A constant row that nothing touches gives every column a value: an empty column would have no type to write in.
    text += "99;rouge;vert;x\n"
    overlay = (
        Overlay(("id",), tuple(changes)) if changes else Overlay(("id",), (CellChange("z", ("99",), "note", "x", "x"),))
    )
    rows, verdicts, _manifest = imported(folder, text, overlay)
    assert {int(row["id"]): {c: row[c] for c in columns} for row in rows if row["id"] != "99"} == expected
    if changes:
        assert {change: state for (change, _column), (state, _theirs) in verdicts.items()} == states


@given(
    st.one_of(st.none(), st.text(max_size=3)),
    st.one_of(st.none(), st.text(max_size=3)),
    st.one_of(st.none(), st.text(max_size=3)),
)
def test_nothing_wins_by_silence(base, source, accepted):
    state = decide(base, source, accepted)
    assert (state is CellState.SAME) == (source == accepted)
    assert (state is CellState.CONFLICT) == (source != accepted and source != base)


@pytest.mark.parametrize(
    ("kind", "literal", "value"),
    [
        (ColumnType.INT, "42", 42),
        (ColumnType.DOUBLE, "12.0::DOUBLE", 12.0),
        (ColumnType.DOUBLE, "1e16::DOUBLE", 1e16),
        (ColumnType.DOUBLE, "0.1::DOUBLE + 0.2::DOUBLE", 0.1 + 0.2),
        (ColumnType.BOOLEAN, "true", True),
        (ColumnType.DATE, "DATE '2024-02-29'", date(2024, 2, 29)),
        (ColumnType.DATE, "DATE '2024-02-29'", "2024-02-29"),
        (ColumnType.DATETIME, "TIMESTAMPTZ '2024-02-29 12:30:00+02'", datetime(2024, 2, 29, 10, 30, tzinfo=UTC)),
        (ColumnType.DATETIME, "TIMESTAMPTZ '2024-02-29 12:30:00+02'", "2024-02-29T10:30:00+00:00"),
        (ColumnType.TEXT, "'L’été'", "L’été"),
        (ColumnType.GEO_POINT, "ST_Point(2.3456789, 48.5)", {"lon": 2.3456789, "lat": 48.5}),
    ],
)
def test_sql_and_python_have_one_text_for_a_value(tmp_path, kind, literal, value):
    column = Column("c", "C", kind)
    with connect("128MB", 1, tmp_path / "spill", spatial=True) as connection:
        (text,) = connection.execute(f"SELECT {canonical_sql(column, literal)}").fetchone()
    assert text == canonical_text(value, column)


def test_an_overlay_survives_its_json():
    overlay = Overlay(
        ("id",),
        (CellChange("a", ("2",), "prix", None, "13.5"),),
        (Addition("b", ("4", None), {"id": "4"}),),
        (Removal("c", ("5",), {"nom": None}),),
    )
    assert Overlay.from_dict(json.loads(json.dumps(overlay.to_dict()))) == overlay
    assert not Overlay(("id",))
