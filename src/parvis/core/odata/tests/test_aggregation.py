"""``$apply`` sums rows up as the standard says, on both engines, beside the same sums in Python."""

from __future__ import annotations

import json
import math
import random
from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from parvis.core.columns import Column, ColumnType
from parvis.core.errors import ParvisError
from parvis.core.odata import aggregation, pages
from parvis.core.odata.aggregation import computed
from parvis.core.odata.edm import EdmType, entity_set
from parvis.core.odata.errors import (
    BadOption,
    MisfitTypes,
    ODataSyntax,
    ODataTooComplex,
    TooManyGroups,
    UnknownProperty,
    UnsupportedOption,
)
from parvis.core.odata.parser import parse_filter
from parvis.core.odata.questions import read_question
from parvis.core.odata.tests.oracle import Filters, as_properties, holds


def applied(engine, source, entity, apply, **options) -> list[dict]:
    """The entities that ``$apply`` and other options ask for."""
    question = read_question(entity, {"apply": apply, **options}, "Europe/Paris")
    table = computed(engine, source, question.stages)
    return json.loads(b"[" + pages.page(engine, table, question, 1_000).body + b"]")


KEYS = ("nom", "ouvert", "jour", "rang", "themes", "lieu_latitude")
SUMS = {
    "sum": lambda values: math.fsum(values) if values else None,
    "average": lambda values: math.fsum(values) / len(values) if values else None,
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "countdistinct": lambda values: len(set(values)),
}


def told(value):
    """A value as it is written."""
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize("seed", range(0, 120, 40))
def test_groups_at_random_have_the_sums_of_their_rows(engine, source, entity, rows, seed):
    everything = [as_properties(row, rank) for rank, row in enumerate(rows, start=1)]
    for number in range(seed, seed + 40):
        draw = random.Random(number)
        condition = Filters(number).condition(1)
        keys = draw.sample(KEYS, draw.choice((0, 1, 1, 2)))
        chosen = [(draw.choice(list(SUMS)), draw.choice(("rang", "montant", "_row"))) for _ in range(3)]
        parts = [f"{name} with {method} as x{rank}" for rank, (method, name) in enumerate(chosen)]
        text = f"aggregate({','.join((*parts, '$count as n'))})"
        text = f"groupby(({','.join(keys)}),{text})" if keys else text
        node = parse_filter(condition)
        groups = defaultdict(list)
        for row in everything:
            if holds(node, row):
                groups[tuple(row[name] for name in keys)].append(row)
        if not keys:
            groups.setdefault((), [])
        expected = {}
        for key, inside in groups.items():
            sums = [SUMS[method]([r[name] for r in inside if r[name] is not None]) for method, name in chosen]
            expected[tuple(map(told, key))] = [*sums, len(inside)]
        answer = applied(engine, source, entity, f"filter({condition})/{text}")
        given_sums = {tuple(row[name] for name in keys): [row["x0"], row["x1"], row["x2"], row["n"]] for row in answer}
        assert len(answer) == len(expected)
        assert given_sums.keys() == expected.keys(), text
        for key, values in expected.items():
            assert given_sums[key] == [pytest.approx(value) for value in values], (text, key)


def test_the_other_options_are_about_the_groups(engine, source, entity, rows):
    whole = applied(engine, source, entity, "groupby((ouvert),aggregate($count as n,montant with sum as total))")
    assert {row["ouvert"] for row in whole} == {True, False, None}
    ordered = applied(
        engine,
        source,
        entity,
        "groupby((ouvert),aggregate($count as n,montant with sum as total))",
        filter="n gt 0",
        orderby="n desc",
        select="n",
        top="2",
    )
    assert [row["n"] for row in ordered] == sorted((row["n"] for row in whole), reverse=True)[:2]
    assert set(ordered[0]) == {"n"}
    twice = applied(
        engine, source, entity, "groupby((ouvert),aggregate($count as n))/filter(n ge 1)/aggregate(n with sum as rows)"
    )
    assert twice == [{"rows": len(rows)}]


def test_a_filter_alone_is_that_of_the_rows(engine, source, entity):
    answer = applied(engine, source, entity, "filter(rang gt 3)", select="_row")
    question = read_question(entity, {"filter": "rang gt 3", "select": "_row"}, "UTC")
    assert answer == json.loads(b"[" + pages.page(engine, source, question, 1_000).body + b"]") != []


def test_sums_have_the_types_of_what_they_sum(entity):
    text = (
        "groupby((jour,instant,ouvert,nom),aggregate(rang with sum as a,rang with average as b,montant with sum as c,"
        "jour with max as d,instant with min as e,nom with countdistinct as f,rang mul 2 with max as g,$count as h))"
    )
    question = read_question(entity, {"apply": text}, "UTC")
    assert {row.name: row.type for row in question.properties} == {
        "jour": EdmType.DATE,
        "instant": EdmType.INSTANT,
        "ouvert": EdmType.BOOLEAN,
        "nom": EdmType.TEXT,
        **dict.fromkeys("afgh", EdmType.INT),
        **dict.fromkeys("bc", EdmType.DOUBLE),
        "d": EdmType.DATE,
        "e": EdmType.INSTANT,
    }


def test_nothing_sums_up_to_nothing_and_counts_none(engine, source, entity):
    text = "filter(rang gt 1000000)/aggregate($count as n,rang with sum as s,nom with countdistinct as d,jour with max as m)"
    assert applied(engine, source, entity, text) == [{"n": 0, "s": None, "d": 0, "m": None}]
    assert applied(engine, source, entity, "filter(false)/groupby((nom))") == []


def test_names_that_differ_by_capitals_alone_are_two(engine, source, entity):
    (row,) = applied(engine, source, entity, "aggregate(rang with min as Rang,rang with max as rang)")
    assert set(row) == {"Rang", "rang"}
    assert row["Rang"] < row["rang"]


def test_groups_come_by_pages_each_once(duckdb_engine, version_of):
    columns = (Column("cle", "Clé", ColumnType.INT), Column("n", "N", ColumnType.INT))
    source = version_of(columns, [(rank % 257, rank) for rank in range(2_000)])
    entity = entity_set("mesures", "Mesures", source.shape)
    for order in ("", "s desc", "cle desc"):
        seen, token = [], ""
        while True:
            options = {"apply": "groupby((cle),aggregate(n with sum as s))", "orderby": order, "skiptoken": token}
            question = read_question(entity, options, "UTC")
            page = pages.page(duckdb_engine, computed(duckdb_engine, source, question.stages), question, 100)
            seen += json.loads(b"[" + page.body + b"]")
            token = page.token
            if not token:
                break
        assert len(seen) == 257
        assert {row["cle"]: row["s"] for row in seen} == {key: sum(range(key, 2_000, 257)) for key in range(257)}


def test_too_many_groups_are_refused_in_words(monkeypatch, duckdb_engine, source, entity):
    monkeypatch.setattr(aggregation, "MAX_GROUPS", 2)
    with pytest.raises(TooManyGroups) as refusal:
        applied(duckdb_engine, source, entity, "groupby((nom))")
    assert "plus de 2 groupes" in refusal.value.message("fr")


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("groupby((nmo))", UnknownProperty, "« nom »"),
        ("groupby((contour))", MisfitTypes, "une forme géographique"),
        ("groupby((nom),aggregate(nom with sum as x))", MisfitTypes, "« sum » n’accepte pas un texte"),
        ("groupby((nom))/filter(rang gt 3)", UnknownProperty, "rang"),
        ("groupby((nom,nom))", BadOption, "« nom »"),
        ("groupby((nom),aggregate($count as nom))", BadOption, "« nom »"),
        ("aggregate($count as n,rang with sum as n)", BadOption, "« n »"),
        ("aggregate(rang with sum)", ODataSyntax, "« ) » inattendu"),
        ("aggregate(rang)", ODataSyntax, "« ) » inattendu"),
        ("aggregate(rang with sum as a.b)", ODataSyntax, "a.b"),
        ("aggregate(rang with sum as é)", ODataSyntax, "é"),
        ("groupby((rollup(nom,rang)))", UnsupportedOption, "rollup"),
        ("aggregate(rang with sum as x from nom with average)", UnsupportedOption, "from"),
        ("aggregate(rang with my.median as x)", UnsupportedOption, "my.median"),
        ("groupby((nom),topcount(2,rang))", UnsupportedOption, "topcount"),
        ("topcount(2,rang)", UnsupportedOption, "topcount"),
        ("groupby((nom)", ODataSyntax, "s’arrête trop tôt"),
        ("/".join(["filter(true)"] * 9), ODataTooComplex, "au plus 5"),
        ("aggregate(" + ",".join(f"rang with sum as x{n}" for n in range(60)) + ")", ODataTooComplex, "au plus 50"),
    ],
)
def test_what_is_not_done_is_told_in_a_clear_sentence(entity, text, error, words):
    with pytest.raises(error) as refusal:
        read_question(entity, {"apply": text}, "UTC")
    assert words in refusal.value.message("fr")
    assert refusal.value.message("en") != refusal.value.message("fr")


_PIECES = (
    "groupby|aggregate|filter|(|)|((|))|,|/|nom|rang|montant|jour|lieu_latitude|themes|$count| as n| as | with sum| with max|"
    " with countdistinct| gt 3|9223372036854775807| mul 1e308| mul |null|true|'é'|@a|$it/nom|contour|_row"
)


@settings(max_examples=300, deadline=None)
@given(some.one_of(some.lists(some.sampled_from(_PIECES.split("|")), max_size=30).map("".join), some.text(max_size=60)))
def test_whatever_strangers_write_is_answered_or_refused(duckdb_engine, source, entity, text):
    try:
        applied(duckdb_engine, source, entity, text, top="3")
    except ParvisError as refusal:
        assert refusal.status in (400, 501), refusal


_SUMMED = some.sampled_from(
    ("rang", "montant", "_row", "rang mul 9223372036854775807", "montant mul 1e308", "rang div 0", "1", "null", "nom")
)


@settings(max_examples=150, deadline=None)
@given(_SUMMED, some.sampled_from([*SUMS]), some.lists(some.sampled_from([*KEYS, "_row", "instant"]), max_size=3))
def test_the_largest_sums_are_answered_or_refused(duckdb_engine, source, entity, summed, method, keys):
    text = f"aggregate({summed} with {method} as x)"
    try:
        applied(duckdb_engine, source, entity, f"groupby(({','.join(keys)}),{text})" if keys else text)
    except ParvisError as refusal:
        assert refusal.status in (400, 501), refusal


def test_a_place_among_groups_is_that_of_one_question(duckdb_engine, source, entity):
    question = read_question(entity, {"apply": "groupby((nom))"}, "UTC")
    page = pages.page(duckdb_engine, computed(duckdb_engine, source, question.stages), question, 1)
    other = read_question(entity, {"apply": "groupby((rang))", "skiptoken": page.token}, "UTC")
    with pytest.raises(ParvisError):
        pages.page(duckdb_engine, computed(duckdb_engine, source, other.stages), other, 1)
    assert replace(other, token="").stages
