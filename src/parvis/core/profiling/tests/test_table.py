"""Every row of the table is tested with its own good and bad values."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from parvis.core.connections import load_spatial
from parvis.core.profiling.parsers import Parser
from parvis.core.profiling.table import PARSERS, UnknownParser, parser_named

GOOD = [pytest.param(p, text, value, id=f"{p.name}-{text}") for p in PARSERS for text, value in p.good]
BAD = [pytest.param(p, text, id=f"{p.name}-{text}") for p in PARSERS for text in p.bad]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        load_spatial(connection)
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def shown(connection: duckdb.DuckDBPyConnection, parser: Parser, text: str) -> str | None:
    expression = parser.sql("cell")
    if parser.type.is_geographic:
        expression = f"ST_AsText(ST_ReducePrecision({expression}, 0.000001))"
    row = connection.execute(f"SELECT ({expression})::VARCHAR FROM (SELECT ?::VARCHAR AS cell)", [text]).fetchone()
    assert row
    return None if row[0] is None else str(row[0])


@pytest.mark.parametrize(("parser", "text", "value"), GOOD)
def test_a_good_value_is_read(connection: duckdb.DuckDBPyConnection, parser: Parser, text: str, value: str) -> None:
    assert shown(connection, parser, text) == value


@pytest.mark.parametrize(("parser", "text"), BAD)
def test_a_bad_value_is_refused(connection: duckdb.DuckDBPyConnection, parser: Parser, text: str) -> None:
    assert shown(connection, parser, text) is None


def test_every_parser_of_one_column_carries_examples() -> None:
    assert all(p.good and p.bad for p in PARSERS if p.arity == 1 and p.name != "geometry")


def test_names_are_unique() -> None:
    assert len({p.name for p in PARSERS}) == len(PARSERS)


def test_an_unknown_parser_is_a_request_error() -> None:
    with pytest.raises(UnknownParser, match="« magie »"):
        parser_named("magie")


@pytest.mark.parametrize(
    ("separator", "text", "value"),
    [
        (";", "lecture; jeunesse", "[lecture, jeunesse]"),
        (";", "ombre", "[ombre]"),
        (";", "a;;b;", "[a, b]"),
        (";", '["a;b", "c"]', "[a;b, c]"),
        ("'", "a'b", "[a, b]"),
        ("|", "  ", None),
    ],
)
def test_cells_are_split_around_the_separator_said(
    connection: duckdb.DuckDBPyConnection, separator: str, text: str, value: str | None
) -> None:
    parser = parser_named(f"text_list:{separator}")
    assert (shown(connection, parser, text), parser.annotations) == (value, {"multivalued": separator})
