"""What layers ask of their datasets: rows, values of codes, moments, numbers to make classes from; kept by version and question."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from parvis.core.atlas import MapLayer
from parvis.core.atlas.questions import MOST_ROWS, conditions_of
from parvis.core.columns import Column, ColumnType
from parvis.core.engine import Statement
from parvis.core.engine.duckdb.queries import condition_sql
from parvis.core.explore import ExploreRequest
from parvis.core.explore.query import condition
from parvis.core.odsql import Names
from parvis.core.odsql.bound import ALWAYS
from parvis.core.staging import quote_identifier
from parvis.hub.accounts.rules import Actor
from parvis.hub.datastore.selectors import engine
from parvis.hub.drawings import questions
from parvis.hub.drawings.questions import Asked, Rows

_EXACT = 20_000
"""Rows up to which classes are made from all values; beyond, from two thousand and one quantiles."""
_CELLS = 160
"""Squares along the side of a map in which the places of a large layer are gathered for its picture."""


def seconds() -> float:
    """The longest wait for one answer."""
    return float(settings.PARVIS["PARVIS_ENGINE_SECONDS"])


def rows_of(actor: Actor, query: Asked) -> Rows:
    """The rows of a question with their places, and how many there are in all."""
    return questions.rows_of(actor, query, cache="map-rows", most=MOST_ROWS, weight=_weight)


def _weight(rows: Sequence[dict[str, Any]]) -> int:
    """Contours may weigh much more than their row: what they take is measured on their text."""
    return sum(len(json.dumps(row, default=str)) for row in rows)


def filtered(query: Asked, layer: MapLayer, moment: str = "") -> Statement | None:
    """The conditions of a layer as the engine reads them; None when all rows are kept."""
    where = conditions_of(layer, moment)
    test = condition(Names(query.source.shape), ExploreRequest(where=where, timezone=settings.TIME_ZONE))
    if test == ALWAYS:
        return None
    fragment = condition_sql(test)
    return Statement(fragment.sql, fragment.parameters)


def numbers_of(actor: Actor, query: Asked, layer: MapLayer, column: str) -> list[float]:
    """The numbers of a column, rising: all of them, or quantiles of many."""
    name = quote_identifier(column)
    where = filtered(query, layer)
    where_sql = f"isfinite({name}::DOUBLE)" + (f" AND ({where.sql})" if where else "")
    shares = [rank / 2_000 for rank in range(2_001)]
    made = (
        f"list({name}::DOUBLE ORDER BY {name})"
        if query.source.rows <= _EXACT
        else f"quantile_disc({name}::DOUBLE, {shares})"
    )
    statement = Statement(f"SELECT {made} FROM rows WHERE {where_sql}", where.parameters if where else ())
    numbers: list[float] | None = engine().value(query.source, statement, seconds=seconds())
    return numbers or []


def point_cells(
    actor: Actor, query: Asked, layer: MapLayer, moment: str, box: tuple[float, float, float, float]
) -> list[dict[str, Any]]:
    """The points of a large layer by small squares: ``x``, ``y``, ``n``, and the usual value of its colour as ``colour``."""
    geometry = query.source.shape.geometry
    if geometry is None:
        return []
    name, where = quote_identifier(geometry.name), filtered(query, layer, moment)
    west, south, east, north = box
    wide, tall = max(east - west, 1e-6) / _CELLS, max(north - south, 1e-6) / _CELLS
    place = f"{name} IS NOT NULL AND NOT ST_IsEmpty({name})" + (f" AND ({where.sql})" if where else "")
    middle = "(ST_XMin(g) + ST_XMax(g)) / 2 AS x, (ST_YMin(g) + ST_YMax(g)) / 2 AS y"
    sql = (
        f"SELECT avg(x) AS x, avg(y) AS y, count(*) AS n, {_usual(query, layer)} AS colour FROM "
        f"(SELECT {middle}, c FROM (SELECT {name} AS g, {_coloured(layer)} AS c FROM rows WHERE {place})) "
        "GROUP BY floor(x / ?), floor(y / ?)"
    )
    values = (*(where.parameters if where else ()), wide, tall)
    table = engine().table(query.source, Statement(sql, values), seconds=seconds())
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _coloured(layer: MapLayer) -> str:
    return quote_identifier(layer.colour) if layer.colour else "NULL"


def _usual(query: Asked, layer: MapLayer) -> str:
    column = query.source.shape.get(layer.colour) if layer.colour else None
    return "median(c)" if column is not None and column.type.is_number else "mode(c)"


def carried(
    layer: MapLayer, columns: Sequence[Column], title: Column | None, named: Sequence[str], most: int
) -> list[Column]:
    """The columns that features carry: the title, what is drawn or told, then the first ones, up to ``most``."""
    leading = [title.name if title else "", *named, layer.colour, layer.size, layer.time]
    more = [] if layer.popup else [column.name for column in columns]
    names = [name for name in dict.fromkeys([*leading, *more]) if name]
    column_by_name = {column.name: column for column in columns if column.type is not ColumnType.JSON}
    return [column_by_name[name] for name in names if name in column_by_name][:most]
