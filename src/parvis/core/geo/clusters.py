"""Points in a tile: gathered on a grid with counts when far, each in its place when near."""

from __future__ import annotations

import math
from itertools import pairwise

from parvis.core.engine import Engine
from parvis.core.engine.plans import CellCounts, ClustersTile, RowsTile, SpotsTile
from parvis.core.geo.layers import MAX_FEATURES, Layer, ask, blobs, rows_of
from parvis.core.geo.point_grid import CLUSTER_CELLS, SPARSE, WORLD, Cell, deepest_grid_zoom, point_cells
from parvis.core.mercator import TILE_PIXELS, TileAddress, latitude, longitude, mercator_x, mercator_y

NEAR_ZOOM = 14
"""Zoom from which points are told from one another, but where they are crowded."""

SPOT_ZOOM = 17
"""Zoom from which points are never gathered, but for those that fall on the same spot."""

SPOT_CELLS, WIDE_SPOT_CELLS = 128, 32
"""Cells along a tile's side in which spots are: of 4 pixels when near, of 16 before."""

COMFORT = 4.0
"""Points in a cell, on average, that can still be told from one another on screen."""

CROWD = 12
"""Points in a cell beyond which they are gathered however few there are elsewhere."""

_RADII = ((0.3, 8), (1, 12), (2, 17), (3, 21), (4, 26), (5, 29))
"""Of the disc that stands for 10 to some power of points, in pixels, as maps draw it (``frontend/src/map/style.ts``)."""
_EDGE = 2
"""Pixels of the line around it."""


def points_tile(engine: Engine, layer: Layer, address: TileAddress) -> bytes:
    """Layers ``points`` (one row each) and ``clusters`` (``n`` rows gathered at their centre); empty when nothing is there.

    Every row that has a point inside the tile is in exactly one feature. A disc stays whole in its cell: none covers another.
    """
    if address.z < near_zoom(layer):
        return _far(engine, layer, address)
    if address.z < SPOT_ZOOM:
        return _between(engine, layer, address)
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
    tile = blobs(ask(engine, layer, _clusters(address, dense)))[1] if dense else b""
    if not alone:
        return tile
    return tile + blobs(ask(engine, layer, RowsTile(layer.drawing, address, region, tuple(alone))))[1]


def _between(engine: Engine, layer: Layer, address: TileAddress) -> bytes:
    """Counts of crowded cells; elsewhere points one by one, but for those that would cover one another."""
    counted = ask(engine, layer, CellCounts(layer.drawing, address, CLUSTER_CELLS, CROWD))
    cells = [Cell(*values) for values in rows_of(counted)]
    crowded = [cell for cell in cells if cell.n > CROWD]
    free = tuple(row for cell in cells if cell.n <= CROWD for row in cell.rows)
    crowds = _clusters(address, crowded) if crowded else None
    if free:
        return blobs(ask(engine, layer, SpotsTile(layer.drawing, address, WIDE_SPOT_CELLS, free, True, crowds)))[1]
    return blobs(ask(engine, layer, crowds))[1] if crowds else b""


def _clusters(address: TileAddress, cells: list[Cell]) -> ClustersTile:
    longitudes, latitudes = zip(*(_inside(cell, address) for cell in cells), strict=True)
    return ClustersTile(
        address, tuple(cell.n for cell in cells), longitudes, latitudes, tuple(cell.rank for cell in cells)
    )


def _inside(cell: Cell, address: TileAddress) -> tuple[float, float]:
    """The centre of the points of a cell, moved so that the disc that stands for them stays in it; in degrees."""
    room = max(0.5 - (_radius(cell.n) + _EDGE) * CLUSTER_CELLS / TILE_PIXELS, 0.0)
    column, row = divmod(cell.rank, CLUSTER_CELLS)
    x = _near_middle((mercator_x(cell.lon) * address.side - address.x) * CLUSTER_CELLS, column, room)
    y = _near_middle((mercator_y(cell.lat) * address.side - address.y) * CLUSTER_CELLS, row, room)
    return (
        longitude((address.x + x / CLUSTER_CELLS) / address.side),
        latitude((address.y + y / CLUSTER_CELLS) / address.side),
    )


def _near_middle(place: float, rank: int, room: float) -> float:
    return min(max(place, rank + 0.5 - room), rank + 0.5 + room)


def _radius(count: int) -> float:
    power = math.log10(count)
    for (low, small), (high, large) in pairwise(_RADII):
        if power <= high:
            return small + (large - small) * max(power - low, 0.0) / (high - low)
    return _RADII[-1][1]


def _near(engine: Engine, layer: Layer, address: TileAddress, cells: int) -> tuple[int, bytes]:
    """How many features, and the tile where only points of the same spot are gathered."""
    return blobs(ask(engine, layer, SpotsTile(layer.drawing, address, cells)))
