"""Recipes that mean harm: SQL that reads elsewhere, patterns that explode, tables that multiply, names that are SQL."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.profiling.factories import stage_rows
from parvis.core.transforms import BadStep
from parvis.core.transforms.model import SideTable
from parvis.core.transforms.preparation import work
from parvis.core.transforms.preparation.tests.conftest import prepared
from parvis.core.transforms.preparation.work import TooManyRows

TABLE = {"a": ["1", "2"], "b": ["x", "y"]}


@pytest.mark.parametrize(
    "sql",
    [
        "read_csv('/etc/passwd')", "(SELECT 1 FROM read_text('/etc/passwd'))", "getenv('HOME')", "1), (2", "a); DROP TABLE staged; --",
        "1 UNION SELECT 2", "(SELECT count(*) FROM staged)", "(SELECT count(*) FROM duckdb_settings())", "a FROM staged", "$p0", "current_setting('x')",
        "a AS b", "sum(a::INT)", "(WITH t AS (SELECT 1) SELECT * FROM t), 2", "nextval('s')", "a /* ", "'", "",
    ],
)  # fmt: skip
def test_an_expression_reaches_the_row_and_nothing_else(prepare, sql):
    with pytest.raises(BadStep):
        prepare(TABLE, {"do": "compute", "to": "z", "sql": sql})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM staged", "SELECT * FROM rejects", "COPY data TO 'x'",
        "ATTACH 'x'", "SELECT 1; SELECT 2", "INSTALL httpfs", "SET threads = 9", "SELECT * FROM data, staged", "PRAGMA version", "WITH staged AS (SELECT * FROM staged) SELECT * FROM staged",
    ],
)  # fmt: skip
def test_a_question_reaches_the_table_and_no_other(prepare, sql):
    with pytest.raises(BadStep):
        prepare(TABLE, {"do": "query", "sql": sql})


def test_a_column_called_as_ours_hides_nothing(prepare):
    table = {"line": ["7"], "c1": ["u"], "c0": ["v"], "LINE": ["w"]}
    computed = prepare(table, {"do": "compute", "to": "z", "sql": "line || c1 || c0"})
    assert (computed.columns["z"], computed.columns["c0"], computed.lines) == (["7uv"], ["v"], [2])


def test_patterns_take_a_time_that_grows_with_the_text(prepare):
    start = time.monotonic()
    replaced = prepare(
        {"a": ["a" * 50_000 + "!"]}, {"do": "regex_replace", "columns": ["a"], "pattern": "(a+)+$", "with": "b"}
    )
    assert (replaced.columns["a"][0][:3], time.monotonic() - start < 5) == ("aaa", True)
    for pattern in ("(a{1000}){1000}", "x{2000}", "(" * 500, "a" * 2_000):
        with pytest.raises(BadStep):
            prepare(TABLE, {"do": "regex_replace", "columns": ["a"], "pattern": pattern, "with": "b"})


def test_a_pivot_makes_no_more_columns_than_a_table_may_have(prepare):
    values = [str(rank) for rank in range(600)]
    with pytest.raises(BadStep, match="plus de 500 valeurs"):
        prepare({"k": ["x"] * 600, "v": values}, {"do": "pivot", "column": "v", "value": "v", "by": ["k"]})


def test_rows_that_a_join_would_make_are_counted_before_they_are_made(prepare, workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(work, "MOST_ROWS", 1_000_000)
    path = tmp_path / "autre.parquet"
    workspace.connection.execute(f"COPY (SELECT 'x' AS cle, i AS v FROM range(100000) t(i)) TO '{path}'")
    shape = TableShape((Column("cle", "Clé", ColumnType.TEXT), Column("v", "v", ColumnType.INT)))
    tables = {"dataset:autre": SideTable((path,), shape, rows=100_000)}
    with pytest.raises(TooManyRows, match="10000000 lignes"):
        prepare(
            {"k": ["x"] * 100},
            {"do": "join", "dataset": "autre", "on": {"k": "Clé"}, "take": {"v": "v"}, "many": "all"},
            tables=tables,
        )


hostile = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None)
@given(header=hostile, new=hostile, value=hostile, other=hostile)
def test_names_and_values_never_become_sql(workspace, header, new, value, other):
    if not new.strip() or new == header or header == "fin" or new == "fin":
        return
    staged = stage_rows(workspace, [header, "fin"], [[value, "a"], [other, "b"]])
    done = prepared(
        workspace, staged, {"do": "rename", "names": {header: new}}, {"do": "add", "to": "zz", "value": other},
        {"do": "replace", "columns": [new], "from": value, "with": "£", "whole": True},
        {"do": "filter", "where": [{"column": "fin", "is": "in", "value": ["a", value]}]},
    )  # fmt: skip
    assert done.columns[new][0] == "£"
    assert done.columns["zz"][0] == other


NUMBERS = {
    "−5 °C": "-5", "- 5": "-5", "POINT(2 48)": "2", "2 rue du 48": "2", "12 345,6 m²": "12345.6", "1\u202f234\u202f567 €": "1234567", "1.234,56": "1234.56",
    "1,234.56": "1234.56", "1.234.567 hab.": "1234567", "12 3456": "12", "environ 1e3 pas": "1000", "1e400": None, "NaN": None, "2024-01": "2024", "5 %": "5", "0,5": "0.5",
}  # fmt: skip


def test_the_first_number_of_a_text_is_read_as_hands_write_it(prepare):
    read = prepare({"t": list(NUMBERS)}, {"do": "number", "column": "t", "to": "n"}).columns["n"]
    assert dict(zip(NUMBERS, read, strict=True)) == NUMBERS


def test_instants_keep_their_fractions_and_parts_of_dates_are_those_that_are_written(prepare):
    instants = [
        "2021-01-14 17:30:16.750551",
        "2024-01-01T00:30:00+01:00",
        "2024-10-27T02:30:00+02:00",
        "01/01/1900",
        "2024-12-31T23:30:00Z",
        "hier",
    ]
    typed = prepare({"t": instants}, {"do": "type", "columns": ["t"], "type": "datetime"}).columns["t"]
    assert typed == [
        "2021-01-14T17:30:16.750551Z",
        "2023-12-31T23:30:00Z",
        "2024-10-27T00:30:00Z",
        "1900-01-01T00:00:00Z",
        "2024-12-31T23:30:00Z",
        None,
    ]
    for part, parts in {
        "year": ["2021", "2024", "2024", "1900", "2024", None],
        "hour": ["17", "0", "2", "0", "23", None],
        "week": ["2", "1", "43", "1", "1", None],
    }.items():
        assert (
            prepare({"t": instants}, {"do": "date_part", "column": "t", "part": part, "to": "p"}).columns["p"] == parts
        )


def test_an_expression_that_only_re2_reads_has_the_groups_that_it_has(prepare):
    texts = {"t": ["Éva 12", "?", None]}
    assert prepare(texts, {"do": "regex_extract", "column": "t", "pattern": r"\pL+", "to": ["m"]}).columns["m"] == [
        "Éva",
        None,
        None,
    ]
    pattern = r"(?P<nom>\pL+)[(]?\s(?:x|(\d))"
    pairs = prepare(texts, {"do": "regex_extract", "column": "t", "pattern": pattern, "to": ["m", "c"]})
    assert (pairs.columns["m"][0], pairs.columns["c"][0], pairs.failures) == ("Éva", "1", [(3, "m", "?", "no-match")])


def test_a_text_that_is_no_address_of_the_web_is_told_whatever_part_is_wanted(prepare):
    texts = {"t": ["www.ville.fr/agenda?x=1#a", "néant", "https://é.fr", "mailto:a@b.fr", "12,5 kg", None]}
    for part, parts, failures in (
        ("host", ["www.ville.fr", None, "é.fr", None, None, None], 3), ("path", ["/agenda", None, None, "a@b.fr", None, None], 2),
        ("scheme", [None, None, "https", "mailto", None, None], 2),
    ):  # fmt: skip
        made = prepare(texts, {"do": "url", "column": "t", "part": part, "to": "u"})
        assert (made.columns["u"], len(made.failures)) == (parts, failures)


def test_empty_pieces_of_a_list_make_no_row(prepare):
    assert prepare({"t": ["a ; \u00a0b;;", ";", "", None]}, {"do": "split_rows", "column": "t", "by": ";"}).columns[
        "t"
    ] == ["a", "b", None, None, None]
