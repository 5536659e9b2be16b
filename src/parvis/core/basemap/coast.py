"""The sea: OpenStreetMap draws coasts as lines, with the land on their left, and never the sea itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import shapely
from shapely.ops import polygonize

from parvis.core.basemap.shipped import ShippedLand
from parvis.core.mercator import TileAddress, mercator_x, mercator_y

CELL_ZOOM: Final = 10
"""Squares of which the sea and the land are told: tiles of this zoom where the extract has a place or a street."""
_COAST_ZOOM: Final = 13
"""Squares in which a coast is drawn, of some 3 km: where the extract cuts it off, one of them is left as it was."""
_STEP: Final = 1e-7
"""Degrees beside a coast where one is certainly on its side."""
_NEAR: Final = 1e-9
_LITTLE_LAND: Final = 0.1
_BLUR: Final = 0.002
"""Degrees by which the shipped contours may be wrong, and more: slivers beside a coast are no bank."""
_SIDES: Final = ((1, 0), (-1, 0), (0, 1), (0, -1))

type Cell = tuple[int, int]


def cell_of(longitude: float, latitude: float, zoom: int = CELL_ZOOM) -> Cell:
    """The square where a place is."""
    side = 2**zoom
    return int(mercator_x(longitude) * side), int(mercator_y(latitude) * side)


def ground(cells: Collection[Cell], zoom: int = CELL_ZOOM) -> shapely.Geometry:
    """The cells as one area."""
    return shapely.union_all([_square(cell, zoom) for cell in cells])


def wider(cells: Collection[Cell], levels: int) -> set[Cell]:
    """The cells so many zooms above."""
    return {(x >> levels, y >> levels) for x, y in cells}


def coastal_cells(coasts: Sequence[shapely.Geometry]) -> set[Cell]:
    """The cells that a coast crosses."""
    return _cells_of(coasts, CELL_ZOOM)


def sea_and_land(
    coasts: Sequence[shapely.Geometry], cells: Collection[Cell], shipped: ShippedLand
) -> Iterator[tuple[str, shapely.Geometry]]:
    """``sea`` and ``ground`` of the covered ``cells`` and of those that a coast crosses, as far as coasts say which.

    A square is cut by its coasts, and each piece asked on which side of them it lies. What squares beside are spreads to those that
    no coast parts from them, unless both sea and land come to them that way: a coast is cut off there by the edge of the extract.
    Where nothing is said (no coast, a rock in the open sea), nothing is drawn: the contours shipped with Parvis are seen there.
    They are too coarse for a harbour, but take no sea for land, and tell where the other bank of an estuary is not in the extract.
    """
    squares = _cells_of(coasts, _COAST_ZOOM)
    tree = shapely.STRtree(coasts)
    votes: dict[Cell, set[str]] = {}
    for cell in sorted(squares):
        square = _square(cell, _COAST_ZOOM)
        pieces = _pieces(square, [coasts[rank] for rank in tree.query(square, predicate="intersects")])
        yield from _without_other_banks(pieces, shipped.within(*cell, _COAST_ZOOM))
        for other, kind in _uniform_beside(cell, pieces):
            if other not in squares:
                votes.setdefault(other, set()).add(kind)
    alike: dict[str, list[shapely.Geometry]] = {"sea": [], "ground": []}
    uncut = {inner for cell in coastal_cells(coasts).union(cells) for inner in _inside(cell)} | set(votes)
    for group, kinds in _groups(uncut - squares, votes):
        for cell in group:
            own = kinds if len(kinds) == 1 else votes.get(cell, set())
            if len(own) == 1 and _agrees(min(own), shipped.within(*cell, _COAST_ZOOM), _square(cell, _COAST_ZOOM)):
                alike[min(own)].append(_square(cell, _COAST_ZOOM))
    for kind, parts in alike.items():
        if parts:
            yield kind, shapely.union_all(parts)


def _agrees(kind: str, land: shapely.Geometry | None, square: shapely.Geometry) -> bool:
    """Whether a square without a coast may be what is said of it: the shipped contours are wrong by tens of metres, not by kilometres."""
    if land is None:
        return True
    share = float(land.area / square.area)
    return share < _LITTLE_LAND if kind == "sea" else share > _LITTLE_LAND


def _without_other_banks(
    pieces: Mapping[str, shapely.Geometry], land: shapely.Geometry | None
) -> Iterator[tuple[str, shapely.Geometry]]:
    """The pieces of a square, the sea without what is land to the shipped contours far from any coast of the extract."""
    for kind, piece in pieces.items():
        if kind == "ground" or land is None or land.is_empty:
            yield kind, piece
            continue
        inland = shapely.intersection(piece, land).buffer(-_BLUR).buffer(_BLUR)
        sea = shapely.difference(piece, inland)
        if not sea.is_empty:
            yield kind, sea


def _inside(cell: Cell) -> Iterator[Cell]:
    """The squares of a cell."""
    side = 2 ** (_COAST_ZOOM - CELL_ZOOM)
    for right in range(side):
        for down in range(side):
            yield cell[0] * side + right, cell[1] * side + down


def _groups(squares: set[Cell], votes: Mapping[Cell, set[str]]) -> Iterator[tuple[list[Cell], set[str]]]:
    """Squares that touch by a side, together, with all that is said of any of them."""
    waiting = set(squares)
    while waiting:
        group, kinds = [waiting.pop()], set[str]()
        for x, y in group:  # grows as it is read
            kinds |= votes.get((x, y), set())
            beside = {(x + right, y + down) for right, down in _SIDES} & waiting
            waiting -= beside
            group += beside
        yield group, kinds


def _cells_of(lines: Sequence[shapely.Geometry], zoom: int) -> set[Cell]:
    """The squares that lines cross: between two of their places that are far apart, others are put."""
    cells: set[Cell] = set()
    step = 360 / 2**zoom / 16
    for line in lines:
        cells |= {cell_of(x, y, zoom) for x, y in shapely.get_coordinates(shapely.segmentize(line, step)).tolist()}
    return cells


def _pieces(square: shapely.Geometry, coasts: Sequence[shapely.Geometry]) -> dict[str, shapely.Geometry]:
    """The sea and the land of a square; nothing when a coast ends in it, since the extract does not say how it goes on."""
    cut = [part for coast in coasts for part in _line_parts(shapely.intersection(coast, square))]
    # Ways end to end make one coast, in their own direction: the land stays on its left.
    inside = list(_line_parts(shapely.line_merge(shapely.multilinestrings(cut), directed=True))) if cut else []
    ends = [shapely.Point(part.coords[end]) for part in inside if not part.is_closed for end in (0, -1)]
    if not inside or any(end.distance(square.exterior) > _NEAR and _is_loose(end, inside) for end in ends):
        return {}
    edges = shapely.union_all([square.exterior, *inside])
    by_kind: dict[str, list[shapely.Geometry]] = {"sea": [], "ground": []}
    tree = shapely.STRtree(inside)
    for piece in polygonize(getattr(edges, "geoms", [edges])):
        if kind := _side(piece, inside, tree):
            by_kind[kind].append(piece)
    return {kind: shapely.union_all(pieces) for kind, pieces in by_kind.items() if pieces}


def _is_loose(end: shapely.Geometry, lines: Sequence[shapely.Geometry]) -> bool:
    """Whether no other line goes on from there."""
    return sum(1 for line in lines if line.distance(end) <= _NEAR) < 2


def _uniform_beside(cell: Cell, pieces: dict[str, shapely.Geometry]) -> Iterator[tuple[Cell, str]]:
    """The four squares beside one that was cut, with what they are if no coast crosses them: what the middle of their edge is."""
    west, south, east, north = _square(cell, _COAST_ZOOM).bounds
    x, y, half_x, half_y = (west + east) / 2, (south + north) / 2, (east - west) / 2, (north - south) / 2
    for right, down in _SIDES:
        edge = shapely.Point(x + right * half_x * 0.9999, y - down * half_y * 0.9999)
        for kind, shape in pieces.items():
            if shape.contains(edge):
                yield (cell[0] + right, cell[1] + down), kind


def _side(piece: shapely.Geometry, coasts: Sequence[shapely.Geometry], tree: shapely.STRtree) -> str:
    """Whether a piece is on the left of the coasts along its edge (land) or on their right, by the longer of both."""
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


def _square(cell: Cell, zoom: int) -> shapely.Geometry:
    address = TileAddress(zoom, *cell)
    return shapely.box(address.west, address.south, address.east, address.north)
