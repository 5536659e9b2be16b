"""How far two places are from each other."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

_EARTH = 6_371_008.8
"""Mean radius of the Earth (IUGG), in metres."""

type LonLat = tuple[float, float]


def metres(point: LonLat, other: LonLat) -> float:
    """The length of the great circle between two places (longitude, latitude in degrees), on a sphere: within 0.6 %."""
    west, south = map(radians, point)
    east, north = map(radians, other)
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))
