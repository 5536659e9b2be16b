"""Questions made to harm: each is answered or refused with its own error, soon, and never with a failure of ours."""

from __future__ import annotations

import pytest

from parvis.core.engine import QueryRefused
from parvis.core.errors import NotFound, RequestError
from parvis.core.explore import ExploreRequest, facets, record, records
from parvis.core.odsql.errors import ODSQLError, ODSQLSyntaxError, TooComplex

REFUSED = {
    "5,000 parentheses": {"where": ("(" * 5000 + "ouvert" + ")" * 5000,)},
    "5,000 not": {"where": ("not " * 5000 + "ouvert",)},
    "5,000 minus": {"select": "-" * 5000 + "rang"},
    "5,000 calls": {"where": ("lower(" * 5000 + "nom" + ")" * 5000 + ' = "a"',)},
    "10,000 words": {"where": ('"' + " ".join(f"mot{n}" for n in range(10_000)) + '"',)},
    "10,000 words to search": {"where": ('search("' + " ".join(f"mot{n}" for n in range(10_000)) + '")',)},
    "10,000 words alike": {"where": ('nom like "' + "%a " * 10_000 + '"',)},
    "9,000 conditions": {"where": (" or ".join(["rang=1"] * 9_000),)},
    "1,000 operators": {"select": "+".join(["rang"] * 1_000) + " as x"},
    "2,000 bounds": {"group_by": f"range(rang, {', '.join(map(str, range(2_000)))})"},
    "a pattern of 10,000 symbols": {"select": 'date_format(jour, "' + "E " * 10_000 + '")'},
    "1 MB of text": {"where": ('nom = "' + "x" * 1_000_000 + '"',)},
    "1 MB of quotes": {"where": ('"' * 1_000_000,)},
    "open quotes": {"where": ("'\"" * 49_000,)},
    "backslashes": {"where": ('"' + "\\" * 99_000,)},
    "back quotes": {"select": "`" * 99_999},
    "facet without sense": {"facet": ("facet(" + "a=b," * 30_000 + ")",)},
}


@pytest.mark.parametrize("parameters", REFUSED.values(), ids=REFUSED.keys())
def test_what_would_cost_too_much_is_refused_before_any_work(source, parameters):
    class NoEngine:
        pass

    with pytest.raises(RequestError) as caught:
        records(NoEngine(), source, ExploreRequest(**parameters))
    assert len(caught.value.message("en")) < 1_000


ANSWERED = {
    "45 parentheses": {"where": ("(" * 45 + "rang" + ")" * 45 + " > 3",)},
    "45 levels of arithmetic": {"select": "(" * 45 + "rang" + " + 1) * 2" * 45 + " as x"},
    "2,000 conditions": {"where": (" or ".join(["rang = 1"] * 2_000),)},
    "500 operators": {"where": ("+".join(["rang"] * 500) + " > 3",)},
    "a very long word": {"where": ('search("' + "a" * 90_000 + ' b")',)},
    "a very long number": {"where": ("rang < " + "9" * 90_000,)},
    "NUL": {"where": ('nom = "a\x00b" or "\x00" or nom like "\x00%" or startswith(nom, "\x00") or search("\x00")',)},
    "half of a character": {"where": ('nom = "\ud800" or not `nom` = "\udfff"',)},
    "emoji": {"where": ('nom = "😀" or search("😀 é")',), "select": "nom as `😀`"},
    "right to left": {"where": ('"\u202e" or nom = "\u202eabc"',)},
    "the end of time": {"where": ("jour < date'9999-12-31' or instant < date'9999'",)},
    "the beginning of time": {"where": ("jour > date'0001-01-01' and instant > date'0001'",)},
    "a far time zone": {"where": ("instant < date'9999-12-31T23:59:59-14:00'",), "timezone": "Pacific/Kiritimati"},
    "steps beyond any date": {"group_by": "range(jour, 1000000 days)"},
    "a million bits": {"select": '"' + "x" * 90_000 + '" as x', "limit": 1},
}


@pytest.mark.parametrize("parameters", ANSWERED.values(), ids=ANSWERED.keys())
def test_what_is_only_odd_is_answered(engine, source, parameters):
    assert records(engine, source, ExploreRequest(**parameters)).total_count >= 0


@pytest.mark.parametrize(
    "value",
    [
        "nom:" + "x" * 500_000,
        "`" * 50_000 + ":x",
        'nom:"' + "\\" * 99_999,
        "nom:\x00",
        "nom:\ud800",
        ":",
        "nom",
        "jour:9999",
        "jour:2020-13-45",
        "rang:٣",
        "rang:1e999",
        "lieu:1,2",
        "ouvert:peut-être",
    ],
)
@pytest.mark.parametrize("parameter", ["refine", "exclude"])
def test_any_value_of_a_facet_is_a_value_or_is_refused(engine, source, parameter, value):
    request = ExploreRequest(**{parameter: (value,)})
    try:
        assert records(engine, source, request).total_count >= 0
        assert facets(engine, source, request)
    except RequestError as error:
        assert len(error.message("en")) < 1_500


def test_names_of_errors_are_those_of_the_specification(engine, source):
    for where, kind in (("((", ODSQLSyntaxError), ("nope = 1", ODSQLError), ("(" * 60, TooComplex)):
        with pytest.raises(kind):
            records(engine, source, ExploreRequest(where=(where,)))
    with pytest.raises(NotFound):
        record(engine, source, "\ud800" * 40, ExploreRequest())


def test_a_geometry_quoted_by_the_engine_and_cut_inside_a_letter_is_refused(engine, source):
    question = ExploreRequest(where=("within_distance(lieu, geom'POINT(2.\ufffd  or 1=17)', 84728m)",))
    with pytest.raises(QueryRefused):
        records(engine, source, question)
