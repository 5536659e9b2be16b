"""Vector tiles (MVT) of a version: the one door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from parvis.core.columns import Column, ColumnType
from parvis.core.engine import Engine, Source
from parvis.core.engine.contract import DEFAULT_SECONDS
from parvis.core.engine.plans import Count, Drawing, ShapesTile
from parvis.core.geo.clusters import points_tile
from parvis.core.geo.layers import Layer, ask, blobs
from parvis.core.mercator import TileAddress
from parvis.core.odsql.bound import ALWAYS, Test


def tile(
    source: Source,
    engine: Engine,
    address: TileAddress,
    *,
    fields: Iterable[str] = (),
    where: Test = ALWAYS,
    seconds: float = DEFAULT_SECONDS,
) -> bytes:
    """The tile of a version, as Mapbox Vector Tile 2.1; no bytes when nothing is there or the version has no geometry.

    ``fields`` are the technical names of values to carry (unknown names are left out), ``where`` a condition over the
    columns: only the rows that it keeps are drawn and counted. ``seconds`` is the longest wait for one plan. Errors are the engine's.
    """
    layer = layer_of(source, fields, where)
    if layer is None:
        return b""
    layer = replace(layer, seconds=seconds)
    if where != ALWAYS:
        # How far points are gathered depends on how many there are, and few are left by most filters.
        row_count = engine.value(source, Count(where), seconds=seconds)
        layer = replace(layer, rows=int(row_count))
    return draw(engine, layer, address) if layer.rows else b""


def draw(engine: Engine, layer: Layer, address: TileAddress) -> bytes:
    """The tile of any layer."""
    if layer.only_points:
        return points_tile(engine, layer, address)
    return blobs(ask(engine, layer, ShapesTile(layer.drawing, address)))[1]


def layer_of(source: Source, fields: Iterable[str] = (), where: Test = ALWAYS) -> Layer | None:
    """The layer that draws a version; None when it has no geometry."""
    column = source.shape.geometry
    if column is None:
        return None
    field_names = set(fields)
    carried = tuple(c for c in source.shape if c.name in field_names and not c.type.is_geographic)
    drawing = Drawing(column, carried, where, source.manifest.bbox)
    return Layer(source, drawing, has_only_points(source, column), source.rows)


def has_only_points(source: Source, column: Column) -> bool:
    """Whether every geometry of the column is a single point."""
    if column.type is ColumnType.GEO_POINT:
        return True
    kinds = {kind.upper() for kind in source.manifest.geometry_types}
    return kinds == {"POINT"}
