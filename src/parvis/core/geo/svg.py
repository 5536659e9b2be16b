"""Contours as SVG paths: GeoJSON in degrees becomes whole-number drawings in a local projection.

The projection is the plain one that keeps shapes right over the extent of a region: longitude shrunk by the cosine of
the middle latitude, north up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

type Ring = Sequence[Sequence[float]]
type Box = tuple[float, float, float, float]

BANDS = (9, 18, 31)
"""Half the height of a label of one line, of two, of three, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A window on the ground (west, south, east, north in degrees) drawn on ``width`` × ``height`` units."""

    box: Box
    width: int
    height: int
    x_scale: float
    y_scale: float
    margin: int = 0
    left: int = 0
    top: int = 0
    """Where the window stands in a drawing that has several."""

    def point(self, longitude: float, latitude: float) -> tuple[int, int]:
        """The place of a point on the drawing, in whole units from the top left."""
        west, _south, _east, north = self.box
        return (
            round(self.left + self.margin + (longitude - west) * self.x_scale),
            round(self.top + self.margin + (north - latitude) * self.y_scale),
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """One contour drawn: the ``d`` of a path; and for labels of one line, of two, of three, the middle of the widest place and
    its width."""

    path: str
    places: tuple[tuple[int, int, int], ...]


def bounds(geometries: Iterable[Mapping[str, Any]]) -> Box | None:
    """The box around GeoJSON polygons, in degrees; None when there is nothing to draw."""
    points = [point for geometry in geometries for polygon in polygons(geometry) for point in polygon[0]]
    if not points:
        return None
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def frame(box: Box, width: int, *, margin: int = 0, tallest: int = 0) -> Frame:
    """The frame that shows ``box`` on ``width`` units, narrower when it would be taller than ``tallest`` (0: no limit)."""
    west, south, east, north = box
    shrink = cos(radians((south + north) / 2))
    across, down = max((east - west) * shrink, 1e-9), max(north - south, 1e-9)
    scale = (width - 2 * margin) / across
    if tallest and down * scale + 2 * margin > tallest:
        scale = (tallest - 2 * margin) / down
    return Frame(
        box, round(across * scale) + 2 * margin, round(down * scale) + 2 * margin, shrink * scale, scale, margin
    )


def outline(geometry: Mapping[str, Any], window: Frame) -> str:
    """A polygon or several as the ``d`` of a path; empty when nothing of them can be seen in the window."""
    drawn = [ring_points(ring, window) for polygon in polygons(geometry) for ring in polygon]
    rings = [points for points in drawn if len(points) > 2]
    return "".join(map(_path, rings)) if any(_meets(points, window) for points in rings) else ""


def _meets(points: Sequence[tuple[int, int]], window: Frame) -> bool:
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return max(xs) >= 0 and min(xs) <= window.width and max(ys) >= 0 and min(ys) <= window.height


def draw(geometry: Mapping[str, Any], window: Frame) -> Drawn | None:
    """A polygon or several as one path, with the place of its label; None for a geometry too small to be seen."""
    rings = [[ring_points(ring, window) for ring in polygon] for polygon in polygons(geometry)]
    outer = [polygon[0] for polygon in rings if polygon and len(polygon[0]) > 2]
    if not outer:
        return None
    path = "".join(_path(points) for polygon in rings for points in polygon if len(points) > 2)
    largest = max(outer, key=lambda points: abs(_area(points)))
    return Drawn(path, tuple(_label_place(largest, band) for band in BANDS))


def polygons(geometry: Mapping[str, Any]) -> Iterator[Sequence[Ring]]:
    """The polygons of a Polygon, MultiPolygon or GeometryCollection; other geometries have none."""
    kind = geometry.get("type")
    if kind == "Polygon":
        yield geometry["coordinates"]
    elif kind == "MultiPolygon":
        yield from geometry["coordinates"]
    elif kind == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from polygons(part)


def ring_points(ring: Ring, window: Frame) -> list[tuple[int, int]]:
    """The points of a ring on the drawing, without those that fall on their neighbour nor the closing one."""
    points: list[tuple[int, int]] = []
    for position in ring:
        point = window.point(position[0], position[1])
        if not points or points[-1] != point:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return points


def _path(points: Sequence[tuple[int, int]]) -> str:
    """Relative moves: the shortest text."""
    x, y = points[0]
    parts = [f"M{x} {y}l"]
    moves = []
    for nx, ny in points[1:]:
        moves.append(f"{nx - x} {ny - y}")
        x, y = nx, ny
    return parts[0] + " ".join(moves).replace(" -", "-") + "z"


def _area(points: Sequence[tuple[int, int]]) -> float:
    turned = [*points[1:], points[0]]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, turned, strict=True)) / 2


def _label_place(points: Sequence[tuple[int, int]], band: int) -> tuple[int, int, int]:
    """The middle of the widest band inside the ring, as high as a label where one is to be found."""
    top, bottom = min(y for _x, y in points), max(y for _x, y in points)
    best = (points[0][0], points[0][1], 0)
    for step in range(2, 19):
        y = top + (bottom - top) * step / 20
        for left, right in _band(points, y, min(band, (bottom - top) / 4)):
            if right - left > best[2]:
                best = (round((left + right) / 2), round(y), round(right - left))
    return best


def _band(points: Sequence[tuple[int, int]], y: float, reach: float) -> list[tuple[float, float]]:
    """The stretches that lie inside the ring at ``y`` and a little above and below."""
    stretches = _inside(points, y)
    for near in (y - reach, y + reach):
        others = _inside(points, near)
        crossed = [(max(a, c), min(b, d)) for a, b in stretches for c, d in others]
        stretches = [(left, right) for left, right in crossed if right > left]
    return stretches


def _inside(points: Sequence[tuple[int, int]], y: float) -> list[tuple[float, float]]:
    """The stretches of the horizontal line at ``y`` that lie inside the ring."""
    turned = [*points[1:], points[0]]
    cuts = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in zip(points, turned, strict=True)
        if (y1 <= y) != (y2 <= y)
    )
    return list(zip(cuts[::2], cuts[1::2], strict=True))
