"""Points seen from afar, gathered from one grid over all of them: the rows are read once for every tile of these zooms.

The cells of tiles are told apart by binary digits of the same coordinates, so that those of a zoom are sums of finer ones.
The engine remembers the grid with its other short answers, by version and condition.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pyarrow.compute as pc

from parvis.core.engine import Engine
from parvis.core.engine.plans import PointGrid
from parvis.core.geo.layers import Layer, ask
from parvis.core.mercator import TileAddress, mercator_x, mercator_y

CLUSTER_LEVELS = 3
CLUSTER_CELLS = 2**CLUSTER_LEVELS
"""Cells along a tile's side while points are gathered: 64 pixels each."""

SPARSE = 6
"""Points of one cell up to which they are drawn one by one rather than as a count."""

SPAN = 8
"""Tiles along the extent of the layer at the deepest zoom that the grid serves: some thousands of cells at most."""

WORLD = TileAddress(0, 0, 0)
"""The tile in which every point of a map is; what lies beyond the 85th parallels is in none."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Some points of a tile: the rank of their cell (column, then row from the north), how many, their centre in degrees,
    and the ranks of their rows where they are few."""

    rank: int
    n: int
    lon: float
    lat: float
    rows: list[int]


def deepest_grid_zoom(layer: Layer) -> int:
    """The deepest zoom whose tiles come from the grid; deeper ones hold few enough rows to be counted by themselves."""
    west, south, east, north = layer.drawing.bbox or (-180.0, -90.0, 180.0, 90.0)
    wide = mercator_x(east) - mercator_x(west)
    high = mercator_y(south) - mercator_y(north)
    return max(math.floor(math.log2(SPAN / max(wide, high, 1e-9))), 0)


def point_cells(engine: Engine, layer: Layer, address: TileAddress) -> list[Cell]:
    """The cells of a tile, no deeper than ``deepest_grid_zoom``, in which there is a point."""
    level = deepest_grid_zoom(layer) + CLUSTER_LEVELS
    inside = level - address.z  # binary digits of a place in the grid that tell where it lies in the tile
    grid = ask(engine, layer, PointGrid(replace(layer.drawing, fields=()), level, SPARSE))
    here = pc.and_(
        pc.equal(pc.shift_right(grid["across"], inside), address.x),
        pc.equal(pc.shift_right(grid["down"], inside), address.y),
    )
    parts: dict[int, list[_Part]] = {}
    finer = inside - CLUSTER_LEVELS
    for across, down, *sums in zip(*(column.to_pylist() for column in grid.filter(here).columns), strict=True):
        rank = (across >> finer) % CLUSTER_CELLS * CLUSTER_CELLS + (down >> finer) % CLUSTER_CELLS
        parts.setdefault(rank, []).append(_Part(*sums))
    return [_cell(rank, found) for rank, found in parts.items()]


@dataclass(frozen=True, slots=True)
class _Part:
    """A place of the grid: how many points, the sums of their coordinates, their rows where they are few."""

    n: int
    lon: float
    lat: float
    rows: list[int] | None


def _cell(rank: int, parts: list[_Part]) -> Cell:
    n = sum(part.n for part in parts)
    rows = [row for part in parts for row in part.rows or ()] if n <= SPARSE else []
    return Cell(rank, n, sum(part.lon for part in parts) / n, sum(part.lat for part in parts) / n, rows)
