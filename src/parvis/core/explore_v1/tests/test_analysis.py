"""``analyze`` over real rows."""

from __future__ import annotations

import pytest

from parvis.core.errors import RequestError
from parvis.core.explore.query import names_of
from parvis.core.explore_v1 import V1Request, analyze
from parvis.core.odsql.errors import ODSQLError, ODSQLSyntaxError, UnknownField


@pytest.fixture
def ask(engine, source):
    """``ask("x=a", "y.n.func=COUNT")`` gives the points."""

    def answer(*parameters: str):
        pairs = [tuple(parameter.split("=", 1)) for parameter in parameters]
        return analyze(engine, source, names_of(source), V1Request.from_query(pairs), pairs)

    return answer


def test_without_axis_there_is_one_point(ask):
    assert ask("y.serie1.func=COUNT").points == [{"serie1": 7}]
    assert ask("y.serie1.func=SUM", "y.serie1.expr=hauteur").points == [{"serie1": 64.75}]


def test_series_are_counted_along_a_field_in_the_order_of_its_values(ask):
    assert ask("x=usages", "y.n.func=COUNT").points == [
        {"x": "abri", "n": 2},
        {"x": "mémoire", "n": 1},
        {"x": "ombre", "n": 4},
    ]
    assert ask("x=remarquable", "y.n.func=COUNT", "y.h.func=MAX", "y.h.expr=hauteur").points == [
        {"x": False, "n": 3, "h": 9},
        {"x": True, "n": 2, "h": 21},
    ]


@pytest.mark.parametrize(
    ("func", "expected"),
    [
        ("COUNT", 5),
        ("AVG", 12.95),
        ("SUM", 64.75),
        ("MIN", 7.25),
        ("MAX", 21),
        ("SUMSQUARES", 12.5**2 + 81 + 441 + 7.25**2 + 225),
        ("CARDINALITY", 5),
        ("avg", 12.95),
    ],
)
def test_each_function_gives_its_number(ask, func, expected):
    assert ask(f"y.s.func={func}", "y.s.expr=hauteur").points[0]["s"] == pytest.approx(expected)


def test_deviation_is_that_of_the_whole(ask):
    values = [12.5, 9, 21, 7.25, 15]
    mean = sum(values) / 5
    expected = (sum((value - mean) ** 2 for value in values) / 5) ** 0.5
    assert ask("y.s.func=STDDEV", "y.s.expr=hauteur").points[0]["s"] == pytest.approx(expected)


def test_quantiles_are_named_by_their_share(ask):
    assert ask("y.s.func=QUANTILES", "y.s.expr=hauteur", "y.s.subsets=0,50,100").points == [
        {"s": {"0.0": 7.25, "50.0": 12.5, "100.0": 21}}
    ]


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("hauteur * 2", 42),
        ("(hauteur + 1) / 2", 11),
        ("-hauteur", -7.25),
        ("hauteur / 0", None),
        ("sqrt(hauteur - 21)", 0),
        ("pow(hauteur, 2) - 3*2", 435),
        ("max(hauteur, 100)", 100),
        ("round(hauteur)", 21),
        ("12", 12),
    ],
)
def test_expressions_are_computed_row_by_row(ask, expr, expected):
    assert ask("y.s.func=MAX", f"y.s.expr={expr}").points == [{"s": expected}]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (("precision=year",), [{"year": 1954}, {"year": 1998}, {"year": 2005}, {"year": 2012}, {"year": 2019}]),
        (("precision=month", "q=plantation:2012"), [{"year": 2012, "month": 2}, {"year": 2012, "month": 12}]),
        (("q=plantation:2012/02",), [{"year": 2012, "month": 2, "day": 14}]),
        (("precision=month", "periodic=month"), [{"month": m} for m in (2, 3, 4, 11, 12)]),
        (("periodic=weekday", "q=plantation:2012"), [{"weekday": 0}, {"weekday": 1}]),
        (("precision=week", "q=plantation:2012/02"), [{"year": 2012, "week": 7}]),
    ],
)
def test_dates_are_cut_by_precision_and_period(ask, parameters, expected):
    points = ask("x=plantation", "y.n.func=COUNT", *parameters).points
    assert [point["x"] for point in points] == expected


def test_parts_of_a_date_may_be_asked_one_by_one(ask):
    points = ask("x=plantation.year", "x=plantation.month", "y.n.func=COUNT", "q=plantation:2012").points
    assert points == [{"x": {"year": 2012, "month": 2}, "n": 1}, {"x": {"year": 2012, "month": 12}, "n": 1}]
    assert ask("x=plantation.yearday", "y.n.func=COUNT", "q=plantation:2012/02").points == [
        {"x": {"yearday": 45}, "n": 1}
    ]


def test_hours_are_those_of_the_time_zone(ask):
    points = ask("x=releve", "precision=hour", "y.n.func=COUNT", "timezone=Europe/Paris", "q=releve:2022").points
    assert [point["x"] for point in points] == [
        {"year": 2022, "month": 1, "day": 1, "hour": 0},
        {"year": 2022, "month": 1, "day": 1, "hour": 1},
    ]


def test_several_fields_make_a_key_by_name(ask):
    points = ask("x=plantation.year", "x=remarquable", "y.n.func=COUNT", "q=plantation>=2005").points
    assert points == [
        {"x": {"plantation": {"year": 2005}, "remarquable": False}, "n": 1},
        {"x": {"plantation": {"year": 2012}, "remarquable": False}, "n": 1},
        {"x": {"plantation": {"year": 2019}, "remarquable": False}, "n": 1},
    ]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("n", ["ombre", "abri", "mémoire"]),
        ("-n", ["mémoire", "abri", "ombre"]),
        ("y.n", ["ombre", "abri", "mémoire"]),
        ("x", ["abri", "mémoire", "ombre"]),
        ("-x", ["ombre", "mémoire", "abri"]),
        ("x.usages", ["abri", "mémoire", "ombre"]),
        ("", ["abri", "mémoire", "ombre"]),
    ],
)
def test_order(ask, sort, expected):
    points = ask("x=usages", "y.n.func=COUNT", f"sort={sort}").points
    assert [point["x"] for point in points] == expected


def test_points_left_out_are_told(ask):
    cut = ask("x=usages", "y.n.func=COUNT", "maxpoints=2", "sort=n")
    assert ([point["x"] for point in cut.points], cut.truncated) == (["ombre", "abri"], True)
    assert not ask("x=usages", "y.n.func=COUNT", "maxpoints=3").truncated
    assert not ask("x=usages", "y.n.func=COUNT", "maxpoints=0").truncated


def test_a_cumulative_serie_adds_up(ask):
    points = ask("x=usages", "y.n.func=COUNT", "y.n.cumulative=true").points
    assert [point["n"] for point in points] == [2, 3, 7]


def test_filters_choose_the_rows(ask):
    assert ask("y.n.func=COUNT", "refine.usages=ombre", "exclude.usages=abri").points == [{"n": 3}]
    assert ask("y.n.func=COUNT", "geofilter.distance=48.45,1.48,700").points == [{"n": 2}]


@pytest.mark.parametrize(
    ("parameters", "kind", "text"),
    [
        (("x=usages",), RequestError, "y.<serie>.func"),
        (("x=nope", "y.n.func=COUNT"), UnknownField, "nope"),
        (("x=position", "y.n.func=COUNT"), ODSQLError, "position"),
        (("x=usages.year", "y.n.func=COUNT"), ODSQLError, "usages.year"),
        (("y.n.func=SUM",), RequestError, "y.n.expr"),
        (("y.n.func=NOPE",), RequestError, "NOPE"),
        (("y.n.func=SUM", "y.n.expr=essenc"), UnknownField, "essence"),
        (("y.n.func=SUM", "y.n.expr=plantation"), ODSQLError, "plantation"),
        (("y.n.func=SUM", "y.n.expr=hauteur +"), ODSQLSyntaxError, "end of line"),
        (("y.n.func=SUM", "y.n.expr=hauteur; DROP"), ODSQLSyntaxError, "unexpected ;"),
        (("y.n.func=SUM", "y.n.expr=getenv(hauteur)"), ODSQLSyntaxError, "getenv"),
        (("y.n.func=SUM", f"y.n.expr={'(' * 60}1{')' * 60}"), ODSQLSyntaxError, "nested"),
        (("y.n.func=QUANTILES", "y.n.expr=hauteur", "y.n.subsets=101"), RequestError, "101"),
        (("x=usages", "y.n.func=COUNT", "sort=nope"), RequestError, "nope"),
        (("x=usages", "y.n.func=COUNT", "maxpoints=x"), RequestError, "maxpoints"),
        (("x=plantation", "y.n.func=COUNT", "precision=siecle"), RequestError, "siecle"),
        (("join.a.remotedataset=b", "y.n.func=COUNT"), RequestError, "join.a.remotedataset"),
    ],
)
def test_what_cannot_be_analysed_is_told(ask, parameters, kind, text):
    with pytest.raises(kind) as caught:
        ask(*parameters)
    assert text in caught.value.message("en")
