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
