"""What ``$filter`` keeps, on both engines, beside the standard's own rules in Python."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from parvis.core.errors import ParvisError
from parvis.core.explore import ExploreRequest, records
from parvis.core.odata import pages
from parvis.core.odata.errors import (
    BadOption,
    MisfitTypes,
    ODataSyntax,
    ODataTooComplex,
    UnknownProperty,
    UnsupportedOption,
)
from parvis.core.odata.parser import parse_filter
from parvis.core.odata.questions import options_of, read_question
from parvis.core.odata.tests.oracle import Filters, as_properties, holds


def rows_of(engine, source, entity, **options) -> list[dict]:
    """The entities that options ask for."""
    question = read_question(entity, options, "Europe/Paris")
    return json.loads(b"[" + pages.page(engine, source, question, 1_000).body + b"]")


@pytest.mark.parametrize("seed", range(0, 300, 100))
def test_filters_at_random_keep_the_rows_that_the_standard_says(engine, source, entity, rows, seed):
    expected_rows = [as_properties(row, rank) for rank, row in enumerate(rows, start=1)]
    for number in range(seed, seed + 100):
        text = Filters(number).condition()
        node = parse_filter(text)
        expected = [row["_row"] for row in expected_rows if holds(node, row)]
        assert [row["_row"] for row in rows_of(engine, source, entity, filter=text, select="_row")] == expected, text


@pytest.mark.parametrize(
    ("odata", "odsql"),
    [
        ("nom eq 'Évry' or nom eq 'evry'", "nom in ('Évry', 'evry')"),
        ("rang gt 3 and montant le 5.5", "rang > 3 and montant <= 5.5"),
        ("jour ge 2015-06-15", "jour >= date'2015-06-15'"),
        ("year(instant) eq 2021 and hour(instant) lt 6", "year(instant) = 2021 and hour(instant) < 6"),
        ("startswith(nom, 'É')", "startswith(nom, 'É')"),
        ("not (rang gt 3)", "not (rang > 3)"),
        ("themes eq null", "themes is null"),
    ],
)
def test_a_filter_keeps_what_the_same_question_keeps_in_the_query_language(engine, source, entity, odata, odsql):
    rows = rows_of(engine, source, entity, filter=odata)
    page = records(engine, source, ExploreRequest(where=(odsql,), limit=100, timezone="Europe/Paris"))
    assert [row["nom"] for row in rows] == [row["nom"] for row in page.results]
    assert len(rows) == page.total_count > 0


def test_an_alias_holds_a_value_of_the_condition(duckdb_engine, source, entity):
    rows = rows_of(duckdb_engine, source, entity, **{"filter": "nom eq @nom", "@nom": "'L''Haÿ-les-Roses'"})
    assert {row["nom"] for row in rows} == {"L'Haÿ-les-Roses"}


def test_a_plus_that_a_client_forgot_to_escape_is_read_in_an_offset(duckdb_engine, source, entity):
    escaped, forgotten = (
        rows_of(duckdb_engine, source, entity, filter=f"instant ge 2021-05-15T06:30:00{sign}02:00") for sign in "+ "
    )
    assert escaped == forgotten != []


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("nom eq 1", MisfitTypes, "« eq » n’accepte pas un nombre (attendu : un texte)"),
        ("nmo eq 'x'", UnknownProperty, "Vouliez-vous dire « nom » ?"),
        ("contour eq 'x'", MisfitTypes, "une forme géographique"),
        ("rang gt", ODataSyntax, "« rang gt » s’arrête trop tôt"),
        ("rang gt 'x", ODataSyntax, "s’arrête trop tôt"),
        ("rang = 3", ODataSyntax, "« = » inattendu à la position 5"),
        ("geo.distance(lieu, lieu) lt 3", UnsupportedOption, "geo.distance()"),
        ("substring(nom)", BadOption, "attendu : 2 | 3"),
        ("jour eq 2024-13-45", BadOption, "2024-01-31"),
        ("rang", MisfitTypes, "un booléen"),
        ("(" * 60 + "rang eq 1" + ")" * 60, ODataTooComplex, "au plus 50"),
        (" or ".join(["rang eq 1"] * 600), ODataTooComplex, "au plus 500"),
        ("rang eq 1 " + "add 1 " * 200, ODataTooComplex, "au plus 100"),
        ("nom eq '" + "x" * 20_000 + "'", ODataTooComplex, "au plus 10"),
    ],
)
def test_what_cannot_be_answered_is_told_in_a_clear_sentence(entity, text, error, words):
    with pytest.raises(error) as refusal:
        read_question(entity, {"filter": text}, "UTC")
    assert words in refusal.value.message("fr")
    assert refusal.value.message("en") != refusal.value.message("fr")


_WORDS = "nom|rang|jour|'|''|'é'|(|)|,| and | or |not | eq | in |-|1e999|NaN|null|contains(|concat(|@a|$it/nom|/|💥|true| mod | div 0"
_PIECES = some.sampled_from([*_WORDS.split("|"), "2024-01-01T00:00:00Z", "\x00", "\ud800"])


@settings(max_examples=400, deadline=None)
@given(some.one_of(some.lists(_PIECES, max_size=40).map("".join), some.text(max_size=200)))
def test_whatever_strangers_write_is_answered_or_refused(duckdb_engine, source, entity, text):
    for option in ("filter", "orderby", "search", "select", "skiptoken"):
        try:
            rows_of(duckdb_engine, source, entity, **{option: text}, top="1")
        except ParvisError as refusal:
            assert refusal.status in (400, 501), refusal


def test_the_heaviest_filters_that_are_read_are_answered_in_time(duckdb_engine, source, entity):
    heavy = [
        " or ".join(f"rang eq {n} and nom ne '{n}'" for n in range(240)),
        "rang in (" + ",".join(map(str, range(2_000))) + ")",
        "not (" * 24 + "contains(nom, 'a')" + ")" * 24,
        " or ".join(f"contains(tolower(nom), '{n}')" for n in range(50)),
        "nom eq " + "concat(nom, " * 45 + "nom" + ")" * 45,
    ]
    for text in heavy:
        started = time.process_time()
        rows_of(duckdb_engine, source, entity, filter=text)
        assert time.process_time() - started < 5, text[:60]


def test_options_are_taken_with_or_without_their_sign_and_once():
    assert options_of([("$top", "3"), ("Filter", "a"), ("apikey", "x")]) == {"top": "3", "filter": "a"}
    for pairs, error in (
        ([("$top", "3"), ("top", "4")], BadOption),
        ([("$expand", "x")], UnsupportedOption),
        ([("$nothing", "x")], BadOption),
    ):
        with pytest.raises(error):
            options_of(pairs)


def test_a_search_finds_words_and_their_contraries(engine, source, entity):
    def names_with(text):
        return {row["nom"] for row in rows_of(engine, source, entity, search=text)}

    assert names_with("roses") == {"L'Haÿ-les-Roses"}
    assert names_with('"haÿ LES"') == names_with("hay les") == {"L'Haÿ-les-Roses"}
    assert names_with("orangis OR roses") == {"Ris-Orangis", "L'Haÿ-les-Roses"}
    assert names_with("ecole AND NOT nord") == set()
    assert names_with("(orangis OR ecole) NOT nord") == {"Ris-Orangis"}
