"""Points in a tile: gathered on a grid with counts when far, each in its place when near."""

from __future__ import annotations

import math

from parvis.core.engine import Engine
from parvis.core.engine.contract import ROW
from parvis.core.geo.layers import EXTENT, MAX_FEATURES, ROUNDING, Layer, ask, blobs, mvt, number, points_inside
from parvis.core.geo.mercator import TILE_PIXELS, TileAddress, mercator_x, mercator_y
from parvis.core.geo.point_grid import CLUSTER_CELLS, SPARSE, WORLD, Cell, deepest_grid_zoom, point_cells

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
    if layer.bbox is None:
        return NEAR_ZOOM
    west, south, east, north = layer.bbox
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
        cells, region = _counted(engine, layer, address), address
    dense = [cell for cell in cells if cell.n > SPARSE]
    alone = [row for cell in cells if cell.n <= SPARSE for row in cell.rows]
    tile = _encoded_clusters(engine, layer, address, dense) if dense else b""
    return tile + _encoded_points(engine, layer, address, region, alone) if alone else tile


def _counted(engine: Engine, layer: Layer, address: TileAddress) -> list[Cell]:
    """The cells of a tile, counted in its own rows."""
    placed = f"{points_inside(layer, address)}, placed AS (SELECT *, {_cell(layer, address)} AS __cell FROM near)"
    sql = f"{placed} SELECT __cell, count(*), avg(__lon), avg(__lat), min({ROW}, {SPARSE}) FROM placed GROUP BY __cell"
    return [Cell(*values) for values in zip(*(column.to_pylist() for column in ask(engine, layer, sql)), strict=True)]


def _cell(layer: Layer, address: TileAddress) -> str:
    """Number of the cell of a point. Rows of cells are told by comparison with their edges: no logarithm a point."""
    scale = CLUSTER_CELLS / (address.east - address.west)
    column = f"least(floor((__lon - {number(address.west)}) * {number(scale)})::INTEGER, {CLUSTER_CELLS - 1})"
    edges = [address.latitude_at(rank / CLUSTER_CELLS) for rank in range(1, CLUSTER_CELLS)]
    south, north = (layer.bbox[1] - ROUNDING, layer.bbox[3] + ROUNDING) if layer.bbox else (-90.0, 90.0)
    passed = sum(1 for edge in edges if edge >= north)
    comparisons = [f"(__lat <= {number(edge)})::INTEGER" for edge in edges if south <= edge < north]
    return f"{column} * {CLUSTER_CELLS} + {' + '.join([str(passed), *comparisons])}"


def _encoded_points(engine: Engine, layer: Layer, address: TileAddress, region: TileAddress, rows: list[int]) -> bytes:
    """Some rows drawn in a tile. They are looked for in ``region``, by which they were found: on an edge of the tile, the last
    binary digit of a latitude may tell otherwise."""
    marks = ", ".join("?" for _row in rows)
    columns = ", ".join((f"ST_Point({across(address)}, {down(address)}) AS __geometry", ROW, *layer.names))
    sql = (
        f"{points_inside(layer, region)}, alone AS (SELECT * FROM near WHERE {ROW} IN ({marks})) "
        f"SELECT {mvt('points', columns, 'alone')}"
    )
    return blobs(ask(engine, layer, sql, *rows))[1]


def _encoded_clusters(engine: Engine, layer: Layer, address: TileAddress, cells: list[Cell]) -> bytes:
    columns = f"ST_Point({across(address)}, {down(address)}) AS __geometry, n, rank AS __row"
    sql = (
        "WITH cells AS (SELECT unnest(?::BIGINT[]) AS n, unnest(?::DOUBLE[]) AS __lon, unnest(?::DOUBLE[]) AS __lat, "
        f"unnest(?::BIGINT[]) AS rank) SELECT {mvt('clusters', columns, 'cells')}"
    )
    lists = ([cell.n for cell in cells], [cell.lon for cell in cells], [cell.lat for cell in cells])
    ranks = [cell.rank for cell in cells]
    bare = Layer(layer.source, layer.geometry, layer.only_points)
    return blobs(ask(engine, bare, sql, *lists, ranks))[1]


def _near(engine: Engine, layer: Layer, address: TileAddress, cells: int) -> tuple[int, bytes]:
    """How many features, and the tile where only points of the same spot are gathered."""
    carried = "".join(f", any_value({name}) AS {name}" for name in layer.names)
    spot = " * {cells} + ".join(f"least(floor({axis} * {{share}})::INTEGER, {{cells}} - 1)" for axis in ("__x", "__y"))
    sql = (
        f"{points_inside(layer, address)}, "
        f"placed AS (SELECT *, {across(address)} AS __x, {down(address)} AS __y FROM near), "
        f"spots AS (SELECT count(*) AS n, min({ROW}) AS {ROW}, avg(__x) AS __x, avg(__y) AS __y{carried} FROM placed "
        f"GROUP BY {spot.format(cells=cells, share=number(cells / EXTENT))}), "
        "alone AS (SELECT * FROM spots WHERE n = 1), gathered AS (SELECT * FROM spots WHERE n > 1) SELECT "
        + mvt("points", ", ".join(("ST_Point(__x, __y) AS __geometry", ROW, *layer.names)), "alone")
        + ", "
        + mvt("clusters", f"ST_Point(__x, __y) AS __geometry, n, {ROW}", "gathered")
    )
    return blobs(ask(engine, layer, sql))


def across(address: TileAddress) -> str:
    """Abscissa in the tile of ``__lon``."""
    return f"(__lon - {number(address.west)}) * {number(EXTENT / (address.east - address.west))}"


def down(address: TileAddress) -> str:
    """Ordinate in the tile of ``__lat``, counted from the north."""
    mercator = f"(0.5 - atanh(sin(radians(__lat))) / {number(2 * math.pi)})"
    return f"({mercator} * {number(address.side)} - {number(address.y)}) * {number(EXTENT)}"


def pixels(address: TileAddress) -> float:
    """Degrees of longitude in one pixel of the screen."""
    return (address.east - address.west) / TILE_PIXELS
