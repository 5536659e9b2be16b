"""Values that functions give over real rows: dates in words, JSON, arithmetic, missing values, fuzzy words, places."""

from __future__ import annotations

import json
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.errors import RequestError
from parvis.core.explore import ExploreRequest, export, records

DATE = (Column("d", "D", ColumnType.DATE), Column("i", "I", ColumnType.DATETIME))


@pytest.fixture(scope="session")
def moment(version_of):
    """The date of the reference's examples, a Tuesday."""
    return version_of(DATE, [["2007-11-20", "2007-11-20T01:23:45+00:00"], [None, None]])


ENDS = ("9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "2024-07-01T12:00:00+00:00")
"""« Without end » and « always » as registers write them: of the years 10000 in Paris and 0 in New York."""


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "UTC"])
def test_instants_at_the_ends_of_time_are_written_as_everybody_reads_them(engine, version_of, zone):
    ends = version_of(DATE, [[None, instant] for instant in ENDS])
    request = ExploreRequest(select="i", timezone=zone)
    texts = [row["i"] for row in records(engine, ends, request).results]
    assert [datetime.fromisoformat(text) for text in texts] == [datetime.fromisoformat(text) for text in ENDS]
    assert texts[2] == datetime.fromisoformat(ENDS[2]).astimezone(ZoneInfo(zone)).isoformat()
    for name in ("json", "jsonl", "csv"):
        file = b"".join(export(engine, ends, name, request)).decode("utf-8-sig")
        assert re.findall(r"\d{4,}-\d\d-\d\dT[0-9:+-]+", file) == texts, name


def value(engine, source, expression, **parameters):
    return records(engine, source, ExploreRequest(select=f"{expression} as x", limit=1, **parameters)).results[0]["x"]


@pytest.mark.parametrize(
    ("pattern", "lang", "expected"),
    [
        ("dd/MM/YYYY", "fr", "20/11/2007"),
        ("'The date is 'dd/MM/YYYY", "en", "The date is 20/11/2007"),
        ("H", "fr", "1"),
        ("HH", "fr", "01"),
        ("E", "fr", "mar."),
        ("EEEE", "fr", "mardi"),
        ("EEEE d MMMM yyyy", "en", "Tuesday 20 November 2007"),
        ("EEEE d MMMM yyyy", "de", "Dienstag 20 November 2007"),
        ("MMM", "fr", "nov."),
        ("yy-M-d H:m:s", "fr", "07-11-20 1:23:45"),
        ("xxxx xx w ww e", "fr", "2007 07 47 47 2"),
        ("D DDD", "fr", "324 324"),
        ("'l''an' yyyy", "fr", "l'an 2007"),
        ("? , . : / - %", "fr", "? , . : / - %"),
    ],
)
def test_dates_are_written_as_the_reference_says(engine, moment, pattern, lang, expected):
    assert value(engine, moment, f'date_format(i, "{pattern}")', lang=lang) == expected


def test_the_clock_is_that_of_the_time_zone(engine, moment):
    assert (
        value(engine, moment, 'date_format(i, "yyyy-MM-dd HH:mm")', timezone="America/New_York") == "2007-11-19 20:23"
    )
    assert value(engine, moment, "day(i)", timezone="America/New_York") == 19
    assert value(engine, moment, "hour(d)") == 0


@pytest.mark.parametrize(
    ("year_day", "week"), [("2021-01-03", "2020-53"), ("2018-12-31", "2019-01"), ("2020-12-31", "2020-53")]
)
def test_weeks_are_those_of_iso(engine, version_of, year_day, week):
    made = version_of(DATE[:1], [[year_day]])
    assert value(engine, made, 'date_format(d, "xxxx-ww")') == week


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 - 2 - 1", 4),
        ("8 / 2 / 2", 2),
        ("1 / 0", None),
        ("1 / (5 - 5)", None),
        ("null + 1", None),
        ("-(-3)", 3),
        ("-2 * -3", 6),
        ("2147483647 + 1", 2147483648),
        ("7 / 2", 3.5),
        ('ifnull(null, "a")', "a"),
        ("ifnull(null, 5) + 1", 6),
        ('length("œuf 😀")', 5),
        ('lower("ÉTÉ")', "été"),
        ("year(date'2020-06')", 2020),
        ("date'2020-06-01T10:00:00+02:00'", "2020-06-01T08:00:00+00:00"),
        ("true", True),
        ("null", None),
        ('"a\\"b"', 'a"b'),
    ],
)
def test_an_expression_gives_its_value(engine, moment, expression, expected):
    assert value(engine, moment, expression) == expected


def test_sums_beyond_64_bits_are_refused(engine, moment):
    with pytest.raises(RequestError):
        value(engine, moment, "9223372036854775807 + 1")


JSON = (Column("t", "T", ColumnType.TEXT),)
TEXTS = ['{"a": [1, "é"]}', "5", "pas du json", "NaN", None, '"x"', "[" * 5000, "null"]


def test_json_text_becomes_json_or_its_fallback(engine, version_of):
    made = version_of(JSON, [[text] for text in TEXTS])
    plain = [row["x"] for row in records(engine, made, ExploreRequest(select="json_format(t) as x")).results]
    assert plain == [{"a": [1, "é"]}, 5, "pas du json", "NaN", None, "x", "[" * 5000, None]
    nulls = [row["x"] for row in records(engine, made, ExploreRequest(select="json_format(t, null) as x")).results]
    assert nulls == [{"a": [1, "é"]}, 5, None, None, None, "x", None, None]
    others = [row["x"] for row in records(engine, made, ExploreRequest(select='json_format(t, "?") as x')).results]
    assert others[2:4] == ["?", "?"]
    request = ExploreRequest(select='json_format(t, "?") as x')
    assert [row["x"] for row in json.loads(b"".join(export(engine, made, "json", request)))] == others
    csv = b"".join(export(engine, made, "csv", request)).decode("utf-8-sig").split("\r\n")
    assert csv[3] == "pas du json"


TITLES = ["THE BOOK OF SECRETS", "Le cœur d’Évry", "Star Trek", "Médiathèque", None, "bouk"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ('search(titre, "bok of secret")', {0}),
        ('search("bok of secret")', {0}),
        ('search(titre, "secrets boo")', {0}),
        ('search(titre, "coeur evr")', {1}),
        ('search(titre, "CŒUR ÉVRY")', {1}),
        ('search(titre, "madiatheque sta")', set()),
        ('search(titre, "mediateque m")', {3}),
        ('search(titre, "of")', {0}),
        ('search(titre, "off secrets")', {0}),
        ('suggest(titre, "tre")', {2}),
        ('suggest(titre, "rek")', set()),
        ('suggest(titre, "star tr")', {2}),
        ('startswith(titre, "Star")', {2}),
        ('startswith(titre, "star")', set()),
        ('titre like "star"', {2}),
        ('titre like "%trek%"', {2}),
        ('titre like "trek star"', {2}),
        ('titre like "tar"', set()),
        ('titre like "evry"', {1}),
        ('"star trek"', {2}),
        ('"sta"', set()),
        ('not search(titre, "star")', {0, 1, 3, 4, 5}),
    ],
)
def test_words_are_found_as_the_specification_says(engine, version_of, where, expected):
    made = version_of(
        [Column("n", "N", ColumnType.INT), Column("titre", "Titre", ColumnType.TEXT)],
        [[rank * 1000, title] for rank, title in enumerate(TITLES)],
    )
    page = records(engine, made, ExploreRequest(where=(where,), select="n"))
    assert {row["n"] // 1000 for row in page.results} == expected


SQUARE = "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0))"
PLACES = [("POINT(5 5)", "POLYGON((4 4, 6 4, 6 6, 4 6, 4 4))"), ("POINT(20 5)", "LINESTRING(5 5, 20 5)"), (None, None)]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (f"within(p, geom'{SQUARE}')", {0}),
        (f"within(s, geom'{SQUARE}')", {0}),
        (f"intersects(s, geom'{SQUARE}')", {0, 1}),
        (f"disjoint(p, geom'{SQUARE}')", {1}),
        (f"disjoint(s, geom'{SQUARE}')", set()),
        (f"geometry(s, geom'{SQUARE}', INTERSECTS)", {0, 1}),
        (f"geometry(s, geom'{SQUARE}', within)", {0}),
        (f"geometry(p, geom'{SQUARE}', DISJOINT)", {1}),
        (f"geometry(p, geom'{SQUARE}')", {0}),
        (f"polygon(p, geom'{SQUARE}')", {0}),
        (f"not within(p, geom'{SQUARE}')", {1, 2}),
        ("in_bbox(p, 0, 0, 10, 10)", {0}),
        ("in_bbox(p, 10, 10, 0, 0)", {0}),
        ("in_bbox(s, 0, 15, 10, 25)", {1}),
        ("within_distance(p, geom'POINT(5 5.001)', 120m)", {0}),
        ("within_distance(p, geom'POINT(5 5.001)', 100m)", set()),
        ("within_distance(p, geom'POINT(5 5.001)', 120)", {0}),
        ("within_distance(s, geom'POINT(12 5.001)', 1km)", {1}),
        ("distance(p, geom'POINT(5 5.001)', 0.12km)", {0}),
        ("distance(p, geom'POINT(5 5.001)') > 1000", {1}),
        ('within(p, geom\'{"type": "Polygon", "coordinates": [[[0,0],[10,0],[10,10],[0,10],[0,0]]]}\')', {0}),
        ("intersects(p, geom'010100000000000000000014400000000000001440')", {0}),
        (f"within(p, geom'''{SQUARE}''')".replace("'''", "'"), {0}),
    ],
)
def test_places_are_compared(engine, version_of, where, expected):
    columns = [
        Column("n", "N", ColumnType.INT),
        Column("p", "P", ColumnType.GEO_POINT),
        Column("s", "S", ColumnType.GEO_SHAPE),
    ]
    made = version_of(columns, [[rank, *place] for rank, place in enumerate(PLACES)])
    page = records(engine, made, ExploreRequest(where=(where,), select="n"))
    assert {row["n"] for row in page.results} == expected


@pytest.mark.parametrize(
    "geometry",
    [
        "GEOMETRYCOLLECTION(" * 3000 + "POINT(1 2)" + ")" * 3000,
        "POLYGON((1 2, 3",
        "POINT(a b)",
        '{"type": "Point"}',
        '{"type":"GeometryCollection","geometries":[' * 3000 + "]}" * 3000,
        "0107000000" + "01000000" + ("0107000000" + "01000000") * 5000 + "010100000000000000000014400000000000001440",
        "00" * 9,
        "",
    ],
)
def test_a_geometry_that_is_none_or_too_deep_is_refused(engine, source, geometry):
    with pytest.raises(RequestError):
        records(engine, source, ExploreRequest(where=(f"intersects(lieu, geom'{geometry}')",)))


def test_an_order_at_random_is_the_same_for_a_seed(engine, source):
    shuffled, same, other = (
        [r["instant"] for r in records(engine, source, ExploreRequest(order_by=order, limit=100)).results]
        for order in ("random(1)", "random(1) desc", "random(2)")
    )
    assert shuffled == same
    assert shuffled != other
    assert sorted(map(str, shuffled)) == sorted(map(str, other))


def test_the_present_instant_is_compared_with(engine, moment):
    page = records(engine, moment, ExploreRequest(where=("i < now() and i < now(years=-1) and not i > now(days=-7)",)))
    assert page.total_count == 1
    assert records(engine, moment, ExploreRequest(where=("i in [now(years=-100)..now()]",))).total_count == 1


def test_fields_are_chosen_by_name_and_by_beginning(engine, source):
    row = records(engine, source, ExploreRequest(select="include(j*, nom), rang as r", limit=1)).results[0]
    assert list(row) == ["nom", "jour", "r"]
    row = records(engine, source, ExploreRequest(select="exclude(contour, lieu), *", limit=1)).results[0]
    assert list(row) == ["nom", "rang", "montant", "ouvert", "jour", "instant", "themes"]
