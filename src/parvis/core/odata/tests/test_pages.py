"""Pages cover every row once, whatever their size, their order and the weight of rows; what is written is what was there."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine.errors import QueryTooLarge
from parvis.core.explore.errors import WrongCursor
from parvis.core.odata import pages
from parvis.core.odata.edm import entity_set
from parvis.core.odata.questions import read_question

N = 2_311
COLUMNS = (
    Column("cle", "Clé", ColumnType.INT),
    Column("groupe", "Groupe", ColumnType.TEXT),
    Column("valeur", "Valeur", ColumnType.DOUBLE),
)


@pytest.fixture(scope="module")
def wide(version_of):
    """Rows with ties and nulls in what they are ordered by."""
    rows = [(n * n % N, None if n % 11 == 0 else f"g{n % 7}", None if n % 5 == 0 else n / 3) for n in range(N)]
    source = version_of(COLUMNS, rows)
    return source, entity_set("mesures", "Mesures", source.shape), rows


def walked(engine, source, entity, size, **options):
    """The pages of a walk, each as its rows."""
    token = ""
    while True:
        question = read_question(entity, {**options, **({"skiptoken": token} if token else {})}, "Europe/Paris")
        page = pages.page(engine, source, question, size)
        rows = json.loads(b"[" + page.body + b"]")
        assert len(rows) == page.rows
        yield rows
        token = page.token
        if not token:
            return


@pytest.mark.parametrize("orderby", ["", "groupe desc", "groupe,valeur desc", "valeur", "cle mod 10 desc,_row"])
def test_pages_cover_every_row_once_and_in_order(duckdb_engine, wide, orderby):
    source, entity, _rows = wide
    whole = next(walked(duckdb_engine, source, entity, N, orderby=orderby))
    parts = list(walked(duckdb_engine, source, entity, 500, orderby=orderby))
    assert [len(part) for part in parts] == [500, 500, 500, 500, 311]
    assert [row for part in parts for row in part] == whole
    assert sorted(row["_row"] for row in whole) == list(range(1, N + 1))


def test_a_filter_a_start_and_a_limit_hold_over_the_pages(duckdb_engine, wide):
    source, entity, rows = wide
    parts = list(walked(duckdb_engine, source, entity, 100, filter="groupe eq 'g3'"))
    assert sum(map(len, parts)) == sum(row[1] == "g3" for row in rows)
    question = read_question(entity, {"skip": "2300", "top": "5"}, "UTC")
    page = pages.page(duckdb_engine, source, question, 100)
    assert [row["_row"] for row in json.loads(b"[" + page.body + b"]")] == [2301, 2302, 2303, 2304, 2305]
    assert page.token == ""


def test_nulls_come_first_in_a_rising_order_and_last_in_a_falling_one(engine, source, entity):
    for direction, place in (("asc", 0), ("desc", -1)):
        rows = next(walked(engine, source, entity, 100, orderby=f"rang {direction}"))
        values = [row["rang"] for row in rows]
        assert values[place] is None
        whole = [value for value in values if value is not None]
        assert whole == sorted(whole, reverse=direction == "desc")


def test_heavy_rows_make_shorter_pages_that_cover_all(duckdb_engine, wide, monkeypatch):
    source, entity, _rows = wide
    monkeypatch.setattr(pages, "PAGE_BYTES", 10_000)
    parts = list(walked(duckdb_engine, source, entity, 1_000))
    assert 5 < len(parts) < N
    assert [row["_row"] for part in parts for row in part] == list(range(1, N + 1))


def test_a_page_too_large_for_the_engine_is_asked_again_smaller(duckdb_engine, wide, monkeypatch):
    source, entity, _rows = wide
    asked_sizes = []
    ask = pages.marked

    def narrow(engine, source, query, seconds):
        asked_sizes.append(query.limit)
        if query.limit > 200:
            raise QueryTooLarge
        return ask(engine, source, query, seconds)

    monkeypatch.setattr(pages, "marked", narrow)
    first = next(walked(duckdb_engine, source, entity, 1_000))
    assert asked_sizes == [1_001, 101]
    assert len(first) == 100


def test_a_place_in_another_walk_is_refused(duckdb_engine, wide):
    source, entity, _rows = wide
    page = pages.page(duckdb_engine, source, read_question(entity, {"orderby": "valeur"}, "UTC"), 10)
    for options in ({"orderby": "groupe"}, {}, {"orderby": "valeur", "filter": "cle gt 3"}):
        question = read_question(entity, {**options, "skiptoken": page.token}, "UTC")
        with pytest.raises(WrongCursor):
            pages.page(duckdb_engine, source, question, 10)


def test_every_value_is_written_as_the_standard_writes_it(engine, version_of):
    columns = (
        Column("2_texte", "Texte", ColumnType.TEXT),
        Column("entier", "Entier", ColumnType.INT),
        Column("reel", "Réel", ColumnType.DOUBLE),
        Column("vrai", "Vrai", ColumnType.BOOLEAN),
        Column("jour", "Jour", ColumnType.DATE, annotations={"timeserie_precision": "year"}),
        Column("quand", "Quand", ColumnType.DATETIME),
        Column("lieu", "Lieu", ColumnType.GEO_POINT),
        Column("mots", "Mots", ColumnType.TEXT, annotations={"multivalued": ";"}),
    )
    rows = [
        ('«\u2028"\\\t', 2**62, 1e-7, True, "1978-01-01", "2021-07-01T00:00:00+00:00", "POINT(2.5 48.5)", ["a", "b"]),
        (None, None, None, None, None, "1900-01-01T00:00:00+00:00", None, []),
    ]
    source = version_of(columns, rows)
    entity = entity_set("valeurs", "Valeurs", source.shape)
    full, empty = next(walked(engine, source, entity, 10))
    assert full == {
        "_row": 1,
        "_2_texte": '«\u2028"\\\t',
        "entier": 2**62,
        "reel": 1e-7,
        "vrai": True,
        "jour": "1978-01-01",
        "quand": "2021-07-01T02:00:00+02:00",
        "lieu_latitude": 48.5,
        "lieu_longitude": 2.5,
        "mots": "a,b",
    }
    # That of Paris was then 9 minutes and 21 seconds, which no offset of this type may have.
    assert empty == {**dict.fromkeys(full), "_row": 2, "quand": "1900-01-01T00:00:00+00:00"}


def test_an_instant_without_end_is_one_that_clients_have(duckdb_engine, version_of):
    """9999-12-31T23:59:59Z is of the year 10000 in Paris, which no DateTimeOffset holds: one cell would stop the whole table."""
    source = version_of(
        (Column("fin", "", ColumnType.DATETIME),), [("9999-12-31T23:59:59+00:00",), ("2024-07-01T00:00:00+00:00",)]
    )
    (rows,) = walked(duckdb_engine, source, entity_set("fins", "", source.shape), 9)
    assert [row["fin"] for row in rows] == ["9999-12-31T23:59:59+00:00", "2024-07-01T02:00:00+02:00"]


def test_names_are_made_apart_from_the_key_and_from_one_another():
    columns = (
        Column("_row", "", ColumnType.TEXT),
        Column("1_a", "", ColumnType.TEXT),
        Column("_1_a", "", ColumnType.TEXT),
        Column("row", "", ColumnType.TEXT),
        Column("p_latitude", "", ColumnType.TEXT),
        Column("p", "", ColumnType.GEO_POINT),
    )
    entity = entity_set("2024-comptes", "", TableShape(columns))
    assert entity.name == "_2024_comptes"
    names = ["_row", "_row_2", "_1_a", "_1_a_2", "row_2", "p_latitude", "p_latitude_2", "p_longitude"]
    assert [row.name for row in entity] == names


def test_columns_called_as_the_words_of_conditions_are_asked_like_others(duckdb_engine, version_of):
    """« null eq 'a' » compares nothing with a text: it would find no row, and say nothing."""
    words = (
        "null",
        "true",
        "false",
        "not",
        "INF",
        "NaN",
        "and",
        "in",
        "eq",
        "desc",
        "value",
        "count",
        "any",
        "div",
        "now",
        "it",
    )
    rows = [tuple(f"{name}{n}" for name in words) for n in range(3)]
    source = version_of(tuple(Column(name, "", ColumnType.TEXT) for name in words), rows)
    entity = entity_set("mots", "", source.shape)
    for row in entity.properties[1:]:
        name, value = row.name, f"{row.column.name}1"
        for condition in (f"{name} eq '{value}'", f"'{value}' eq {name}", f"contains({name},'{value}')"):
            (page,) = walked(duckdb_engine, source, entity, 9, filter=condition, select=name)
            assert page == [{name: value}], condition
        (page,) = walked(duckdb_engine, source, entity, 9, orderby=f"{name} desc")
        assert [line["_row"] for line in page] == [3, 2, 1], name


def test_rows_without_a_condition_are_read_from_where_they_lie(duckdb_engine, wide, monkeypatch):
    """A page far away costs what the first one does: no row before it is read."""
    source, entity, _rows = wide
    plans = []
    table = duckdb_engine.table
    monkeypatch.setattr(
        duckdb_engine, "table", lambda s, plan, **options: (plans.append(plan), table(s, plan, **options))[1]
    )
    list(walked(duckdb_engine, source, entity, 1_000))
    windows = [(plan.query.after.first, plan.query.after.last) for plan in plans[:2]]
    assert windows == [(0, 1_001), (1_000, 2_001)]
    assert replace(plans[0].query, after=None).where == plans[1].query.where


def test_pages_of_shapes_are_asked_no_longer_than_they_can_be(duckdb_engine, version_of, monkeypatch):
    def outline(n: int) -> str:
        ring = [f"{2 + (n * 31 + step * 17 % 1009) / 10_007} {48 + step * step % 997 / 9_973}" for step in range(60)]
        return f"POLYGON(({', '.join([*ring, ring[0]])}))"

    source = version_of([Column("forme", "Forme", ColumnType.GEO_SHAPE)], [(outline(n),) for n in range(200)])
    entity = entity_set("contours", "Contours", source.shape)
    monkeypatch.setattr(pages, "PAGE_BYTES", 100_000)
    limits = []
    ask = pages.marked
    monkeypatch.setattr(pages, "marked", lambda *arguments: (limits.append(arguments[2].limit), ask(*arguments))[1])
    parts = list(walked(duckdb_engine, source, entity, 10_000))
    assert max(limits) < 100
    assert [row["_row"] for part in parts for row in part] == list(range(1, 201))
    limits.clear()
    list(walked(duckdb_engine, source, entity, 10_000, select="_row"))
    assert limits == [10_001]
