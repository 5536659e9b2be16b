"""The area of a contour: close enough for a density, not for measuring land (contours are simplified)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import atanh, radians, sin, sqrt
from typing import Any

_AXIS = 6_378.137
"""Half of the equator's axis of WGS 84, in kilometres."""
_ECCENTRICITY = sqrt(0.00669437999014)

type Ring = Sequence[Sequence[float]]


def square_kilometres(contour: Mapping[str, Any]) -> float:
    """The area of a GeoJSON Polygon or MultiPolygon in WGS 84, holes taken off.

    Rings are laid on the cylindrical projection of equal areas of the ellipsoid (Snyder, « Map Projections: A Working Manual »,
    USGS 1395, equations 3-12 and 10-13), where the area of a polygon is the shoelace formula.
    """
    return sum(_shoelace(ring) if is_outer else -_shoelace(ring) for ring, is_outer in _rings(contour))


def _rings(contour: Mapping[str, Any]) -> Iterator[tuple[Ring, bool]]:
    polygons = contour["coordinates"] if contour["type"] == "MultiPolygon" else [contour["coordinates"]]
    for polygon in polygons:
        for rank, ring in enumerate(polygon):
            yield ring, rank == 0


def _shoelace(ring: Ring) -> float:
    flat = [(_AXIS * radians(longitude), _height(latitude)) for longitude, latitude, *_rest in ring]
    twice = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(flat, [*flat[1:], flat[0]], strict=True))
    return abs(twice) / 2


def _height(latitude: float) -> float:
    """How far north a parallel is laid, in kilometres."""
    e, s = _ECCENTRICITY, sin(radians(latitude))
    return _AXIS / 2 * (1 - e * e) * (s / (1 - e * e * s * s) + atanh(e * s) / e)
