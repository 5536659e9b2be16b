"""Rows asked by an identifier are fetched where they lie, and are those that going through all rows finds."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.duckdb import keys as keys_module
from parvis.core.engine.duckdb.keys import FEW, Key, columns_worth_a_key
from parvis.core.engine.tests.twins import twins
from parvis.core.errors import RequestError
from parvis.core.explore import ExploreRequest, facets, records
from parvis.core.ingest import ingest

ROWS = [
    ("" if n % 50 == 3 else f"É-{n // 3:04d}", "" if n % 71 == 9 else (n * 7919) % 1009 - 300, f"rue {n % 5}", n / 4)
    for n in range(900)
]
"""Three rows a reference, some without any; numbers of both signs, and few streets."""


@pytest.fixture(scope="module", params=["hot", "disk"])
def table(request, tmp_path_factory):
    """The same version twice: in an engine that has it loaded with its keys, and in one that reads its files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys_module, "KEYED_FROM", 0)
        patch.setattr("parvis.core.engine.duckdb.hot.SMALL", 0)
        patch.setattr("parvis.core.engine.duckdb.hot.SLICE", 250)
        with twins(tmp_path_factory.mktemp("keys"), "ref,numero,rue,valeur", ROWS, request.param) as pair:
            yield pair


def answer(engine, source, **parameters):
    page = records(engine, source, ExploreRequest.from_query([*parameters.items()]))
    return page.total_count, page.results


def test_columns_of_many_values_have_a_key_and_those_of_few_do_not(table):
    loaded, _files, source = table
    assert {column.name for column in columns_worth_a_key(source)} == {"ref", "numero"}
    assert set(loaded._hot._loaded[source.key].keys) == {"ref", "numero"}


def test_a_row_asked_by_its_identifier_is_fetched_where_it_lies(table):
    loaded, _files, source = table
    statements = []
    real = loaded._written
    loaded._written = lambda *arguments, **options: statements.append(real(*arguments, **options)) or statements[-1]
    try:
        assert answer(loaded, source, where="ref = 'É-0123'")[0] == 3
        assert answer(loaded, source, where="numero = 123456")[0] == 0
    finally:
        del loaded._written
    assert "unnest([369, 370, 371])" in statements[0].sql
    assert all("rowid IN" in written.sql or "WHERE false" in written.sql for written in statements)


references = st.integers(0, 320).map(lambda n: f"'É-{n:04d}'")
whole_numbers = st.integers(-320, 720).map(str)
tests = st.one_of(
    st.tuples(st.just("ref"), references),
    st.tuples(st.just("numero"), whole_numbers),
    st.tuples(st.just("numero"), whole_numbers.map(lambda number: number + ".0")),
    st.tuples(st.just("numero"), whole_numbers.map(lambda number: number + ".5")),
).map(" = ".join)
lists = st.lists(references, min_size=1, max_size=FEW + 2).map(lambda values: f"ref in ({', '.join(values)})")
other = st.sampled_from(["valeur > 40", "rue = 'rue 2'", "search('rue 3')", "ref is null", "numero < 100"])
conditions = st.lists(st.one_of(tests, lists, other), min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" and ", " or "]).map(lambda word: word.join(f"({part})" for part in parts))
)
negated = st.one_of(conditions, conditions.map(lambda text: f"not ({text})"))
shapes = st.sampled_from(
    [
        {"limit": "50"},
        {"limit": "2", "offset": "1"},
        {"order_by": "valeur desc", "limit": "5"},
        {"select": "rue, count(*) as n, sum(valeur) as v", "group_by": "rue"},
        {"select": "max(valeur) as plus"},
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=negated, shape=shapes)
def test_whatever_is_asked_the_answer_is_that_of_the_files(table, where, shape):
    loaded, files, source = table
    assert answer(loaded, source, where=where, **shape) == answer(files, source, where=where, **shape)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=conditions)
def test_facets_of_few_rows_are_those_of_the_files(table, where):
    loaded, files, source = table
    request = ExploreRequest.from_query([("facet", "rue"), ("where", where)])
    assert facets(loaded, source, request) == facets(files, source, request)


@pytest.mark.parametrize(
    "where", ["numero = 9223372036854775807", "numero = 'É-0001'", "ref = 12", "numero in (1, 'a')"]
)
def test_values_of_another_kind_are_answered_or_refused_as_by_the_files(table, where):
    loaded, files, source = table

    def outcome(engine):
        try:
            return answer(engine, source, where=where)
        except RequestError as error:
            return str(error)

    assert outcome(loaded) == outcome(files)


def test_a_table_for_whose_keys_there_is_no_memory_answers_without_them(table, monkeypatch):
    _loaded, files, source = table

    def refuse(*_arguments):
        raise duckdb.OutOfMemoryException

    monkeypatch.setattr("parvis.core.engine.duckdb.hot.build_key", refuse)
    engine = DuckDBEngine(Path(source.key).parents[1])
    assert engine.warm(source)
    assert not engine._hot._loaded[source.key].keys
    assert answer(engine, source, where="ref = 'É-0123'") == answer(files, source, where="ref = 'É-0123'")
    engine.close()


def test_a_digest_shared_by_too_many_rows_tells_nothing():
    key = Key([1, 2, 2, 3, *[5] * (FEW + 1)], list(range(100, 105 + FEW)))
    assert key.at(2) == [101, 102]
    assert key.at(3) == [103]
    assert key.at(4) == []
    assert key.at(5) is None
    assert key.at(6) == []


def test_a_column_that_bears_the_name_of_places_is_not_taken_for_them(tmp_path, monkeypatch):
    monkeypatch.setattr(keys_module, "KEYED_FROM", 0)
    lines = ["rowid,rue", *(f"r{n % 300},rue {n}" for n in range(900))]
    (tmp_path / "lignes.csv").write_text("\n".join(lines), encoding="utf-8")
    manifest = ingest(tmp_path / "lignes.csv", name="lignes.csv", destination=tmp_path / "d", work=tmp_path / "work")
    source, engine = Source(str(tmp_path / "d" / manifest.version), manifest), DuckDBEngine(tmp_path)
    engine.warm(source)
    for question in (
        {"where": "rue = 'rue 7'"},
        {"where": "rowid = 'r7' and rue = 'rue 7'"},
        {"where": "search('rue 7') and rowid = 'r7'"},
    ):
        assert answer(engine, source, **question) == (1, [{"rowid": "r7", "rue": "rue 7"}])
    engine.close()
