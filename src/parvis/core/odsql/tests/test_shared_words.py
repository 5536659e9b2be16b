"""Conditions whose texts are read once keep the very rows that they keep when each is asked by itself."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.connections import connect
from parvis.core.engine.duckdb import conditions as written
from parvis.core.engine.duckdb.conditions import _test_sql, condition_sql
from parvis.core.engine.duckdb.fragments import Fragment
from parvis.core.engine.duckdb.relations import MACROS
from parvis.core.odsql import Binder, Names, bound, parse_where
from parvis.core.odsql.errors import TooComplex
from parvis.core.odsql.shared_words import FEW, MOST_CALLS, MOST_NEAR, MOST_WORDS

SHAPE = TableShape(
    (
        Column("nom", "Nom", ColumnType.TEXT),
        Column("w", "Un nom de lambda", ColumnType.TEXT),
        Column("themes", "Thèmes", ColumnType.TEXT, annotations={"multivalued": ";"}),
        Column("rang", "Rang", ColumnType.INT),
    )
)
LEAVES = (
    'search(nom, "marche nord")',
    'search("marche")',
    'w like "%ar% nord"',
    'startswith(themes, "sp")',
    '"evry nord"',
    'suggest(themes, "spo")',
    'lower(w) like "nord"',
    'w = "Marché"',
    "rang in [1..3]",
    'themes = "sport"',
    "nom is null",
)
CONDITIONS = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda part: f"not ({part})"),
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def rows() -> Iterator[duckdb.DuckDBPyConnection]:
    """Rows of every kind of cell, nulls and empty lists included."""
    with connect("256MB") as connection:
        for macro in MACROS:
            connection.execute(macro)
        connection.execute('CREATE TABLE t (nom VARCHAR, w VARCHAR, themes VARCHAR[], rang BIGINT, "__row" BIGINT)')
        names = ["Marché du Nord", "Évry Nord", "marches", "", None]
        lists = [["sport", "été"], [], ["Nord"], None]
        cells = [(n, w, k, r) for n in names for w in ("Marché", "nord", None) for k in lists for r in (1, None)]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", [(*c, n) for n, c in enumerate(cells)])
        connection.execute(
            "CREATE VIEW rows AS SELECT *, parvis_words(concat_ws(' ', nom, w, array_to_string(themes, ' '))) AS __search FROM t"
        )
        yield connection


def kept(rows: duckdb.DuckDBPyConnection, fragment: Fragment) -> list[int]:
    cursor = rows.execute(f"SELECT __row FROM rows WHERE {fragment.sql} ORDER BY 1", list(fragment.parameters))
    return [row for (row,) in cursor.fetchall()]


def bound_of(text: str) -> bound.Test:
    return Binder(Names(SHAPE), "where").test(parse_where(text))


@settings(max_examples=250)
@given(text=CONDITIONS)
def test_the_same_rows_are_kept(rows, text):
    test = bound_of(text)
    with patch.object(written, "FEW", 0):  # as if all were many words
        shared = condition_sql(test)
    assert kept(rows, shared) == kept(rows, _test_sql(test))


def test_few_words_are_asked_as_they_are_and_many_share_their_texts():
    few, many = ('"' + " ".join(f"mot{n}" for n in range(number)) + '"' for number in (FEW, FEW + 1))
    assert "list_filter" not in condition_sql(bound_of(few)).sql
    assert "list_filter" in condition_sql(bound_of(many)).sql


def test_each_text_is_folded_once():
    fragment = condition_sql(bound_of(" or ".join(f'search(nom, "mot{n} rue{n}")' for n in range(20))))
    assert fragment.sql.count("parvis_words") == 1


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ('"' + " ".join(f"mot{n}" for n in range(MOST_WORDS + 1)) + '"', MOST_WORDS),
        ('search("' + " ".join(f"mot{n}" for n in range(MOST_NEAR + 2)) + '")', MOST_NEAR),
        (" or ".join(f'lower(upper(nom)) = "{n}"' for n in range(MOST_CALLS // 2 + 1)), MOST_CALLS),
    ],
)
def test_more_than_can_be_done_in_time_is_refused(text, limit):
    with pytest.raises(TooComplex, match=str(limit)):
        condition_sql(bound_of(text))
