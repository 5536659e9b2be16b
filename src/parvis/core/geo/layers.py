"""What a tile draws: a geometry column, the few values a legend or a tooltip needs, a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from parvis.core.columns import Column, ColumnType
from parvis.core.engine import Engine, Statement
from parvis.core.engine.contract import DEFAULT_SECONDS, ROW, AnySource
from parvis.core.geo.mercator import TileAddress
from parvis.core.staging import quote_identifier

EXTENT = 4096
"""Side of a tile in its own units."""

TEXT_LENGTH = 120
"""Longest text carried by a tile, in characters."""

MAX_FEATURES = 10_000
"""Most features in one layer of a tile; beyond, they are gathered more coarsely."""

ROUNDING = 1e-5
"""Degrees by which a bounding box may be wrong."""

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows to draw. ``geometry`` is an SQL expression over ``rows``; ``where`` an SQL condition with its parameters.

    ``rows`` is how many rows the condition keeps; ``seconds`` the longest wait for one statement.
    """

    source: AnySource
    geometry: str
    only_points: bool
    fields: tuple[Column, ...] = ()
    where: Statement | None = None
    bbox: Box | None = None
    rows: int = 0
    seconds: float = DEFAULT_SECONDS

    @property
    def parameters(self) -> tuple[object, ...]:
        """Values of the filter, in order."""
        return self.where.parameters if self.where else ()

    @property
    def names(self) -> tuple[str, ...]:
        """Quoted names of the carried values."""
        return tuple(quote_identifier(column.name) for column in self.fields)

    def selected(self) -> str:
        """The row number and the carried values, as items of a SELECT, each followed by a comma."""
        values = (f"{_carried(column)} AS {quote_identifier(column.name)}, " for column in self.fields)
        return f"{ROW}, " + "".join(values)

    def filters(self, conditions: Sequence[str]) -> str:
        """A WHERE clause of these conditions and the layer's own; empty when there is nothing to ask."""
        clauses = [*conditions, *([f"({self.where.sql})"] if self.where else [])]
        return f"WHERE {' AND '.join(clauses)}" if clauses else ""


def _carried(column: Column) -> str:
    """A value as vector tiles can carry it: number, truth, or short text."""
    name = quote_identifier(column.name)
    if column.type.is_number or column.type is ColumnType.BOOLEAN:
        return name
    if column.type is ColumnType.DATETIME:
        return f"strftime({name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
    text = f"array_to_string({name}, ', ')" if column.annotations.get("multivalued") else f"CAST({name} AS VARCHAR)"
    return f"left({text}, {TEXT_LENGTH})"


def number(value: float) -> str:
    """A coordinate computed here from a tile's address, as SQL text; never a value from outside."""
    return f"({float(value)!r})"


def mvt(layer: str, columns: str, table: str) -> str:
    """Two items of a SELECT: how many features, and the encoded layer; ``columns`` holds ``__geometry`` and ``__row``.

    Features are in the order of their rows, so that the same tile has the same bytes each time.
    """
    return (
        f"(SELECT count(*) FROM {table}), "
        f"(SELECT ST_AsMVT(t, '{layer}', {EXTENT}, '__geometry', '__row' ORDER BY t.__row) FROM (SELECT {columns} FROM {table}) AS t)"
    )


def blobs(answer: pa.Table) -> tuple[int, bytes]:
    """From pairs of count and layer: all features counted, and the layers that hold any, one after the other."""
    values = [column[0].as_py() for column in answer.columns]
    pairs = list(zip(values[::2], values[1::2], strict=True))
    return sum(count for count, _blob in pairs), b"".join(bytes(blob) for count, blob in pairs if count)


def ask(engine: Engine, layer: Layer, sql: str, *parameters: object) -> pa.Table:
    """Run one statement of a tile."""
    return engine.table(layer.source, Statement(sql, (*layer.parameters, *parameters)), seconds=layer.seconds)


def points_inside(layer: Layer, address: TileAddress) -> str:
    """The beginning of a statement about points: ``near``, the rows inside the tile with ``__lon`` and ``__lat``."""
    lon, lat = f"ST_X({layer.geometry})", f"ST_Y({layer.geometry})"
    # A point without coordinates is nowhere: comparisons leave it out, and where none is needed this condition does.
    conditions = inside(address, lon, lat, layer.bbox)
    if conditions:
        # Coordinates decide; boxes only spare the engine the groups of rows that are elsewhere.
        conditions.insert(0, f"{layer.geometry} && {envelope(address)}")
    else:
        conditions = [f"{lon} IS NOT NULL"]
    return (
        f"WITH near AS (SELECT {layer.selected()} {lon} AS __lon, {lat} AS __lat FROM rows {layer.filters(conditions)})"
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
