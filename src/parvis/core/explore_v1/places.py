"""Circles, polygons and rectangles as version 1 writes them: latitude first, distances in metres."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from parvis.core.columns import ColumnType
from parvis.core.explore_v1.errors import InvalidArgument
from parvis.core.odsql import Binder, Names
from parvis.core.odsql import nodes as odsql
from parvis.core.odsql.bound import NEVER, Cell, Test
from parvis.core.odsql.literals import METRES
from parvis.core.odsql.valuetypes import ValueType, type_of

EARTH_METRES = 6_371_008.8
_SIDES = 64
_NUMBER = re.compile(r"[-+]?\d{1,25}(?:\.\d{0,40})?(?:[eE][-+]?\d{1,3})?|[-+]?\.\d{1,40}")
_METRES = re.compile(r"(\d{1,25}(?:\.\d{0,40})?)\s*(mi|yd|ft|mm|cm|km|m)?")
MAX_CORNERS = 10_000

type Corner = tuple[float, float]
"""Latitude, longitude."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A centre and a radius in metres."""

    latitude: float
    longitude: float
    metres: float


def read_circle(text: str, name: str, clause: str) -> Circle:
    """``lat,lon,metres``, the last with or without a unit; InvalidArgument, for ``name``, when it is not that."""
    parts = [part.strip() for part in text.replace("(", "").replace(")", "").split(",")]
    metres = _METRES.fullmatch(parts[2]) if len(parts) == 3 else None
    if metres is None or not all(_NUMBER.fullmatch(part) for part in parts[:2]):
        raise InvalidArgument(name=name, value=text, expected="latitude,longitude,metres", clause=clause)
    latitude, longitude = _checked(float(parts[0]), float(parts[1]), name, text, clause)
    return Circle(latitude, longitude, float(metres[1]) * METRES[metres[2] or "m"])


def read_corners(text: str, name: str, clause: str) -> tuple[Corner, ...]:
    """``(lat,lon),(lat,lon)…``, with or without parentheses around all; InvalidArgument when it is not that."""
    numbers = [part for part in re.split(r"[\s(),]+", text) if part]
    even = len(numbers) % 2 == 0 and 6 <= len(numbers) <= 2 * MAX_CORNERS
    if not even or not all(_NUMBER.fullmatch(part) for part in numbers):
        raise InvalidArgument(name=name, value=text[:200], expected="(lat,lon),(lat,lon),(lat,lon)…", clause=clause)
    values = [float(part) for part in numbers]
    return tuple(
        _checked(latitude, longitude, name, text[:200], clause)
        for latitude, longitude in zip(values[::2], values[1::2], strict=True)
    )


def read_box(text: str, name: str, clause: str) -> tuple[Corner, Corner]:
    """``lat,lon,lat,lon``: two opposite corners; InvalidArgument when it is not that.

    A map zoomed far out shows more than the Earth: such corners are brought back onto it.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise InvalidArgument(name=name, value=text, expected="lat,lon,lat,lon", clause=clause)
    south, west, north, east = (float(part) for part in parts)
    return (_held(south, 90), _held(west, 180)), (_held(north, 90), _held(east, 180))


def circle_condition(binder: Binder, cell: Cell, circle: Circle) -> Test:
    """Within the circle; a shape is within as soon as it touches it."""
    if cell.type is ValueType.POINT:
        centre = _geometry(f"POINT({circle.longitude!r} {circle.latitude!r})")
        radius = odsql.Literal(odsql.LiteralKind.NUMBER, circle.metres, 0)
        return _called(binder, "within_distance", cell, centre, radius)
    return polygon_condition(binder, cell, _around(circle))


def polygon_condition(binder: Binder, cell: Cell, corners: tuple[Corner, ...]) -> Test:
    """In the polygon or touching it."""
    ring = corners if corners[0] == corners[-1] else (*corners, corners[0])
    if len(ring) < 4:
        return NEVER
    text = ", ".join(f"{longitude!r} {latitude!r}" for latitude, longitude in ring)
    return _called(binder, "intersects", cell, _geometry(f"POLYGON(({text}))"))


def box_condition(binder: Binder, cell: Cell, box: tuple[Corner, Corner]) -> Test:
    """In the rectangle or touching it."""
    sides = [odsql.Literal(odsql.LiteralKind.NUMBER, side, 0) for corner in box for side in corner]
    return _called(binder, "in_bbox", cell, *sides)


def drawn_cell(names: Names, *, prefer: ColumnType) -> Cell | None:
    """The geographic column that a filter without a name speaks of: the first of type ``prefer``, else the first."""
    columns = [column for column in names.shape if column.type.is_geographic]
    column = next((c for c in columns if c.type is prefer), columns[0] if columns else None)
    return Cell(column, type_of(column)) if column else None


def _called(binder: Binder, function: str, cell: Cell, *arguments: odsql.Literal) -> Test:
    field = odsql.Field(cell.column.name, 0)
    # Functions that filter are allowed in ``where`` alone, which these filters are under another name.
    return replace(binder, clause="where").test(
        odsql.Truth(odsql.Call(function, (field, *arguments), f"{function}()", 0), 0)
    )


def _geometry(text: str) -> odsql.Literal:
    return odsql.Literal(odsql.LiteralKind.GEOMETRY, text, 0)


def _checked(latitude: float, longitude: float, name: str, text: str, clause: str) -> Corner:
    # Maps that were turned around the Earth send longitudes beyond 180; a latitude beyond the pole is a mistake.
    if not abs(latitude) <= 90 or not abs(longitude) <= 720:
        raise InvalidArgument(name=name, value=text, expected="-90 <= lat <= 90, -180 <= lon <= 180", clause=clause)
    return latitude, longitude


def _held(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))


def _around(circle: Circle) -> tuple[Corner, ...]:
    """The circle as a polygon of 64 sides, distances on the sphere."""
    angle = min(circle.metres / EARTH_METRES, math.pi / 2)
    centre, start = math.radians(circle.latitude), math.radians(circle.longitude)
    corners = []
    for side in range(_SIDES):
        bearing = 2 * math.pi * side / _SIDES
        latitude = math.asin(
            math.sin(centre) * math.cos(angle) + math.cos(centre) * math.sin(angle) * math.cos(bearing)
        )
        longitude = start + math.atan2(
            math.sin(bearing) * math.sin(angle) * math.cos(centre),
            math.cos(angle) - math.sin(centre) * math.sin(latitude),
        )
        corners.append((math.degrees(latitude), math.degrees(longitude)))
    return tuple(corners)
