"""The cases of the query language are answered alike by DuckDB and row by row in Python, over the same files."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine import Source, plans
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.duckdb.statements import STATEMENTS
from parvis.core.engine.errors import QueryRefused
from parvis.core.engine.factories import make_version
from parvis.core.engine.plans import Count, Rows
from parvis.core.engine.tests.plain.engine import ANSWERS, PlainEngine
from parvis.core.engine.tests.plain.values import BeyondPlainPython
from parvis.core.errors import RequestError
from parvis.core.explore import ExploreRequest
from parvis.core.explore.query import bind, names_of
from parvis.core.odsql import Binder, Names, parse_group_by, parse_order_by, parse_select, parse_where
from parvis.core.odsql.bound import ALWAYS, Cell, MeetsBox, Placed, Query
from parvis.core.odsql.grouping import Grouping
from parvis.core.odsql.tests.test_cases import EXAMPLES, SHAPE, cases
from parvis.core.odsql.valuetypes import ValueType

_NAMES = ("Évry", "evry", "Cœur d’Essonne", "Ris-Orangis", None, "L'Haÿ-les-Roses", "", "Rue du Marché", "12", " 3.5 ")
_SQUARE = "POLYGON((2.1 48.1, 2.9 48.1, 2.9 48.9, 2.1 48.9, 2.1 48.1))"
_LINE = "LINESTRING(2 48, 2.5 48.5, 3 48)"
QUESTIONS = [question for question, expected in cases() if not expected[0].startswith("!")] + EXAMPLES

IMPOSSIBLE = {
    "order_by random(42)": "its order is drawn from DuckDB's own hash",
    "order_by random(42) desc": "its order is drawn from DuckDB's own hash",
}
"""Questions that plain Python has no way to answer alike, and why."""

TILES = ("RowsTile", "ClustersTile", "SpotsTile", "NamesTile", "ShapesTile")
BEYOND = {
    **dict.fromkeys(TILES, "the bytes of a vector tile are those of one encoder"),
    "ProjectionTest": "coordinate systems are PROJ's, which Python has not",
}
"""Plans that it does not answer, and why."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("conformance")


@pytest.fixture(scope="module")
def duckdb_engine(root: Path) -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(root, memory="300MB")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def source(root: Path) -> Source:
    """Sixty rows with nulls, accents, lists and places."""
    return make_version(root / "cases" / "v1", SHAPE.columns, [cells(n) for n in range(60)], parts=2)


def cells(n: int) -> list[Any]:
    """A row of every type, the same each time."""
    return [
        _NAMES[n % len(_NAMES)],
        ("Évry-Courcouronnes", "Ris-Orangis", None)[n % 3],
        None if n % 7 == 3 else n * 300 - 2_000,
        None if n % 5 == 1 else n / 4 - 3,
        (True, False, None)[n % 3],
        None if n % 6 == 5 else f"20{10 + n % 14}-{1 + n % 12:02}-{1 + n % 28:02}",
        None if n % 9 == 8 else f"2021-0{1 + n % 9}-{1 + n % 28:02}T{n % 24:02}:30:00+00:00",
        (["sport", "été"], [], None, ["Évry"], ["sport", "sport"])[n % 5],
        None if n % 4 == 3 else f"POINT({2 + n / 100} {48 + n / 50})",
        (None, _SQUARE, _LINE)[n % 3],
        str(2000 + n % 4),
    ]


def query_of(source: Source, question: str) -> Query:
    """The query of a case: its clause, beside what the others need."""
    clause, _space, text = question.partition(" ")
    clause, _at, timezone = clause.partition("@")
    clauses = {"select": "count(*) as n" if clause == "group_by" else "nom, population", clause: text}
    where = (clauses.pop("where"),) if "where" in clauses else ()
    return bind(names_of(source), ExploreRequest(where=where, timezone=timezone or "UTC", **clauses), None, 0)


def answers(engine: Any, source: Source, plan: plans.Plan) -> Any:
    """The rows of an answer, or the error that stands for it."""
    try:
        return [tuple(row.values()) for row in engine.table(source, plan).to_pylist()]
    except RequestError as error:
        return type(error)


def alike(one: Any, other: Any) -> bool:
    """Equal, numbers to the twelfth digit: sums are not made in the same order."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12) or (math.isnan(one) and math.isnan(other))
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other and isinstance(one, bool) is isinstance(other, bool)


@pytest.mark.parametrize("question", [question for question in QUESTIONS if question not in IMPOSSIBLE])
def test_a_question_of_the_language_has_one_answer(duckdb_engine, source, question):
    plan = Rows(query_of(source, question))
    assert alike(answers(PlainEngine(), source, plan), answers(duckdb_engine, source, plan))
