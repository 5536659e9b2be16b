"""Points in a tile: gathered on a grid with counts when far, each in its place when near."""

from __future__ import annotations

import math

from parvis.core.engine import Engine
from parvis.core.engine.plans import CellCounts, ClustersTile, RowsTile, SpotsTile
from parvis.core.geo.layers import MAX_FEATURES, Layer, ask, blobs, rows_of
from parvis.core.geo.point_grid import CLUSTER_CELLS, SPARSE, WORLD, Cell, deepest_grid_zoom, point_cells
from parvis.core.mercator import TileAddress, mercator_x, mercator_y

NEAR_ZOOM = 14
"""Zoom from which points are never gathered, but for those that fall on the same spot."""

SPOT_CELLS = 128
"""Cells along a tile's side when near: a spot of 4 pixels."""

COMFORT = 4.0
"""Points in a cell, on average, that can still be told from one another on screen."""


def points_tile(engine: Engine, layer: Layer, address: TileAddress) -> bytes:
    """Layers ``points`` (one row each) and ``clusters`` (``n`` rows gathered at their centre); empty when nothing is there.

    Every row that has a point inside the tile is in exactly one feature.
    """
    if address.z < near_zoom(layer):
        return _far(engine, layer, address)
    cells = SPOT_CELLS
    count, tile = _near(engine, layer, address, cells)
    while count > MAX_FEATURES:
        cells //= 2
        count, tile = _near(engine, layer, address, cells)
    return tile


def near_zoom(layer: Layer) -> int:
    """The zoom from which the points of this layer, were they evenly spread, can be told from one another."""
    if layer.drawing.bbox is None:
        return NEAR_ZOOM
    west, south, east, north = layer.drawing.bbox
    width = max(mercator_x(east) - mercator_x(west), 1e-9)
    height = max(mercator_y(south) - mercator_y(north), 1e-9)
    cells = layer.rows / COMFORT / (width * height)
    zoom = math.ceil(math.log2(max(math.sqrt(cells) / CLUSTER_CELLS, 1.0)))
    return min(zoom, NEAR_ZOOM)


def _far(engine: Engine, layer: Layer, address: TileAddress) -> bytes:
    """Counts a cell, and the points of sparse cells one by one."""
    if address.z <= deepest_grid_zoom(layer):
        cells, region = point_cells(engine, layer, address), WORLD
    else:
        counted = ask(engine, layer, CellCounts(layer.drawing, address, CLUSTER_CELLS, SPARSE))
        cells, region = [Cell(*values) for values in rows_of(counted)], address
    dense = [cell for cell in cells if cell.n > SPARSE]
    alone = [row for cell in cells if cell.n <= SPARSE for row in cell.rows]
    tile = _encoded_clusters(engine, layer, address, dense) if dense else b""
    if not alone:
        return tile
    return tile + blobs(ask(engine, layer, RowsTile(layer.drawing, address, region, tuple(alone))))[1]


def _encoded_clusters(engine: Engine, layer: Layer, address: TileAddress, cells: list[Cell]) -> bytes:
    n, lon, lat, rank = zip(*((cell.n, cell.lon, cell.lat, cell.rank) for cell in cells), strict=True)
    return blobs(ask(engine, layer, ClustersTile(address, n, lon, lat, rank)))[1]


def _near(engine: Engine, layer: Layer, address: TileAddress, cells: int) -> tuple[int, bytes]:
    """How many features, and the tile where only points of the same spot are gathered."""
    return blobs(ask(engine, layer, SpotsTile(layer.drawing, address, cells)))
