"""Linked data, calendars and open spreadsheets, read back by the libraries of each."""

from __future__ import annotations

import csv
import io
import json
import zlib
from datetime import UTC, date, datetime

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from python_calamine import CalamineWorkbook

from parvis.core.columns import Column, ColumnType
from parvis.core.explore import EXPORT_FORMATS, ExploreRequest, NoGeometry, Setting, export, formats_for, records
from parvis.core.explore.errors import NoDate
from parvis.core.explore.request import PARAMETERS
from parvis.core.explore.writers import ods

ABOUT = "https://donnees.exemple.fr/explore/dataset/lieux"
TEXT = (Column("a", "A", ColumnType.TEXT, annotations={"id": True}), Column("b", "Le « b »", ColumnType.TEXT))
CELLS = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"), max_size=20)
    | st.sampled_from(
        ['say "x"', "line\nbreak", "\r", "=1+1", " ", "  a  b ", "", "]]>", "\t", "œ’é🌳", "&lt;", "\\n", "'''"]
    )
)
SYNTAXES = {
    "turtle": ("turtle", pyoxigraph.RdfFormat.TURTLE),
    "n3": ("n3", pyoxigraph.RdfFormat.N3),
    "rdfxml": ("xml", pyoxigraph.RdfFormat.RDF_XML),
    "jsonld": ("json-ld", pyoxigraph.RdfFormat.JSON_LD),
}


def whole(engine, source, name, **parameters) -> bytes:
    return b"".join(export(engine, source, name, ExploreRequest(**parameters), setting=Setting("lieux", ABOUT)))


def triples(content: bytes, name: str) -> set[tuple[str, str, str]]:
    """What pyoxigraph reads, blank nodes told by nothing."""

    def told(term: object) -> str:
        return "_" if isinstance(term, pyoxigraph.BlankNode) else str(term)

    quads = pyoxigraph.parse(content, format=SYNTAXES[name][1], base_iri=ABOUT)
    return {(told(q.subject), str(q.predicate), told(q.object)) for q in quads}


def test_the_four_syntaxes_say_the_same_triples(engine, source):
    read = {name: triples(whole(engine, source, name), name) for name in ("turtle", "n3", "rdfxml")}
    assert read["turtle"] == read["n3"] == read["rdfxml"]
    property_of_rang = f"<{ABOUT}#rang>"
    integers = {o for _s, p, o in read["turtle"] if p == property_of_rang}
    assert '"-20"^^<http://www.w3.org/2001/XMLSchema#integer>' in integers
    places = {str(o) for _s, p, o in read["turtle"] if p == f"<{ABOUT}#lieu>"}
    assert '"POINT (2 48)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>' in places
    # JSON has its own way to write decimals and no property descriptions here; everything else is the same.
    described = {t for t in read["turtle"] if t[0] == "_" and t[1] != f"<{ABOUT}#montant>"}
    assert {t for t in triples(whole(engine, source, "jsonld"), "jsonld") if t[1] != f"<{ABOUT}#montant>"} == described


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")
@pytest.mark.parametrize("name", ["turtle", "rdfxml", "jsonld"])
def test_rdflib_reads_every_value(engine, source, name):
    graph = rdflib.Graph().parse(data=whole(engine, source, name), format=SYNTAXES[name][0])
    rows = records(engine, source, ExploreRequest(limit=100)).results
    vocabulary = rdflib.Namespace(f"{ABOUT}#")
    for column in ("nom", "rang", "montant", "ouvert", "jour"):
        actual = sorted(str(o.toPython()) for o in graph.objects(None, vocabulary[column]))
        assert actual == sorted(str(row[column]) for row in rows if row[column] is not None), column
    moments = sorted(o.toPython() for o in graph.objects(None, vocabulary["instant"]))
    assert moments == sorted(datetime.fromisoformat(row["instant"]) for row in rows if row["instant"])
    themes = sorted(str(o) for o in graph.objects(None, vocabulary["themes"]))
    assert themes == sorted(theme for row in rows for theme in row["themes"] or [])
    assert len(set(graph.subjects(rdflib.RDF.type, vocabulary["Row"]))) == 40


@settings(max_examples=25)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_any_text_survives_linked_data_and_spreadsheets(engine, version_of, rows):
    made = version_of(TEXT, rows)
    texts = [b for _a, b in rows if b is not None]

    def bare(text: str) -> str:
        return "".join("\ufffd" if ord(c) < 32 and c not in "\t\n\r" else c for c in text)

    for name in ("turtle", "jsonld"):
        quads = list(pyoxigraph.parse(whole(engine, made, name), format=SYNTAXES[name][1], base_iri=ABOUT))
        assert {q.object.value for q in quads if q.predicate.value == f"{ABOUT}#b"} == set(texts)
    quads = list(pyoxigraph.parse(whole(engine, made, "rdfxml"), format=SYNTAXES["rdfxml"][1], base_iri=ABOUT))
    actual = {q.object.value for q in quads if q.predicate.value == f"{ABOUT}#b"}
    assert actual == {bare(text) for text in texts}
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(whole(engine, made, "ods"))).get_sheet_by_index(0)
    table = sheet.to_python(skip_empty_area=False)
    assert table[0] == ["a", "b"]
    # Calamine knows nothing of the element that stands for a tab.
    for row, (a, b) in zip(table[1:], rows, strict=False):
        expected = [bare(c or "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", "") for c in (a, b)]
        assert [str(cell) for cell in row] == expected


def test_a_row_with_an_identifier_has_an_address_the_others_are_blank(engine, version_of):
    made = version_of(TEXT, [["x/ y", "1"], [None, "2"], ["É", "3"]])
    subjects = {s for s, p, _o in triples(whole(engine, made, "turtle"), "turtle") if p == f"<{ABOUT}#b>"}
    assert subjects == {f"<{ABOUT}/records/x%2F%20y>", "_", f"<{ABOUT}/records/%C3%89>"}
    for name in SYNTAXES:
        assert {s for s, p, _o in triples(whole(engine, made, name), name) if p == f"<{ABOUT}#b>"} == subjects


def test_an_open_spreadsheet_keeps_types_and_writes_formulas_as_text(engine, version_of):
    columns = [
        Column("t", "T", ColumnType.TEXT),
        Column("n", "N", ColumnType.INT),
        Column("x", "X", ColumnType.DOUBLE),
        Column("d", "D", ColumnType.DATE),
        Column("b", "B", ColumnType.BOOLEAN),
    ]
    made = version_of(
        columns,
        [["=1+1", 5, 1.25, "2020-02-29", True], ["01234", 2**60, None, "1789-07-14", False], [None] * 5],
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(whole(engine, made, "ods", use_labels=True)))
    assert book.sheet_names == ["Données"]
    head, first, second = book.get_sheet_by_index(0).to_python()[:3]
    assert head == ["T", "N", "X", "D", "B"]
    assert first == ["=1+1", 5.0, 1.25, date(2020, 2, 29), True]
    assert second == ["01234", str(2**60), "", date(1789, 7, 14), False]


def test_an_open_spreadsheet_goes_on_when_a_sheet_is_full(engine, version_of, monkeypatch):
    monkeypatch.setattr(ods, "SHEET_ROWS", 3)
    made = version_of(TEXT, [["1", "a"], ["2", "b"], ["3", "c"], ["4", "d"], ["5", "e"]])
    book = CalamineWorkbook.from_filelike(io.BytesIO(whole(engine, made, "ods")))
    sheets = [book.get_sheet_by_index(n).to_python() for n in range(3)]
    assert book.sheet_names == ["Données", "Données 2", "Données 3"]
    assert [[row[1] for row in sheet] for sheet in sheets] == [["b", "a", "b"], ["b", "c", "d"], ["b", "e"]]


EVENTS = (
    Column("titre", "Titre", ColumnType.TEXT),
    Column("date_debut", "Début", ColumnType.DATETIME),
    Column("date_fin", "Fin", ColumnType.DATETIME),
    Column("lieu", "Lieu", ColumnType.TEXT),
    Column("maj", "Mis à jour", ColumnType.DATE),
)


def test_a_calendar_has_an_event_for_each_row_with_a_start(engine, version_of):
    made = version_of(
        EVENTS,
        [
            [
                "Fête ; de la, musique\nà Évry 🎵",
                "2024-06-21T18:00:00+02:00",
                "2024-06-21T23:30:00+02:00",
                "Parc",
                "2024-01-01",
            ],
            ["Sans date", None, None, None, "2024-01-01"],
            ["À rebours", "2024-06-21T18:00:00Z", "2023-06-21T18:00:00Z", "x" * 200, None],
        ],
    )
    events = Calendar.from_ical(whole(engine, made, "ical")).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["Fête ; de la, musique\nà Évry 🎵", "À rebours"]
    assert events[0]["dtstart"].dt == datetime(2024, 6, 21, 16, tzinfo=UTC)
    assert events[0]["dtend"].dt == datetime(2024, 6, 21, 21, 30, tzinfo=UTC)
    assert "dtend" not in events[1]
    assert str(events[1]["location"]) == "x" * 200
    assert len({str(event["uid"]) for event in events}) == 2


def test_a_calendar_of_whole_days_ends_the_day_after(engine, version_of):
    columns = (
        Column("quoi", "Q", ColumnType.TEXT),
        Column("jour", "J", ColumnType.DATE),
        Column("fin", "F", ColumnType.DATE),
    )
    made = version_of(columns, [["Conseil", "2024-03-01", "2024-03-02"]])
    (event,) = Calendar.from_ical(whole(engine, made, "ical")).walk("VEVENT")
    assert str(event["summary"]) == "Conseil"
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2024, 3, 1), date(2024, 3, 3))


def test_a_calendar_needs_a_date(engine, version_of):
    with pytest.raises(NoDate):
        export(engine, version_of(TEXT, []), "ical", ExploreRequest())
    names = {row.name for row in formats_for(has_geometry=False, has_date=False)}
    assert {"ical", "kml", "geojson"}.isdisjoint(names)
    assert {"csv", "ods", "turtle", "fgb"} <= names


@pytest.mark.parametrize("name", [row.name for row in EXPORT_FORMATS])
def test_a_client_that_leaves_leaves_no_file_behind(engine, source, name, tmp_path):
    pieces = export(engine, source, name, ExploreRequest(), setting=Setting("lieux", ABOUT, tmp_path))
    next(pieces)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    pieces.close()
    pieces.close()
    assert list(tmp_path.iterdir()) == []
    export(engine, source, name, ExploreRequest(), setting=Setting("lieux", ABOUT, tmp_path)).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [row.name for row in EXPORT_FORMATS])
def test_hostile_texts_and_titles_break_no_format(engine, version_of, name):
    columns = (
        Column("t", "<b>\"';--\x01\u202e", ColumnType.TEXT),
        Column("d", "D", ColumnType.DATE),
        Column("p", "P", ColumnType.GEO_POINT),
    )
    long = 'é"<&;\n' * 170_000
    made = version_of(
        columns,
        [[long, "2024-01-01", "POINT(1 2)"], ["\u202eabc\u0007", None, None], ["@SUM(1)", "2024-01-01", "POINT(0 0)"]],
    )
    content = whole(engine, made, name, use_labels=True)
    assert content
    if name in ("json", "jsonld", "geojson"):
        json.loads(content)


@pytest.mark.parametrize("name", [row.name for row in EXPORT_FORMATS])
def test_a_compressed_file_of_any_format_is_the_same_file(engine, source, name):
    if name in ("xlsx", "ods", "shp", "gpkg", "ical"):
        return  # they tell the time they were made
    assert zlib.decompress(whole(engine, source, name, compressed=True), 31) == whole(engine, source, name)


GROUPED = (
    {"select": "count(*) as n, sum(rang) as s, avg(montant) as m, max(jour) as j", "group_by": "nom"},
    {"select": "count(*) as n, bbox(lieu) as b, envelope(lieu) as e", "group_by": "ouvert"},
    {"select": "count(*) as n", "group_by": "geo_cluster(lieu, 8)"},
    {"select": "count(*) as n", "group_by": "jour"},
    {"select": "nom, year(jour) as an, lieu, themes", "order_by": "an desc", "limit": 5},
)


@pytest.mark.parametrize("name", [row.name for row in EXPORT_FORMATS])
@pytest.mark.parametrize("parameters", GROUPED)
def test_every_format_takes_groups_and_chosen_columns(engine, source, name, parameters):
    try:
        content = whole(engine, source, name, **parameters)
    except (NoGeometry, NoDate):
        return
    rows = json.loads(whole(engine, source, "json", **parameters))
    if name == "csv":
        table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert (table[0], len(table)) == (list(rows[0]), len(rows) + 1)
    elif name == "ods":
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        assert len(book.get_sheet_by_index(0).to_python(skip_empty_area=False)) == len(rows) + 1
    elif name == "geojson":
        assert len(json.loads(content)["features"]) == len(rows)
    elif name == "turtle":
        kind = [t for t in triples(content, name) if t[2] == f"<{ABOUT}#Row>"]
        assert kind
    assert content


def test_what_a_format_says_changes_it_is_what_requests_read():
    parameters = {name for row in EXPORT_FORMATS for name in row.parameters}
    assert parameters <= PARAMETERS.keys()
    assert {"delimiter", "with_bom", "epsg", "name_field", "parquet_compression"} <= parameters
