"""The ground that an extract covers: where its names and borders replace those of the ground that ships."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import shapely

from parvis.core.basemap.coast import CELL_ZOOM, Cell, ground, wider

FINE_ZOOM: Final = 12
"""Squares of some 6 km, so that an extract of one commune leaves those around it their names."""
_MOST_CORNERS: Final = 800
"""Of the area that each map is given: larger squares are taken beyond."""
_LEAST_HOLE: Final = 12
"""Squares of a hole that is one: a bay, a forest or a moor without a street is covered."""

type Rings = list[list[list[tuple[float, float]]]]
"""The coordinates of a MultiPolygon."""


def covered(cells: Collection[Cell]) -> Rings:
    """The area of these cells of ``FINE_ZOOM``, gaps of a square or two closed, in squares as small as its outline allows."""
    for zoom in range(FINE_ZOOM, CELL_ZOOM, -1):
        shape = _whole(ground(_closed(wider(cells, FINE_ZOOM - zoom)), zoom), (360 / 2**zoom) ** 2 * _LEAST_HOLE)
        if shapely.get_num_coordinates(shape) <= _MOST_CORNERS:
            return _rings(shape)
    return covered_widely(cells)


def covered_widely(cells: Collection[Cell]) -> Rings:
    """The same in whole tiles of the ground that ships: a river cut there is not drawn beside itself."""
    return _rings(ground(wider(cells, FINE_ZOOM - CELL_ZOOM)))


def _closed(cells: set[Cell]) -> set[Cell]:
    steps = [(right, down) for right in (-1, 0, 1) for down in (-1, 0, 1)]
    grown = {(x + right, y + down) for x, y in cells for right, down in steps}
    return {(x, y) for x, y in grown if all((x + right, y + down) in grown for right, down in steps)}


def _whole(shape: shapely.Geometry, least: float) -> shapely.Geometry:
    """The shape without its small holes."""
    parts = [
        shapely.Polygon(part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area >= least])
        for part in shapely.get_parts(shape)
    ]
    return shapely.simplify(shapely.MultiPolygon(parts), 0)


def _rings(shape: shapely.Geometry) -> Rings:
    return [
        [[(round(x, 5), round(y, 5)) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(shape)
    ]
