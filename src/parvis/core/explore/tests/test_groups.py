"""Groups and aggregations, computed again in plain Python (specification, sections 7.5 to 7.7)."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.plans import Rows
from parvis.core.errors import RequestError
from parvis.core.explore import ExploreRequest, InvalidParameter, records
from parvis.core.explore.query import bind, names_of
from parvis.core.odsql.errors import NotGrouped, ODSQLError
from parvis.core.text import fold

Row = dict[str, Any]


def asked(engine, source, **parameters):
    return records(engine, source, ExploreRequest(**parameters))


def grouped(rows: list[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(sorted(groups.items(), key=lambda item: (item[0] is not None, item[0])))


def test_each_row_carries_its_key_nulls_are_a_group_and_come_first(engine, source, rows):
    page = asked(engine, source, group_by="rang", select="count(*) as n", limit=100)
    expected = grouped(rows, lambda row: row["rang"])
    assert page.results == [{"rang": key, "n": len(group)} for key, group in expected.items()]
    assert page.results[0]["rang"] is None
    assert page.total_count == len(expected)


def test_the_total_is_the_number_of_groups_whatever_the_page(engine, source, rows):
    page = asked(engine, source, group_by="rang", select="count(*)", limit=3, offset=2)
    assert [list(row) for row in page.results] == [["rang", "count(*)"]] * 3
    assert page.total_count == len({row["rang"] for row in rows})
    assert asked(engine, source, group_by="rang", limit=0).total_count == page.total_count


def test_without_select_the_keys_stand_alone(engine, source, rows):
    page = asked(engine, source, group_by="nom", limit=100)
    names = {row["nom"] for row in rows}
    by_letters = sorted(names - {None}, key=lambda name: (fold(name), name))
    assert [row["nom"] for row in page.results] == [None, *by_letters]


def test_a_row_counts_once_for_each_of_its_values(engine, source, rows):
    page = asked(engine, source, group_by="themes", select="count(*) as n")
    expected = defaultdict(int)
    for row in rows:
        for theme in set(row["themes"] or []) or {None}:
            expected[theme] += 1
    assert {row["themes"]: row["n"] for row in page.results} == expected
    assert page.results[0]["themes"] is None


def test_two_keys_of_several_values_make_every_pair(engine, version_of):
    many = {"multivalued": ","}
    columns = [Column("a", "A", ColumnType.TEXT, annotations=many), Column("b", "B", ColumnType.TEXT, annotations=many)]
    made = version_of(columns, [[["x", "y"], ["1", "2", "3"]], [["x"], None], [None, ["1"]]])
    page = asked(engine, made, group_by="a, b", select="count(*) as n", limit=100)
    pairs = [(None, "1"), *((a, b) for a in "xy" for b in (None, "1", "2", "3") if (a, b) != ("y", None))]
    assert [(row["a"], row["b"]) for row in page.results] == pairs
    assert page.total_count == len(pairs)


def test_dates_as_keys_are_text_at_midnight(engine, source, rows):
    page = asked(engine, source, group_by="jour", select="count(*) as n", limit=100, timezone="Europe/Paris")
    keys = sorted({row["jour"] for row in rows if row["jour"]})
    assert [row["jour"] for row in page.results] == [None, *(f"{key}T00:00:00+00:00" for key in keys)]
    instants = asked(engine, source, group_by="instant", limit=3, timezone="Europe/Paris").results
    assert [row["instant"] for row in instants] == [None, "2021-01-15T01:30:00+01:00", "2021-01-15T04:30:00+01:00"]


@pytest.mark.parametrize("select", ["year(jour) as y, count(*) as n", "count(*) as n, year(jour) as y"])
def test_an_expression_equal_to_a_group_names_it(engine, source, rows, select):
    page = asked(engine, source, group_by="year(jour)", select=select, order_by="y", limit=100)
    expected = grouped(rows, lambda row: int(row["jour"][:4]) if row["jour"] else None)
    dated = [{"y": key, "n": len(group)} for key, group in expected.items() if key is not None]
    assert page.results == [*dated, {"y": None, "n": len(expected[None])}]


def test_an_alias_of_a_group_is_known_everywhere(engine, source):
    first = asked(engine, source, group_by="year(jour) as y", select="count(*) as n", order_by="-y")
    second = asked(engine, source, group_by="year(jour) as y", select="y, count(*) as n", order_by="year(jour) desc")
    third = asked(engine, source, group_by="year(jour) as y", select="year(jour), count(*) as n", order_by="y desc")
    assert first.results == second.results == third.results
    assert list(first.results[0]) == ["y", "n"]


def test_expressions_over_keys_and_aggregations(engine, source, rows):
    select = "upper(nom) as u, (sum(rang)/count(rang)) as m, count(*) * 2 as d, 5 as cinq"
    page = asked(engine, source, group_by="nom", select=select, limit=100)
    for row in page.results:
        group = [r for r in rows if r["nom"] == row["nom"]]
        ranks = [r["rang"] for r in group if r["rang"] is not None]
        assert row["u"] == (row["nom"].upper() if row["nom"] is not None else None)
        assert row["m"] == pytest.approx(sum(ranks) / len(ranks))
        assert (row["d"], row["cinq"]) == (len(group) * 2, 5)


def percentile(values: list[float], percent: float) -> float:
    values = sorted(values)
    place = (len(values) - 1) * percent / 100
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


AGGREGATIONS: list[tuple[str, Callable[[list[Row]], Any]]] = [
    ("count(*)", len),
    ("count(rang)", lambda rows: len([r for r in rows if r["rang"] is not None])),
    ("count(distinct nom)", lambda rows: len({r["nom"] for r in rows if r["nom"] is not None})),
    ('count(distinct ifnull(nom, "?"))', lambda rows: len({r["nom"] for r in rows})),
    ("count(distinct themes)", lambda rows: len({t for r in rows for t in r["themes"] or []})),
    ("sum(rang)", lambda rows: sum(r["rang"] for r in rows if r["rang"] is not None)),
    ("sum(montant)", lambda rows: sum(r["montant"] for r in rows if r["montant"] is not None)),
    ("avg(montant)", lambda rows: statistics.mean(r["montant"] for r in rows if r["montant"] is not None)),
    ("min(rang)", lambda rows: min(r["rang"] for r in rows if r["rang"] is not None)),
    ("max(rang * 2)", lambda rows: max(r["rang"] * 2 for r in rows if r["rang"] is not None)),
    ("min(jour)", lambda rows: min(r["jour"] for r in rows if r["jour"]) + "T00:00:00+00:00"),
    ("max(instant)", lambda rows: max(r["instant"] for r in rows if r["instant"])),
    ("median(rang)", lambda rows: statistics.median(r["rang"] for r in rows if r["rang"] is not None)),
    ("percentile(rang, 90)", lambda rows: percentile([r["rang"] for r in rows if r["rang"] is not None], 90)),
    ("stddev(rang)", lambda rows: statistics.pstdev(r["rang"] for r in rows if r["rang"] is not None)),
]


@pytest.mark.parametrize(("text", "computed"), AGGREGATIONS)
def test_an_aggregation_gives_what_python_gives(engine, source, rows, text, computed):
    whole = asked(engine, source, select=text, limit=1).results[0][text]
    assert whole == (computed(rows) if isinstance(whole, str) else pytest.approx(computed(rows)))
    by_name = asked(engine, source, select=f"{text} as x", group_by="nom", limit=100)
    for row in by_name.results:
        group = [r for r in rows if r["nom"] == row["nom"]]
        expected = computed(group)
        assert row["x"] == (expected if isinstance(expected, str) else pytest.approx(expected))


def test_without_groups_the_aggregate_repeats_on_each_matching_row(engine, source, rows):
    matching = [row for row in rows if (row["rang"] or -100) > 20]
    page = asked(engine, source, select="count(*) as n, max(rang) as m", where=("rang > 20",), limit=5)
    assert page.results == [{"n": len(matching), "m": max(r["rang"] for r in matching)}] * 5
    assert page.total_count == len(matching)
    assert asked(engine, source, select="count(*)", where=("rang > 1000",)).results == []


def test_a_plain_field_may_stand_beside_an_aggregate(engine, source, rows):
    page = asked(engine, source, select="rang, max(rang) - rang as ecart", order_by="rang", limit=3)
    ranks = sorted(row["rang"] for row in rows if row["rang"] is not None)
    assert page.results == [{"rang": rank, "ecart": ranks[-1] - rank} for rank in ranks[:3]]


def test_aggregations_over_nothing(engine, source):
    select = "count(rang) as c, sum(rang) as s, avg(rang) as a, median(rang) as m, bbox(lieu) as b, envelope(lieu) as e"
    page = asked(engine, source, select=select, where=("nom is null and rang is null and ouvert is null",), limit=1)
    rows = page.results
    assert rows == [] or rows[0] == {"c": 0, "s": None, "a": None, "m": None, "b": None, "e": None}
    alone = asked(engine, source, select="sum(montant) as s, count(montant) as c", where=("montant is null",), limit=1)
    assert alone.results == [{"s": None, "c": 0}]


def test_shapes_of_points(engine, source, rows):
    points = [row["lieu"] for row in rows if row["lieu"]]
    (row,) = asked(engine, source, select="bbox(lieu) as b, envelope(lieu) as e", limit=1).results
    ring = row["b"]["geometry"]["coordinates"][0]
    assert row["b"]["type"] == "Feature"
    assert {tuple(p) for p in ring} == set(
        itertools.product(*[(min(p[axis] for p in points), max(p[axis] for p in points)) for axis in (0, 1)])
    )
    corners = {tuple(point) for point in row["e"]["geometry"]["coordinates"][0]}
    assert corners <= set(points)
    assert {min(points), max(points)} <= corners


@pytest.mark.parametrize(
    ("group_by", "key"),
    [
        ("range(rang, 10)", lambda r: None if r["rang"] is None else r["rang"] // 10 * 10),
        ("range(montant, 2)", lambda r: None if r["montant"] is None else math.floor(r["montant"] / 2) * 2),
    ],
)
def test_equal_ranges_of_numbers(engine, source, rows, group_by, key):
    step = int(group_by.partition(", ")[2].rstrip(")"))
    page = asked(engine, source, group_by=group_by, select="count(*) as n", limit=100)
    expected = grouped(rows, key)
    assert page.results == [
        {group_by: None if low is None else f"[{low}, {low + step}[", "n": len(group)}
        for low, group in expected.items()
    ]


def test_ranges_between_bounds_leave_out_what_no_tranche_holds(engine, source, rows):
    page = asked(engine, source, group_by="range(rang, -5, 10, 50) as t", select="count(*) as n")
    expected = [
        {"t": None, "n": sum(r["rang"] is None for r in rows)},
        {"t": "[-5.0, 10.0[", "n": sum(r["rang"] is not None and -5 <= r["rang"] < 10 for r in rows)},
        {"t": "[10.0, 50.0[", "n": sum(r["rang"] is not None and 10 <= r["rang"] < 50 for r in rows)},
    ]
    assert page.results == expected
    assert page.total_count == 3
    opened = asked(engine, source, group_by="range(rang, *, 10, *) as t", select="count(*) as n").results
    assert opened == asked(engine, source, group_by="range(rang, ]10[) as t", select="count(*) as n").results
    assert [row["t"] for row in opened] == [None, "[*, 10.0[", "[10.0, *["]


def test_ranges_of_moments_follow_the_clock_of_the_time_zone(engine, source):
    utc = asked(engine, source, group_by="range(instant, 1 month) as m", limit=2, where=("instant is not null",))
    assert [row["m"] for row in utc.results] == [
        "[2021-01-01T00:00:00.000Z, 2021-02-01T00:00:00.000Z[",
        "[2021-02-01T00:00:00.000Z, 2021-03-01T00:00:00.000Z[",
    ]
    paris = asked(
        engine,
        source,
        group_by="range(instant, 1 month) as m",
        where=("instant in [date'2021-03'..date'2021-04'[",),
        timezone="Europe/Paris",
    )
    assert [row["m"] for row in paris.results] == ["[2021-03-01T00:00:00.000+01:00, 2021-04-01T00:00:00.000+02:00["]
    days = asked(engine, source, group_by="range(jour, 1 day) as d", where=("jour is not null",), limit=1).results
    assert days == [{"d": "[2010-01-01T00:00:00.000Z, 2010-01-02T00:00:00.000Z["}]
    hours = asked(engine, source, group_by="range(instant, 12h) as h", where=("instant is not null",), limit=1).results
    assert hours == [{"h": "[2021-01-15T00:00:00.000Z, 2021-01-15T12:00:00.000Z["}]


def test_clusters_hold_every_point_once(engine, source, rows):
    page = asked(engine, source, group_by="geo_cluster(lieu, 9) as g", select="count(*) as n", limit=100)
    assert sum(row["n"] for row in page.results) == len(rows)
    assert 2 < len(page.results) < 30
    assert page.results[0]["g"] is None
    center = page.results[1]["g"]["center"]
    assert 2 <= center["lon"] <= 2.4
    assert 48 <= center["lat"] <= 48.8
    (cluster,) = asked(engine, source, group_by="geo_cluster(lieu, 0) as g", where=("lieu is not null",)).results
    assert set(cluster["g"]) == {"cluster", "center"}


def test_order_by_aggregation_alias_key_nulls_last(engine, source, rows):
    counted = asked(engine, source, group_by="nom", select="count(rang) as n", order_by="n desc, nom desc", limit=100)
    listed = [(-row["n"], row["nom"] is None) for row in counted.results]
    assert [n for n, _null in listed] == sorted(n for n, _null in listed)
    by_key = asked(engine, source, group_by="nom", order_by="nom desc", limit=100).results
    assert by_key[-1]["nom"] is None
    hidden = asked(engine, source, group_by="nom", order_by="avg(rang), nom", limit=100).results
    assert len(hidden) == len(by_key)


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"group_by": "nom", "select": "rang, count(*)"}, NotGrouped),
        ({"group_by": "nom", "select": "year(jour), count(*)"}, NotGrouped),
        ({"group_by": "nom", "order_by": "rang"}, NotGrouped),
        ({"group_by": "nom", "order_by": "nom, count(*)"}, ODSQLError),
        ({"group_by": "nom", "order_by": "nom, n", "select": "count(*) as n"}, ODSQLError),
        ({"group_by": "nom", "order_by": "random(1)"}, ODSQLError),
        ({"group_by": "lieu"}, ODSQLError),
        ({"select": "range(rang, 10)"}, ODSQLError),
        ({"group_by": "range(rang, 10)", "select": "range(rang, 20), count(*)"}, ODSQLError),
        ({"group_by": "nom", "limit": 20001}, InvalidParameter),
        ({"group_by": "nom", "limit": 20000, "offset": 1}, InvalidParameter),
        ({"limit": 101}, InvalidParameter),
    ],
)
def test_what_makes_no_sense_beside_groups_is_refused(engine, source, parameters, error):
    with pytest.raises(error):
        asked(engine, source, **parameters)


def test_pages_of_groups_may_be_long(engine, version_of):
    made = version_of([Column("n", "N", ColumnType.INT)], [[n] for n in range(25_000)])
    page = asked(engine, made, group_by="n", limit=-1)
    assert (len(page.results), page.total_count) == (20_000, 25_000)
    assert page.results[-1] == {"n": 19_999}


def test_sums_too_large_for_64_bits_are_refused_not_wrong(engine, version_of):
    made = version_of([Column("n", "N", ColumnType.INT)], [[2**62], [2**62]])
    with pytest.raises(RequestError):
        asked(engine, made, select="sum(n)", limit=1)


def test_grouped_answers_have_plain_arrow_types(engine, source):
    request = ExploreRequest(
        group_by="jour, themes, rang", select="sum(rang), avg(rang), count(*), max(jour), sum(montant)"
    )
    table = engine.table(source, Rows(bind(names_of(source), request, None, 0)))
    kinds = [str(kind) for kind in table.schema.types]
    assert kinds == ["string", "string", "int64", "int64", "double", "int64", "string", "double"]


def test_a_hull_beside_rectangles_is_what_each_is_alone(engine, version_of):
    columns = (Column("lieu", "Lieu", ColumnType.GEO_POINT), Column("zone", "Zone", ColumnType.GEO_SHAPE))
    rows = [
        (
            None if n == 3 else f"POINT({n * 7} {n * 31 % 17})",
            f"POLYGON(({n} 0, {n}.1 0, {n}.1 1, {n} 0))" if n % 2 else None,
        )
        for n in range(7)
    ]
    source = version_of(columns, rows)
    expressions = ("envelope(lieu)", "bbox(lieu)", "bbox(zone)", "envelope(zone)")
    alone = {text: asked(engine, source, select=text, limit=1).results[0][text] for text in expressions}
    for _again in range(20):  # DuckDB's own rectangle, beside a list, read memory that was not its own
        assert asked(engine, source, select=", ".join(expressions), limit=1).results == [alone]
    ring = alone["bbox(zone)"]["geometry"]["coordinates"][0]
    assert {tuple(corner) for corner in ring} == {(1, 0), (1, 1), (5.1, 0), (5.1, 1)}
