"""Numbers and dates written the French way come back as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.connections import load_spatial
from parvis.core.profiling.table import PARSER_BY_NAME

SPACES = st.sampled_from([" ", "\u00a0", "\u202f"])
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        load_spatial(connection)
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def read(connection: duckdb.DuckDBPyConnection, parser: str, text: str) -> object:
    row = connection.execute(
        f"SELECT {PARSER_BY_NAME[parser].sql('t')} FROM (SELECT ?::VARCHAR AS t)", [text]
    ).fetchone()
    assert row
    return row[0]


@given(number=st.integers(-(10**17), 10**17), space=SPACES)
def test_whole_numbers(connection: duckdb.DuckDBPyConnection, number: int, space: str) -> None:
    assert read(connection, "int", str(number)) == number
    assert read(connection, "int_fr", f"{number:,}".replace(",", space)) == number


@given(number=st.decimals(-(10**9), 10**9, places=2), space=SPACES)
def test_decimals(connection: duckdb.DuckDBPyConnection, number: Decimal, space: str) -> None:
    french = f"{number:,.2f}".replace(",", space).replace(".", ",")
    assert read(connection, "number_fr", french) == float(number)
    assert read(connection, "double", f"{number:.2f}") == float(number)
    assert read(connection, "percent", french + space + "%") == float(number)
    assert read(connection, "euros", french + space + "€") == float(number)


@given(day=st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_dates(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    assert read(connection, "date_iso", day.isoformat()) == day
    assert read(connection, "date_dmy", f"{day:%d/%m}/{day.year}") == day
    assert read(connection, "date_dmy", f"{day.day}.{day.month}.{day.year}") == day
    assert read(connection, "date_mdy", f"{day:%m/%d}/{day.year}") == day
    first = "1er" if day.day == 1 else str(day.day)
    assert read(connection, "date_fr", f"{first} {MONTHS[day.month - 1]} {day.year}") == day


@given(moment=st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - naive on purpose, read as UTC
def test_instants(connection: duckdb.DuckDBPyConnection, moment: datetime) -> None:
    assert read(connection, "datetime_iso", moment.isoformat()) == moment.replace(tzinfo=UTC)
    whole = moment.replace(microsecond=0)
    assert read(connection, "datetime_dmy", f"{whole:%d/%m/%Y %H:%M:%S}") == whole.replace(tzinfo=UTC)


@given(text=st.text(max_size=30))
def test_any_text_is_read_or_refused_without_an_error(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    for parser in PARSER_BY_NAME.values():
        if parser.arity == 1 and parser.name != "geometry" and "\x00" not in text:
            connection.execute(f"SELECT {parser.sql('t')} FROM (SELECT ?::VARCHAR AS t)", [text]).fetchone()
