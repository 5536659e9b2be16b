"""The language by example: each case is a clause, then its SQL and parameters, or its error.

A case is ``where <text>`` (or ``select``, ``group_by``, ``order_by``; ``where@Europe/Paris`` sets the time zone), then ``= <sql>`` and one
``? <value>`` for each parameter, or ``! <error class>: <English message>``. Cases are separated by a blank line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine.duckdb.conditions import condition_sql
from parvis.core.engine.duckdb.fragments import Fragment, Statement
from parvis.core.engine.duckdb.statements import statement_of
from parvis.core.engine.plans import Rows
from parvis.core.errors import RequestError
from parvis.core.odsql import Binder, Names, parse_group_by, parse_order_by, parse_select, parse_where
from parvis.core.odsql.bound import ALWAYS, Query
from parvis.core.odsql.constructs import LITERALS, ORDER_BY, SELECT, WHERE
from parvis.core.odsql.functions import FUNCTIONS
from parvis.core.odsql.grouping import Grouping

CASES = Path(__file__).parent / "cases"
SHAPE = TableShape(
    (
        Column("nom", "Nom", ColumnType.TEXT),
        Column("commune", "Commune", ColumnType.TEXT),
        Column("population", "Population", ColumnType.INT),
        Column("montant", "Montant", ColumnType.DOUBLE),
        Column("ouvert", "Ouvert", ColumnType.BOOLEAN),
        Column("jour", "Jour", ColumnType.DATE),
        Column("instant", "Instant", ColumnType.DATETIME),
        Column("themes", "Thèmes", ColumnType.TEXT, annotations={"multivalued": ","}),
        Column("point", "Point", ColumnType.GEO_POINT),
        Column("contour", "Contour", ColumnType.GEO_SHAPE),
        Column("year", "Année", ColumnType.TEXT),
    )
)


def answer(clause: str, text: str, timezone: str = "UTC") -> list[str]:
    """The lines that a case should have below its first."""
    try:
        statement = bound_and_written(clause, text, timezone)
    except RequestError as error:
        return [f"! {type(error).__name__}: {error.message('en')}"]
    return [f"= {statement.sql}", *(f"? {value!r}" for value in statement.parameters)]


def bound_and_written(clause: str, text: str, timezone: str = "UTC") -> Fragment | Statement:
    """The SQL of a clause; a ``group_by`` alone selects its keys, an ``order_by`` orders names."""
    binder = Binder(Names(SHAPE), clause, timezone)
    everything = Binder(Names(SHAPE), "select").outputs(parse_select("nom"))
    if clause == "where":
        return condition_sql(binder.test(parse_where(text)))
    if clause == "select":
        return written(Query(binder.outputs(parse_select(text))))
    if clause == "group_by":
        groups = binder.groups(parse_group_by(text))
        return written(Query(Grouping(groups).outputs((), "select"), groups=groups))
    return written(Query(everything, ALWAYS, binder.orders(parse_order_by(text), everything)))


def written(query: Query) -> Statement:
    """The statement of a query."""
    return statement_of(Rows(query))


def cases() -> Iterator[tuple[str, list[str]]]:
    for path in sorted(CASES.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            lines = [line for line in block.splitlines() if line and not line.startswith("#")]
            if lines:
                yield lines[0], lines[1:]


@pytest.mark.parametrize(("question", "expected"), list(cases()))
def test_a_clause_gives_the_sql_or_the_error_of_its_case(question: str, expected: list[str]) -> None:
    clause, _space, text = question.partition(" ")
    clause, _at, timezone = clause.partition("@")
    assert answer(clause, text, timezone or "UTC") == expected


def test_every_error_has_a_french_sentence_that_names_the_clause() -> None:
    for question, expected in cases():
        if expected[0].startswith("!"):
            clause, _space, text = question.partition(" ")
            with pytest.raises(RequestError) as caught:
                bound_and_written(clause.partition("@")[0], text)
            assert "?" not in caught.value.message("fr").replace(" ?", "").replace(text, "")
            assert clause.partition("@")[0] in caught.value.message("fr")


EXAMPLES = [row.example for forms in FUNCTIONS.values() for row in forms]
EXAMPLES += [row.example for row in (*SELECT, *WHERE, *LITERALS, *ORDER_BY)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_of_the_reference_is_understood(example: str) -> None:
    clause, _space, text = example.partition(" ")
    assert bound_and_written(clause, text).sql
