"""Geometries of Esri's JSON as GeoJSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

MERCATOR: Final = frozenset({3857, 102100, 102113, 900913})
DEGREES: Final = frozenset({4326, 4258, 4171, 4269, 104199})
"""Systems of which the coordinates are degrees that WGS 84 does not move by more than a metre."""
_RADIUS = 6_378_137.0

type Ring = list[list[float]]


def geojson_geometry(geometry: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same geometry in GeoJSON; None for one that is empty or of curves."""
    if "x" in geometry:
        pair = [geometry.get("x"), geometry.get("y")]
        return (
            {"type": "Point", "coordinates": pair} if all(isinstance(number, int | float) for number in pair) else None
        )
    if positions := _positions(geometry.get("points")):
        return {"type": "MultiPoint", "coordinates": positions}
    if paths := _parts(geometry.get("paths"), 2):
        return (
            {"type": "LineString", "coordinates": paths[0]}
            if len(paths) == 1
            else {"type": "MultiLineString", "coordinates": paths}
        )
    if rings := _parts(geometry.get("rings"), 4):
        polygons = _polygons(rings)
        if len(polygons) == 1:
            return {"type": "Polygon", "coordinates": polygons[0]}
        return {"type": "MultiPolygon", "coordinates": polygons}
    return None


def system_of(value: object) -> int:
    """The number of a spatial reference, the latest that it has; 0 when it has none."""
    reference = value if isinstance(value, dict) else {}
    number = reference.get("latestWkid", reference.get("wkid"))
    return number if isinstance(number, int) else 0


def degrees(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a point of Web Mercator."""
    return math.degrees(x / _RADIUS), math.degrees(
        2 * math.atan(math.exp(max(-20.0, min(20.0, y / _RADIUS)))) - math.pi / 2
    )


def unprojected(geometry: Any) -> Any:
    """A GeoJSON geometry of Web Mercator in degrees."""
    if isinstance(geometry, dict):
        return {name: _unprojected(part) if name == "coordinates" else part for name, part in geometry.items()}
    return geometry


def _unprojected(part: Any) -> Any:
    if part and isinstance(part[0], list):
        return [_unprojected(inner) for inner in part]
    return list(degrees(float(part[0]), float(part[1])))


def _positions(value: object) -> Ring:
    if not isinstance(value, list):
        return []
    return [
        [float(part[0]), float(part[1])]
        for part in value
        if isinstance(part, list) and len(part) >= 2 and all(isinstance(number, int | float) for number in part[:2])
    ]


def _parts(value: object, fewest: int) -> list[Ring]:
    parts = [_positions(part) for part in value] if isinstance(value, list) else []
    return [part for part in parts if len(part) >= fewest]


def _polygons(rings: list[Ring]) -> list[list[Ring]]:
    """Rings that turn clockwise are outer ones; each hole goes to the outer ring that holds its first point."""
    outer = [ring for ring in rings if _area(ring) <= 0]
    holes = [ring for ring in rings if _area(ring) > 0]
    if not outer:
        outer, holes = holes, []
    polygons = [[ring[::-1]] for ring in outer]
    for hole in holes:
        place = next((polygon for polygon, ring in zip(polygons, outer, strict=True) if _holds(ring, hole[0])), None)
        if place is None:
            polygons.append([hole])
        else:
            place.append(hole[::-1])
    return polygons


def _area(ring: Ring) -> float:
    """Twice the area, positive when the ring turns counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))


def _holds(ring: Ring, point: list[float]) -> bool:
    inside = False
    x, y = point
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside
