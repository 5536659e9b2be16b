"""Files: read back by other readers, they hold what went in."""

from __future__ import annotations

import csv
import io
import json
import math
import zlib

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from parvis.core.columns import Column, ColumnType
from parvis.core.errors import RequestError
from parvis.core.explore import (
    EXPORT_FORMATS,
    ExploreRequest,
    NoGeometry,
    UnknownFormat,
    export,
    formula_cells,
    records,
)
from parvis.core.explore.writers import rows as pieces
from parvis.core.explore.writers import xlsx

TEXT = (Column("a", "A", ColumnType.TEXT), Column("b", "Le « b »", ColumnType.TEXT))
CELLS = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
    | st.sampled_from(
        ["a;b", 'say "x"', "line\nbreak", "\r", "=1+1", " ", "", '"', ";", "\t", "œ’é", "\u2028", "\\", "a\x01b"]
    )
)


def whole(engine, source, name, **parameters) -> bytes:
    return b"".join(export(engine, source, name, ExploreRequest(**parameters)))


def read_csv(content: bytes, delimiter: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_csv_starts_with_a_mark_and_ends_its_lines_with_crlf(engine, source):
    content = whole(engine, source, "csv", select="nom, rang", limit=1)
    assert content == "\ufeffnom;rang\r\nÉvry;-20\r\n".encode()
    assert whole(engine, source, "csv", select="rang", limit=1, with_bom=False) == b"rang\r\n-20\r\n"


def test_csv_cells_are_written_as_the_specification_says(engine, source):
    row = read_csv(whole(engine, source, "csv", limit=1))[1]
    assert row == ["Évry", "-20", "0", "True", "2010-01-01", "2021-01-15T00:30:00+00:00", "sport,été", "48, 2", ""]


@settings(max_examples=25)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=8), delimiter=st.sampled_from(";,\t|"), quote_all=st.booleans())
def test_any_text_survives_csv_json_and_parquet(engine, version_of, rows, delimiter, quote_all):
    made = version_of(TEXT, rows)
    content = whole(engine, made, "csv", delimiter=delimiter, quote_all=quote_all)
    assert read_csv(content, delimiter) == [["a", "b"], *([cell or "" for cell in row] for row in rows)]
    expected = [{"a": a, "b": b} for a, b in rows]
    assert json.loads(whole(engine, made, "json")) == expected
    lines = whole(engine, made, "jsonl").decode().split("\n")[:-1]
    assert [json.loads(line) for line in lines] == expected
    assert pq.read_table(io.BytesIO(whole(engine, made, "parquet"))).to_pylist() == expected


@settings(max_examples=25)
@given(values=st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_decimals_keep_every_digit(engine, version_of, values):
    made = version_of([Column("x", "X", ColumnType.DOUBLE)], [[value] for value in values])
    written = [row[0] for row in read_csv(whole(engine, made, "csv"))[1:]]
    assert [float(text) if text else None for text in written] == values
    assert [row["x"] for row in json.loads(whole(engine, made, "json"))] == values


def test_long_numbers_are_written_without_exponent(engine, version_of):
    made = version_of([Column("x", "X", ColumnType.DOUBLE)], [[123456789012.5], [5.0], [0.0001], [1e16]])
    assert [row[0] for row in read_csv(whole(engine, made, "csv"))[1:]] == ["123456789012.5", "5", "0.0001", "1e+16"]


def test_what_is_not_a_number_is_null_in_json(engine, version_of):
    made = version_of([Column("x", "X", ColumnType.DOUBLE)], [[math.nan], [math.inf], [1.5]])
    assert json.loads(whole(engine, made, "json")) == [{"x": None}, {"x": None}, {"x": 1.5}]


def test_one_empty_column_keeps_its_rows(engine, version_of):
    made = version_of(TEXT[:1], [["x"], [None], [""], ["y"]])
    assert read_csv(whole(engine, made, "csv")) == [["a"], ["x"], [""], [""], ["y"]]


def test_json_and_records_say_the_same(engine, source):
    exported = json.loads(whole(engine, source, "json", timezone="America/New_York"))
    page = records(engine, source, ExploreRequest(limit=100, timezone="America/New_York"))
    assert exported == page.results


def test_geojson_draws_the_first_shape_else_the_point(engine, source, version_of):
    body = json.loads(whole(engine, source, "geojson", select="nom, lieu", where=("rang in (-20, -8)",)))
    assert [feature["geometry"] for feature in body["features"]] == [
        {"type": "Point", "coordinates": [2.0, 48.0]},
        {"type": "Point", "coordinates": [2.04, 48.08]},
    ]
    shapes = version_of(
        [Column("p", "P", ColumnType.GEO_POINT), Column("s", "S", ColumnType.GEO_SHAPE)],
        [["POINT(1 2)", "LINESTRING(0 0, 1 1)"], [None, None]],
    )
    first, second = json.loads(whole(engine, shapes, "geojson"))["features"]
    assert first["geometry"]["type"] == "LineString"
    assert first["properties"] == {"p": {"lon": 1.0, "lat": 2.0}}
    assert second == {"type": "Feature", "geometry": None, "properties": {"p": None}}


def test_parquet_is_geoparquet(engine, source):
    table = pq.read_table(io.BytesIO(whole(engine, source, "parquet")))
    geo = json.loads(table.schema.metadata[b"geo"])
    assert geo["primary_column"] == "contour"
    assert table.num_rows == 40
    assert table.column("themes")[0].as_py() == ["sport", "été"]
    assert table.column("lieu")[0].as_py()[:5] == b"\x01\x01\x00\x00\x00"


def test_a_spreadsheet_keeps_text_as_text_and_long_numbers_whole(engine, version_of):
    columns = [
        Column("t", "T", ColumnType.TEXT),
        Column("n", "N", ColumnType.INT),
        Column("d", "D", ColumnType.DATE),
        Column("b", "B", ColumnType.BOOLEAN),
    ]
    made = version_of(
        columns,
        [["=1+1", 5, "2020-02-29", True], ["01234", 2**60, "1789-07-14", False], ["http://x.fr", None, None, None]],
    )
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(whole(engine, made, "xlsx"))).get_sheet_by_index(0).to_python()
    assert [cell for row in sheet for cell in row][:4] == ["t", "n", "d", "b"]
    assert sheet[1][0] == "=1+1"
    assert sheet[1][1] == 5
    assert sheet[1][2].isoformat() == "2020-02-29"
    assert sheet[2] == ["01234", str(2**60), "1789-07-14", False]
    assert sheet[3][0] == "http://x.fr"


def test_a_spreadsheet_says_what_it_had_to_cut_and_goes_on_when_a_sheet_is_full(engine, version_of, monkeypatch):
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 3)
    made = version_of(TEXT, [["x" * 40_000, "1"], ["2", "2"], ["3", "3"]])
    book = CalamineWorkbook.from_filelike(io.BytesIO(whole(engine, made, "xlsx")))
    assert book.sheet_names == ["Données", "Données 2", "À savoir"]
    first, second, note = (book.get_sheet_by_index(n).to_python() for n in range(3))
    assert (len(first), len(second)) == (3, 2)
    assert len(first[1][0]) == xlsx.CELL_CHARACTERS
    assert first[1][0].endswith("[coupé]")
    assert note[0][0].startswith("1 cellule")


def test_labels_name_the_columns_but_an_alias_stays(engine, source):
    content = whole(engine, source, "csv", select="ouvert, rang as numero", use_labels=True, limit=0)
    assert read_csv(content) == [["Ouvert ?", "numero"]]


def test_a_compressed_file_is_the_same_file(engine, source):
    packed = whole(engine, source, "csv", compressed=True)
    assert zlib.decompress(packed, 31) == whole(engine, source, "csv")


def test_rows_are_many_more_than_one_batch(engine, version_of, monkeypatch):
    monkeypatch.setattr(pieces, "_PIECE_ROWS", 1000)
    made = version_of([Column("n", "N", ColumnType.INT)], [[n] for n in range(70_000)])
    for name in ("csv", "jsonl"):
        assert whole(engine, made, name).count(b"\n") == 70_000 + (name == "csv")
    assert [row["n"] for row in json.loads(whole(engine, made, "json"))] == list(range(70_000))
    assert pq.read_table(io.BytesIO(whole(engine, made, "parquet"))).column("n").to_pylist() == list(range(70_000))


def test_an_empty_answer_is_a_whole_file(engine, source):
    nothing = {"where": ("rang > 1000",)}
    assert read_csv(whole(engine, source, "csv", **nothing))[0][0] == "nom"
    assert json.loads(whole(engine, source, "json", **nothing)) == []
    assert whole(engine, source, "jsonl", **nothing) == b""
    assert json.loads(whole(engine, source, "geojson", **nothing))["features"] == []
    assert pq.read_table(io.BytesIO(whole(engine, source, "parquet", **nothing))).num_rows == 0
    assert CalamineWorkbook.from_filelike(io.BytesIO(whole(engine, source, "xlsx", **nothing))).sheet_names == [
        "Données"
    ]


@pytest.mark.parametrize("name", [row.name for row in EXPORT_FORMATS])
def test_a_wrong_question_is_refused_before_the_first_byte(engine, source, name):
    with pytest.raises(RequestError):
        export(engine, source, name, ExploreRequest(where=("nope = 1",)))


def test_a_format_needs_to_exist_and_its_geometry_too(engine, source, version_of):
    with pytest.raises(UnknownFormat):
        export(engine, source, "docx", ExploreRequest())
    with pytest.raises(NoGeometry):
        export(engine, source, "kml", ExploreRequest(select="nom"))
    with pytest.raises(NoGeometry):
        export(engine, version_of(TEXT, [["a", "b"]]), "geojson", ExploreRequest())


def test_features_have_no_place_when_the_selection_leaves_it_out(engine, source):
    written = json.loads(b"".join(export(engine, source, "geojson", ExploreRequest(select="nom", limit=2))))
    assert [feature["geometry"] for feature in written["features"]] == [None, None]
    assert [list(feature["properties"]) for feature in written["features"]] == [["nom"], ["nom"]]


def test_formulas_are_counted_numbers_are_not(engine, version_of):
    made = version_of(TEXT, [["=1+1", "-5"], ["@x", "+33 1 60"], ["-3,2", "texte"], [None, "a=b"]])
    assert formula_cells(engine, made) == 4
