"""Pieces of an SVG map: shapes of marks, paths of lines and areas, lines of a legend. Text is always escaped."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from parvis.core.geo.svg import Box, Frame, frame, polygons, ring_points
from parvis.core.text import xml_text

FONT = "'Atkinson Hyperlegible Next', 'Atkinson Hyperlegible', Arial, Helvetica, sans-serif"
LETTER = 7.4
"""Mean width of a letter at 14 pixels."""


def written(words: str) -> str:
    """Words as they may be in a picture."""
    return escape(xml_text(words))


def text(x: float, y: float, words: str, colour: str, size: int = 14, **attributes: object) -> str:
    """A line of text; ``halo`` is the colour drawn behind it."""
    halo = attributes.pop("halo", "")
    behind = f' stroke="{halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    more = "".join(f' {name.replace("_", "-")}="{escape(str(value))}"' for name, value in attributes.items())
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="{colour}" font-size="{size}"{behind}{more}>{written(words)}</text>'


def _polygon(sides: int, turn: float, wide: float) -> str:
    corners = [(wide * math.cos(turn + n * math.tau / sides), wide * math.sin(turn + n * math.tau / sides)) for n in range(sides)]  # fmt: skip
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in corners) + "Z"


def _cross(turn: float) -> str:
    arm = 0.38
    corners = [(-arm, -1), (arm, -1), (arm, -arm), (1, -arm), (1, arm), (arm, arm), (arm, 1), (-arm, 1), (-arm, arm), (-1, arm), (-1, -arm), (-arm, -arm)]  # fmt: skip
    turned = [(x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)) for x, y in corners]
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in turned) + "Z"


_DISC = "M-1 0A1 1 0 1 0 1 0A1 1 0 1 0-1 0Z"
SHAPES = (
    _DISC,
    _DISC,
    _polygon(4, math.pi / 4, 1.25),
    _polygon(3, -math.pi / 2, 1.3),
    _polygon(4, 0, 1.25),
    _cross(0),
    _polygon(3, math.pi / 2, 1.3),
    _polygon(6, 0, 1.1),
    _cross(math.pi / 4),
)
"""The shape of each mark, one unit in radius: the same ones as the browser's map, so that colour is never alone."""


def mark(x: float, y: float, radius: float, colour: str, rank: int, edge: str) -> str:
    """A point of a layer."""
    if rank <= 1:
        return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}" fill="{colour}" stroke="{edge}"/>'
    place = f'transform="translate({x:.0f} {y:.0f}) scale({radius:.1f})"'
    return (
        f'<path d="{SHAPES[rank]}" {place} fill="{colour}" stroke="{edge}" stroke-width="{1 / max(radius, 0.1):.2f}"/>'
    )


def points_of(geometry: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """The points of a Point, MultiPoint or collection, in degrees."""
    kind = geometry.get("type")
    if kind == "Point" and len(geometry["coordinates"]) >= 2:
        yield geometry["coordinates"][0], geometry["coordinates"][1]
    elif kind == "MultiPoint":
        yield from ((place[0], place[1]) for place in geometry["coordinates"])
    elif kind == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from points_of(part)


def lines_of(geometry: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    """The lines of a LineString, MultiLineString or collection."""
    kind = geometry.get("type")
    if kind == "LineString":
        yield geometry["coordinates"]
    elif kind == "MultiLineString":
        yield from geometry["coordinates"]
    elif kind == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from lines_of(part)


def all_places(geometry: Mapping[str, Any]) -> Iterator[Sequence[float]]:
    """Every position of any geometry."""
    yield from points_of(geometry)
    for line in lines_of(geometry):
        yield from line
    for polygon in polygons(geometry):
        for ring in polygon:
            yield from ring


def area_path(geometry: Mapping[str, Any], window: Frame) -> str:
    """The ``d`` of the areas of a geometry; empty when none can be seen."""
    rings = (ring_points(ring, window) for polygon in polygons(geometry) for ring in polygon)
    return "".join(f"{_moves(points)}z" for points in rings if len(points) > 2)


def line_path(geometry: Mapping[str, Any], window: Frame) -> str:
    """The ``d`` of the lines of a geometry."""
    drawn = []
    for line in lines_of(geometry):
        points = list(dict.fromkeys(window.point(place[0], place[1]) for place in line))
        if len(points) > 1:
            drawn.append(_moves(points))
    return "".join(drawn)


def _moves(points: Sequence[tuple[int, int]]) -> str:
    return f"M{points[0][0]} {points[0][1]}L" + " ".join(f"{x} {y}" for x, y in points[1:])


def window_on(box: Box, width: int, height: int, *, share: float = 0.06) -> Frame:
    """The frame of exactly ``width`` × ``height`` that shows the whole of a box, with a margin around it."""
    west, south, east, north = box
    shrink = max(math.cos(math.radians((south + north) / 2)), 0.05)
    across, down = max((east - west) * shrink, 0.004), max(north - south, 0.004)
    across, down = across * (1 + 2 * share), down * (1 + 2 * share)
    if across / down < width / height:
        across = down * width / height
    else:
        down = across * height / width
    x, y = (west + east) / 2, (south + north) / 2
    wide = (x - across / shrink / 2, y - down / 2, x + across / shrink / 2, y + down / 2)
    return frame(wide, width)
