"""Pages of records, compared with the same questions put to the rows in plain Python."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine.duckdb.statements import statement_of
from parvis.core.engine.plans import Count
from parvis.core.errors import RequestError
from parvis.core.explore import ExploreRequest, InvalidParameter, matching, records
from parvis.core.odsql import Binder, Names, parse_select, parse_where
from parvis.core.odsql.bound import ALWAYS
from parvis.core.odsql.errors import TooComplex
from parvis.core.text import fold

Row = dict[str, Any]


def words(text: str | None) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text or ""))


def everything(row: Row) -> list[str]:
    texts = [row["nom"], *(row["themes"] or []), row["jour"], None if row["rang"] is None else str(row["rang"])]
    return [word for text in texts for word in words(text)]


def metres(row: Row, lon: float, lat: float) -> float:
    a = math.radians(row["lieu"][1]), math.radians(row["lieu"][0])
    b = math.radians(lat), math.radians(lon)
    h = math.sin((b[0] - a[0]) / 2) ** 2 + math.cos(a[0]) * math.cos(b[0]) * math.sin((b[1] - a[1]) / 2) ** 2
    return 2 * 6371008.8 * math.asin(math.sqrt(h))


QUESTIONS: list[tuple[str, Callable[[Row], bool]]] = [
    ('nom = "Évry"', lambda r: r["nom"] == "Évry"),
    ('nom != "Évry"', lambda r: r["nom"] is not None and r["nom"] != "Évry"),
    ('not nom = "Évry"', lambda r: r["nom"] != "Évry"),
    ('not (nom != "Évry" or rang > 10)', lambda r: r["nom"] in (None, "Évry") and (r["rang"] or 0) <= 10),
    ("rang < 100", lambda r: r["rang"] is not None),
    ("not rang < 100", lambda r: r["rang"] is None),
    ("rang >= -5 and rang <= 25", lambda r: r["rang"] is not None and -5 <= r["rang"] <= 25),
    ("rang in [-5..25[", lambda r: r["rang"] is not None and -5 <= r["rang"] < 25),
    ("rang in (1, 4, 7, null)", lambda r: r["rang"] in (1, 4, 7)),
    ("montant < rang", lambda r: None not in (r["montant"], r["rang"]) and r["montant"] < r["rang"]),
    ("ouvert", lambda r: r["ouvert"] is True),
    ("not ouvert", lambda r: r["ouvert"] is not True),
    ("ouvert is not true", lambda r: r["ouvert"] is not True),
    ("ouvert is false", lambda r: r["ouvert"] is False),
    ("nom is null", lambda r: r["nom"] is None),
    ("nom is not null and ouvert is null", lambda r: r["nom"] is not None and r["ouvert"] is None),
    ('jour >= "2015-03-01"', lambda r: r["jour"] is not None and r["jour"] >= "2015-03-01"),
    ("jour = date'2012-03-03'", lambda r: r["jour"] == "2012-03-03"),
    ("jour in [date'2012'..date'2014'[", lambda r: r["jour"] is not None and "2012" <= r["jour"] < "2014"),
    ("year(jour) = 2013", lambda r: (r["jour"] or "")[:4] == "2013"),
    ("instant > date'2021-05'", lambda r: r["instant"] is not None and r["instant"] > "2021-05"),
    ('themes = "sport"', lambda r: "sport" in (r["themes"] or [])),
    ('themes != "sport"', lambda r: bool(r["themes"]) and "sport" not in r["themes"]),
    ("themes = nom", lambda r: r["nom"] is not None and r["nom"] in (r["themes"] or [])),
    (
        "themes != nom",
        lambda r: r["nom"] is not None and bool(r["themes"]) and r["nom"] not in r["themes"],
    ),
    ('"sport" in themes', lambda r: "sport" in (r["themes"] or [])),
    ('nom like "evry"', lambda r: "evry" in words(r["nom"])),
    ('nom like "nord école"', lambda r: {"nord", "ecole"} <= set(words(r["nom"]))),
    ('nom like "%ssonn%"', lambda r: "ssonn" in " ".join(words(r["nom"]))),
    ('"evry"', lambda r: "evry" in everything(r)),
    ('"coeur"', lambda r: "coeur" in everything(r)),
    ('"vry"', lambda r: "vry" in everything(r)),
    ('"2013"', lambda r: "2013" in everything(r)),
    ('search("éco")', lambda r: any(word.startswith("eco") for word in everything(r))),
    ('startswith(nom, "É")', lambda r: (r["nom"] or "").startswith("É")),
    ('startswith(themes, "sp")', lambda r: any(t.startswith("sp") for t in r["themes"] or [])),
    (
        "in_bbox(lieu, 48.1, 2.05, 48.3, 2.2)",
        lambda r: r["lieu"] is not None and 2.05 <= r["lieu"][0] <= 2.2 and 48.1 <= r["lieu"][1] <= 48.3,
    ),
    (
        "within_distance(lieu, geom'POINT(2.1 48.2)', 10km)",
        lambda r: r["lieu"] is not None and metres(r, 2.1, 48.2) <= 10_000,
    ),
    ("length(nom) > 6", lambda r: len(r["nom"] or "") > 6),
    ('ouvert and (rang > 0 or nom = "")', lambda r: bool(r["ouvert"]) and ((r["rang"] or 0) > 0 or r["nom"] == "")),
]


@pytest.mark.parametrize(("where", "keeps"), QUESTIONS)
def test_a_condition_keeps_the_rows_python_keeps(engine, source, rows, where, keeps):
    _check_kept(engine, source, rows, where, keeps)


@pytest.mark.parametrize(("where", "keeps"), QUESTIONS)
def test_a_condition_keeps_the_same_rows_of_files(duckdb_engine, source, rows, monkeypatch, where, keeps):
    monkeypatch.setattr(duckdb_engine._hot, "rows", lambda *_asked, **_options: None)
    duckdb_engine._tables.clear()
    _check_kept(duckdb_engine, source, rows, where, keeps)


def _check_kept(engine, source, rows, where, keeps):
    expected = [row for row in rows if keeps(row)]
    page = records(engine, source, ExploreRequest(where=(where,), limit=100, select="nom, rang, jour"))
    assert [(r["nom"], r["rang"], r["jour"]) for r in page.results] == [
        (row["nom"], row["rang"], row["jour"]) for row in expected
    ]
    assert page.total_count == len(expected)


def test_the_questions_tell_rows_apart(rows):
    """A condition that keeps everything or nothing would prove little."""
    trivial = [where for where, kept in QUESTIONS if sum(map(kept, rows)) in (0, len(rows))]
    assert trivial == ['"vry"']


@pytest.mark.parametrize(
    ("order_by", "key", "descending"),
    [
        ("rang", lambda r: r["rang"], False),
        ("-rang", lambda r: r["rang"], True),
        ("montant desc", lambda r: r["montant"], True),
        ("nom", lambda r: None if r["nom"] is None else fold(r["nom"]), False),
        ("nom desc", lambda r: None if r["nom"] is None else fold(r["nom"]), True),
        ("jour", lambda r: r["jour"], False),
    ],
)
def test_nulls_come_last_equals_in_the_order_of_the_source(engine, source, rows, order_by, key, descending):
    with_key = sorted((row for row in rows if key(row) is not None), key=key, reverse=descending)
    expected = [*with_key, *(row for row in rows if key(row) is None)]
    page = records(engine, source, ExploreRequest(order_by=order_by, limit=100))
    assert [r["instant"] for r in page.results] == [row["instant"] for row in expected]


def test_pages_cut_one_list_without_hole_or_overlap(engine, source, rows):
    whole = records(engine, source, ExploreRequest(order_by="nom", limit=100)).results
    pages = [
        records(engine, source, ExploreRequest(order_by="nom", limit=7, offset=n)).results for n in range(0, 42, 7)
    ]
    assert [row for page in pages for row in page] == whole
    assert len(whole) == len(rows)


def test_values_have_the_types_of_the_api(engine, source):
    first = records(engine, source, ExploreRequest(limit=1)).results[0]
    assert first == {
        "nom": "Évry",
        "rang": -20,
        "montant": 0.0,
        "ouvert": True,
        "jour": "2010-01-01",
        "instant": "2021-01-15T00:30:00+00:00",
        "themes": ["sport", "été"],
        "lieu": {"lon": 2.0, "lat": 48.0},
        "contour": None,
    }


def test_instants_are_told_in_the_time_zone_asked(engine, source):
    request = ExploreRequest.from_query([("timezone", "Europe/Paris"), ("select", "instant, hour(instant) as h")])
    assert records(engine, source, request).results[6] == {"instant": "2021-07-15T08:30:00+02:00", "h": 8}


def test_a_shape_is_a_feature(engine, version_of):
    shape = version_of([Column("c", "C", ColumnType.GEO_SHAPE)], [["LINESTRING(2 48, 3 49)"]])
    geometry = {"type": "LineString", "coordinates": [[2.0, 48.0], [3.0, 49.0]]}
    assert records(engine, shape, ExploreRequest()).results == [
        {"c": {"type": "Feature", "geometry": geometry, "properties": {}}}
    ]


def test_a_count_without_condition_costs_no_query(source):
    class NoEngine:
        pass

    assert matching(NoEngine(), source, ALWAYS) == 40


@pytest.mark.parametrize(
    ("refine", "exclude", "facet", "keeps"),
    [
        (("nom:Évry",), (), (), lambda r: r["nom"] == "Évry"),
        (("nom:Évry", "nom:evry"), (), (), lambda r: False),
        (
            ("nom:Évry", "nom:evry"),
            (),
            ('facet(name="nom", disjunctive=true)',),
            lambda r: r["nom"] in ("Évry", "evry"),
        ),
        (("jour:2012",), (), (), lambda r: (r["jour"] or "").startswith("2012")),
        (("jour:2012/3",), (), (), lambda r: (r["jour"] or "").startswith("2012-03")),
        (("themes:sport", "themes:été"), (), (), lambda r: {"sport", "été"} <= set(r["themes"] or [])),
        ((), ("nom:Évry",), (), lambda r: r["nom"] != "Évry"),
        (("ouvert:true",), ("rang:1",), (), lambda r: r["ouvert"] is True and r["rang"] != 1),
        (('`nom`:"L\'Haÿ-les-Roses"',), (), (), lambda r: r["nom"] == "L'Haÿ-les-Roses"),
    ],
)
def test_refine_and_exclude_keep_the_rows_python_keeps(engine, source, rows, refine, exclude, facet, keeps):
    request = ExploreRequest(refine=refine, exclude=exclude, facet=facet, limit=100)
    expected = [row["instant"] for row in rows if keeps(row)]
    assert [row["instant"] for row in records(engine, source, request).results] == expected


@pytest.mark.parametrize("pairs", [[("limit", "-2")], [("offset", "-1")], [("limit", "1e3")], [("offset", "9" * 30)]])
def test_numbers_out_of_range_are_refused(pairs):
    with pytest.raises(InvalidParameter):
        ExploreRequest.from_query(pairs)


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    [
        "'; DROP TABLE rows; --",
        '" OR 1=1 --',
        "\\",
        "\\'",
        '"',
        "'",
        "`",
        "{0}",
        "?",
        "%s",
        "\x00",
        "$1",
        "a\nb",
        "\u202e",
    ]
)


def literal(text: str, quote: str) -> str:
    return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote


@settings(max_examples=200)
@given(value=HOSTILE, quote=st.sampled_from("\"'"))
def test_a_value_is_never_part_of_the_sql(value, quote):
    names = Names(TableShape((Column("nom", "Nom", ColumnType.TEXT),)))
    statements = []
    for text in (value, "sans danger"):
        where = f"nom = {literal(text, quote)} or startswith(nom, {literal(text, quote)})"
        statements.append(statement_of(Count(Binder(names, "where").test(parse_where(where)))))
    assert statements[0].sql == statements[1].sql
    assert statements[0].parameters == (value, value)


@settings(max_examples=60)
@given(values=st.lists(HOSTILE, min_size=1, max_size=6), alias=HOSTILE.filter(bool))
def test_hostile_values_and_names_come_back_as_they_went_in(engine, source, values, alias):
    where = f"nom in ({', '.join(literal(value, '"') for value in values)})"
    select = f"nom as {literal(alias, '`')}, {literal(values[0], '"')} as v"
    rows = records(engine, source, ExploreRequest(where=(where,), select=select, limit=100)).results
    assert all(set(row) == {alias, "v"} or alias == "v" for row in rows)
    assert all(row.get(alias) in values for row in rows)


@settings(max_examples=300)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "nom",
                "rang",
                "=",
                ":",
                '"x"',
                "(",
                ")",
                "and",
                "or",
                "not",
                "in",
                "[",
                "]",
                "..",
                "1",
                "like",
                "is",
                "null",
                "`",
                ",",
            ]
        ),
        max_size=12,
    ).map(" ".join)
)
def test_any_text_is_read_or_refused_with_its_own_error(source, text):
    for read in (parse_where, parse_select):
        try:
            read(text)
        except RequestError as error:
            assert error.message("en")


def test_deep_or_long_clauses_are_refused_quickly(engine, source):
    for where in ("(" * 5000 + "ouvert" + ")" * 5000, "not " * 5000 + "ouvert", '"' + "x" * 200_000 + '"'):
        with pytest.raises(TooComplex):
            records(engine, source, ExploreRequest(where=(where,)))
    many = "rang in (" + ", ".join(str(n) for n in range(5000)) + ")"
    assert records(engine, source, ExploreRequest(where=(many,))).total_count > 0
