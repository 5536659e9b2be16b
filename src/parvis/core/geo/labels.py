"""Names in a tile: points that carry words, each in the one tile where it lies."""

from __future__ import annotations

from parvis.core.engine import Engine
from parvis.core.engine.contract import ROW
from parvis.core.geo.clusters import across, down
from parvis.core.geo.layers import Layer, ask, blobs, mvt, points_inside
from parvis.core.geo.mercator import TileAddress


def names_tile(engine: Engine, layer: Layer, address: TileAddress) -> bytes:
    """Layer ``names``: every point of the layer inside the tile, none gathered; empty when there is none."""
    columns = ", ".join((f"ST_Point({across(address)}, {down(address)}) AS __geometry", ROW, *layer.names))
    return blobs(ask(engine, layer, f"{points_inside(layer, address)} SELECT {mvt('names', columns, 'near')}"))[1]
