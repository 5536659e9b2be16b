"""How a value is written in the format of a column, so that its parser reads it as that value.

Parsers only go one way, from text to value. Usual spellings of the value are tried, and the parser of the column itself says
which of them it reads as exactly that: what is written in the place of a cell can never be read as something else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import duckdb

from parvis.core.columns import Column, ColumnType
from parvis.core.overlays.canonical import canonical_sql
from parvis.core.profiling.plans import ColumnPlan
from parvis.core.profiling.table import parser_named
from parvis.core.staging import ROWS, quote_identifier

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_YES = ("true", "oui", "1", "o", "vrai", "yes")
_NO = ("false", "non", "0", "n", "faux", "no")
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y", "%Y-%m-%dT00:00:00", "%d/%m/%Y 00:00", "%Y-%m", "%m/%Y", "%Y", "%m/%d/%Y")  # fmt: skip
_MOMENTS = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%d %H:%M:%S+00", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M:%S")  # fmt: skip

SAMPLE = 1_000
"""Rows whose cells say how a column is written."""


def spellings(column: Column, text: str) -> Iterator[str]:
    """Usual ways to write a canonical text in a file, the plainest first."""
    yield text
    match column.type:
        case ColumnType.INT | ColumnType.DOUBLE:
            yield from _numbers(float(text))
        case ColumnType.BOOLEAN:
            yield from _YES if text == "true" else _NO
        case ColumnType.DATE:
            day = date.fromisoformat(text)
            yield from (day.strftime(form) for form in _DATES)
            yield f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
            yield f"{_MONTHS[day.month - 1]} {day.year}"
        case ColumnType.DATETIME:
            moment = datetime.fromisoformat(text)
            yield from (moment.strftime(form) for form in _MOMENTS)
        case ColumnType.GEO_POINT:
            yield from _places(*text.split(","))
        case ColumnType.TEXT if "multivalued" in column.annotations:
            parts = json.loads(text)
            yield from (mark.join(parts) for mark in (",", ", ", ";", "|", " | ", "/"))
        case _:
            return


def _numbers(number: float) -> Iterator[str]:
    plain = f"{number:.15f}".rstrip("0").rstrip(".")
    yield plain
    yield f"{number:.1f}" if number == int(number) else plain
    yield plain.replace(".", ",")
    yield f"{plain} %"
    percent = f"{number * 100:.12f}".rstrip("0").rstrip(".")
    yield f"{percent} %"
    yield f"{percent.replace('.', ',')} %"
    yield f"{plain.replace('.', ',')} €"
    yield f"{plain} €"


def _places(latitude: str, longitude: str) -> Iterator[str]:
    yield f"{latitude}, {longitude}"
    yield f"{longitude}, {latitude}"
    yield f"[{longitude}, {latitude}]"
    yield json.dumps({"lon": float(longitude), "lat": float(latitude)})
    yield f"POINT ({longitude} {latitude})"
    yield f"SRID=4326;POINT ({longitude} {latitude})"
    yield json.dumps({"type": "Point", "coordinates": [float(longitude), float(latitude)]})


def spelt(
    connection: duckdb.DuckDBPyConnection, plan: ColumnPlan, values: Sequence[str], *, shape: bool = False
) -> Mapping[str, str]:
    """For each canonical text that this column can hold, the text to write in its one source; the others are left out.

    ``shape``: the source holds shapes, which are written as WKT.
    """
    candidates = [
        (value, rank, spelling)
        for value in dict.fromkeys(values)
        for rank, spelling in enumerate(dict.fromkeys(_safe_spellings(plan.column, value)))
    ]
    connection.execute("CREATE OR REPLACE TEMP TABLE overlay_spellings (value VARCHAR, rank INTEGER, spelling VARCHAR)")
    if candidates:
        lists = [list(column) for column in zip(*candidates, strict=True)]
        connection.execute("INSERT INTO overlay_spellings SELECT unnest(?), unnest(?), unnest(?)", lists)
    cell = "TRY(ST_GeomFromText(spelling))" if shape else quote_identifier("spelling")
    read = canonical_sql(plan.column, parser_named(plan.parser).sql(cell))
    # Like the other cells of the column first: « 12 » among « 8.0 » and « 9.0 » would make decimals of whole numbers.
    usual = f"SELECT DISTINCT {_pattern(quote_identifier(plan.sources[0]))} FROM (SELECT * FROM {ROWS} LIMIT {SAMPLE})"
    order = "rank" if shape else f"rank + CASE WHEN {_pattern('spelling')} IN ({usual}) THEN 0 ELSE 1000 END"
    rows = connection.execute(
        f"SELECT value, arg_min(spelling, likeness) FROM (SELECT *, {order} AS likeness FROM overlay_spellings) "
        f"WHERE {read} = value GROUP BY value"
    ).fetchall()
    return dict(rows)


def _pattern(text: str) -> str:
    """SQL: how a text is built, its digits and letters aside."""
    return f"regexp_replace(regexp_replace({text}, '[0-9]+', '9', 'g'), '[A-Za-zÀ-ÿ]+', 'a', 'g')"


def _safe_spellings(column: Column, value: str) -> Iterator[str]:
    try:
        yield from spellings(column, value)
    except (
        ValueError,
        TypeError,
        OverflowError,
    ):  # a text that is no value of this type: its parser will not read it either
        return
