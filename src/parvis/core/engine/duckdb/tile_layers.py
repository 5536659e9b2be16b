"""What the statements of tiles share: rows in a box, places in a tile, encoded layers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.contract import ROW
from parvis.core.engine.duckdb.conditions import condition_sql
from parvis.core.engine.duckdb.fragments import Fragment, Statement
from parvis.core.engine.plans import Box, Drawing
from parvis.core.mercator import TileAddress
from parvis.core.odsql.bound import ALWAYS
from parvis.core.staging import quote_identifier

EXTENT = 4096
"""Side of a tile in its own units."""

TEXT_LENGTH = 120
"""Longest text carried by a tile, in characters."""

ROUNDING = 1e-5
"""Degrees by which a bounding box may be wrong."""


def drawn(drawing: Drawing, sql: str, *parameters: object) -> Statement:
    """A statement that filters the rows of a drawing once, before its other values."""
    return Statement(sql, (*_condition(drawing).parameters, *parameters))


def geometry_name(drawing: Drawing) -> str:
    """The quoted name of what is drawn."""
    return quote_identifier(drawing.geometry.name)


def carried_names(drawing: Drawing) -> tuple[str, ...]:
    """The quoted names of the carried values."""
    return tuple(quote_identifier(column.name) for column in drawing.fields)


def selection(drawing: Drawing) -> str:
    """The row number and the carried values, as items of a SELECT, each followed by a comma."""
    values = (f"{_carried(column)} AS {quote_identifier(column.name)}, " for column in drawing.fields)
    return f"{ROW}, " + "".join(values)


def _carried(column: Column) -> str:
    """A value as vector tiles can carry it: number, truth, or short text."""
    name = quote_identifier(column.name)
    if column.type.is_number or column.type is ColumnType.BOOLEAN:
        return name
    if column.type is ColumnType.DATETIME:
        return f"strftime({name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
    text = f"array_to_string({name}, ', ')" if column.annotations.get("multivalued") else f"CAST({name} AS VARCHAR)"
    return f"left({text}, {TEXT_LENGTH})"


def filters(drawing: Drawing, conditions: Sequence[str]) -> str:
    """A WHERE clause of these conditions and the drawing's own."""
    own = [f"({_condition(drawing).sql})"] if drawing.where != ALWAYS else []
    return f"WHERE {' AND '.join([*conditions, *own])}"


def _condition(drawing: Drawing) -> Fragment:
    return condition_sql(drawing.where) if drawing.where != ALWAYS else Fragment("")


def mvt(layer: str, columns: str, table: str) -> str:
    """Two items of a SELECT: how many features, and the encoded layer; ``columns`` holds ``__geometry`` and ``__row``.

    Features are in the order of their rows, so that the same tile has the same bytes each time.
    """
    return (
        f"(SELECT count(*) FROM {table}), "
        f"(SELECT ST_AsMVT(t, '{layer}', {EXTENT}, '__geometry', '__row' ORDER BY t.__row) FROM (SELECT {columns} FROM {table}) AS t)"
    )


def envelope(address: TileAddress, wide: float = 0.0, high: float = 0.0) -> str:
    """The box of a tile in degrees, ``wide`` and ``high`` degrees larger on each side."""
    edges = (address.west - wide, address.south - high, address.east + wide, address.north + high)
    return f"ST_MakeEnvelope({', '.join(map(number, edges))})"


def inside(address: TileAddress, lon: str, lat: str, bbox: Box | None) -> list[str]:
    """Conditions for a point to be in a tile, without those that all the data meets: they would cost a reading each.

    A tile owns its west and north edges, so that each point is in exactly one tile.
    """
    west, south, east, north = bbox or (-1e9, -1e9, 1e9, 1e9)
    # The box may have been rounded: a tile edge that close to it is asked all the same.
    west, south, east, north = west - ROUNDING, south - ROUNDING, east + ROUNDING, north + ROUNDING
    rows = (
        (west < address.west, f"{lon} >= {number(address.west)}"),
        (east >= address.east, f"{lon} < {number(address.east)}"),
        (south <= address.south, f"{lat} > {number(address.south)}"),
        (north > address.north, f"{lat} <= {number(address.north)}"),
    )
    return [condition for needed, condition in rows if needed]


def across(address: TileAddress) -> str:
    """Abscissa in the tile of ``__lon``."""
    return f"(__lon - {number(address.west)}) * {number(EXTENT / (address.east - address.west))}"


def down(address: TileAddress) -> str:
    """Ordinate in the tile of ``__lat``, counted from the north."""
    mercator = f"(0.5 - atanh(sin(radians(__lat))) / {number(2 * math.pi)})"
    return f"({mercator} * {number(address.side)} - {number(address.y)}) * {number(EXTENT)}"


def number(value: float) -> str:
    """A coordinate computed here from a tile's address, as SQL text; never a value from outside."""
    return f"({float(value)!r})"
