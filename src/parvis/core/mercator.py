"""Web Mercator tiles: which part of the Earth a tile address names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop

MAX_ZOOM = 18
"""Deepest zoom of our tiles; maps enlarge these beyond."""

TILE_PIXELS = 512
"""Side of a tile on screen, in CSS pixels, as MapLibre draws vector tiles."""


class BadTile(RequestError):
    """A tile address outside the pyramid."""

    code: ClassVar[str] = "tile-address"
    sentence: ClassVar[str] = gettext_noop(
        "La tuile {z}/{x}/{y} n’existe pas : le zoom va de 0 à {deepest}, x et y de 0 à 2^zoom − 1."
    )


@dataclass(frozen=True, slots=True)
class TileAddress:
    """A tile: zoom, column from the west, row from the north. BadTile when it is outside the pyramid."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.z <= MAX_ZOOM and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z):
            raise BadTile(z=self.z, x=self.x, y=self.y, deepest=MAX_ZOOM)

    @property
    def side(self) -> int:
        """How many tiles make one row of the world at this zoom."""
        return int(2**self.z)

    @property
    def west(self) -> float:
        """Longitude of the left edge, in degrees; the right edge is the next tile's."""
        return longitude(self.x / self.side)

    @property
    def east(self) -> float:
        """Longitude of the right edge, in degrees."""
        return longitude((self.x + 1) / self.side)

    @property
    def north(self) -> float:
        """Latitude of the upper edge, in degrees."""
        return latitude(self.y / self.side)

    @property
    def south(self) -> float:
        """Latitude of the lower edge, in degrees."""
        return latitude((self.y + 1) / self.side)

    def latitude_at(self, share: float) -> float:
        """Latitude in degrees at ``share`` of the tile's height, counted from the north."""
        return latitude((self.y + share) / self.side)

    @property
    def metres(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres of EPSG:3857."""
        size = 2 * HALF_WORLD / self.side
        west, north = self.x * size - HALF_WORLD, HALF_WORLD - self.y * size
        return west, north - size, west + size, north


HALF_WORLD = math.pi * 6_378_137.0
"""Half the side of the world in EPSG:3857, in metres."""


def longitude(x: float) -> float:
    """Degrees of a Mercator abscissa from 0 (west) to 1 (east)."""
    return x * 360.0 - 180.0


def latitude(y: float) -> float:
    """Degrees of a Mercator ordinate from 0 (north) to 1 (south)."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


def mercator_x(lon: float) -> float:
    """Mercator abscissa, 0 to 1, of a longitude in degrees."""
    return lon / 360.0 + 0.5


def mercator_y(lat: float) -> float:
    """Mercator ordinate, 0 (north) to 1, of a latitude in degrees."""
    bounded = min(max(lat, -85.051129), 85.051129)
    return 0.5 - math.atanh(math.sin(math.radians(bounded))) / (2 * math.pi)
