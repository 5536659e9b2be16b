"""The sea: OpenStreetMap draws coasts as lines, with the land on their left, and never the sea itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

import shapely
from shapely.ops import polygonize

from parvis.core.mercator import TileAddress, mercator_x, mercator_y

_CELL_ZOOM: Final = 10
_STEP: Final = 1e-7
"""Degrees beside a coast where one is certainly on its side."""

type Cell = tuple[int, int]


def ground(cells: Collection[Cell]) -> shapely.Geometry:
    """The cells as one area."""
    return shapely.union_all([_square(cell) for cell in cells])


def sea_and_land(coasts: Sequence[shapely.Geometry], cells: set[Cell]) -> Iterator[tuple[str, shapely.Geometry]]:
    """``sea`` and ``ground`` of each cell that a coast crosses, ``ground`` of the others.

    A cell is cut by its coasts, and each piece asked on which side of the nearest one it lies. The contours shipped with Parvis
    are drawn where no coast says better; they are too coarse for a harbour. ``cells`` gains the cells of the coasts.
    """
    lines = [line for line in coasts if line is not None and not line.is_empty]
    tree = shapely.STRtree(lines)
    coastal = _cells_of(lines)
    if inland := cells - coastal:
        yield "ground", ground(inland)
    for cell in sorted(coastal):
        cells.add(cell)
        square = _square(cell)
        near = [lines[rank] for rank in tree.query(square, predicate="intersects")]
        if near:
            yield from _pieces(square, near)


def _cells_of(lines: Sequence[shapely.Geometry]) -> set[Cell]:
    side = 2**_CELL_ZOOM
    cells: set[Cell] = set()
    for line in lines:
        longitudes, latitudes = shapely.get_coordinates(line).T
        cells.update(
            (int(mercator_x(x) * side), int(mercator_y(y) * side))
            for x, y in zip(longitudes.tolist(), latitudes.tolist(), strict=True)
        )
    return cells


def _pieces(square: shapely.Geometry, coasts: Sequence[shapely.Geometry]) -> Iterator[tuple[str, shapely.Geometry]]:
    inside = [part for coast in coasts for part in _line_parts(shapely.intersection(coast, square))]
    edges = shapely.union_all([square.exterior, *inside])
    by_kind: dict[str, list[shapely.Geometry]] = {"sea": [], "ground": []}
    tree = shapely.STRtree(inside) if inside else None
    for piece in polygonize(getattr(edges, "geoms", [edges])):
        kind = _side(piece, inside, tree)
        if kind:
            by_kind[kind].append(piece)
    for kind, pieces in by_kind.items():
        if pieces:
            yield kind, shapely.union_all(pieces)


def _side(piece: shapely.Geometry, coasts: Sequence[shapely.Geometry], tree: shapely.STRtree | None) -> str:
    """Whether a piece is on the left of the coasts along its edge (land) or on their right, by the longer of both."""
    if tree is None:
        return ""
    score = 0.0
    for rank in tree.query(piece, predicate="intersects"):
        shared = shapely.intersection(coasts[rank], piece.boundary)
        for part in _line_parts(shared):
            score += part.length * _turn(part, coasts[rank], piece)
    return "ground" if score > 0 else "sea" if score < 0 else ""


def _turn(part: shapely.Geometry, coast: shapely.Geometry, piece: shapely.Geometry) -> int:
    """1 when the piece is on the left of this part of the coast, taken in the coast's own direction; -1 on its right."""
    (x1, y1), (x2, y2) = part.coords[0], part.coords[1]
    along = coast.project(shapely.Point(x1, y1)) <= coast.project(shapely.Point(x2, y2))
    if not along:
        x1, y1, x2, y2 = x2, y2, x1, y1
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1e-12)
    middle = ((x1 + x2) / 2, (y1 + y2) / 2)
    left = shapely.Point(middle[0] - (y2 - y1) / length * _STEP, middle[1] + (x2 - x1) / length * _STEP)
    return 1 if piece.contains(left) else -1


def _line_parts(shape: shapely.Geometry) -> Iterator[shapely.Geometry]:
    for part in getattr(shape, "geoms", [shape]):
        if part.geom_type == "LineString" and not part.is_empty:
            yield part


def _square(cell: Cell) -> shapely.Geometry:
    address = TileAddress(_CELL_ZOOM, *cell)
    return shapely.box(address.west, address.south, address.east, address.north)
