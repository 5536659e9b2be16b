"""Distances on the ground, and what is near what, in bounded time whatever lies at the same place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from parvis.core.osm.model import Entry

RADIUS = 6_371_008.8
"""Mean radius of the Earth in metres (IUGG)."""
MOST_NEAR = 40
"""Things looked at around one: thousands of rows may be at the same place, which says nothing more than forty do."""
_DEGREE = math.radians(1) * RADIUS

type Floats = NDArray[np.float64]


def metres(longitudes: Floats, latitudes: Floats, longitude: float, latitude: float) -> Floats:
    """Great-circle distances of points from one, in metres (haversine)."""
    first, second = np.radians(latitudes), math.radians(latitude)
    half = (
        np.sin((first - second) / 2) ** 2
        + np.cos(first) * math.cos(second) * np.sin(np.radians(longitudes - longitude) / 2) ** 2
    )
    distances: Floats = 2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distances


def distance(first: Entry, second: Entry) -> float:
    """Metres between two things."""
    point = np.array([first.longitude]), np.array([first.latitude])
    return float(metres(*point, second.longitude, second.latitude)[0])


class Grid:
    """Entries by squares, to be found around a point."""

    def __init__(self, entries: Sequence[Entry], reach: float) -> None:
        self._reach = reach
        self._longitudes = np.array([entry.longitude for entry in entries], dtype=np.float64)
        self._latitudes = np.array([entry.latitude for entry in entries], dtype=np.float64)
        # A little more than the reach, so that what is within it is in the squares around.
        self._height = reach * 1.01 / _DEGREE
        squares: dict[tuple[int, int], list[int]] = {}
        for rank, entry in enumerate(entries):
            squares.setdefault(self._square(entry.longitude, entry.latitude), []).append(rank)
        self._squares = {square: np.array(ranks, dtype=np.int64) for square, ranks in squares.items()}

    def near(self, longitude: float, latitude: float) -> list[tuple[float, int]]:
        """Distance and rank of the entries within reach, the nearest first, ``MOST_NEAR`` at most."""
        around = [self._squares[square] for square in self._around(longitude, latitude) if square in self._squares]
        if not around:
            return []
        ranks = np.concatenate(around)
        distances = metres(self._longitudes[ranks], self._latitudes[ranks], longitude, latitude)
        within = distances <= self._reach
        ranks, distances = ranks[within], distances[within]
        order = np.lexsort((ranks, distances))[:MOST_NEAR]
        return [(float(distances[index]), int(ranks[index])) for index in order]

    def _width(self, row: int) -> float:
        """Degrees of longitude of the squares of a row: as wide as they are high at its side nearest to a pole."""
        farthest = min(max(abs(row), abs(row + 1)) * self._height, 89.9)
        return self._height / math.cos(math.radians(farthest))

    def _square(self, longitude: float, latitude: float) -> tuple[int, int]:
        row = math.floor(latitude / self._height)
        return math.floor(longitude / self._width(row)), row

    def _around(self, longitude: float, latitude: float) -> Iterator[tuple[int, int]]:
        middle = math.floor(latitude / self._height)
        for row in (middle - 1, middle, middle + 1):
            column = math.floor(longitude / self._width(row))
            # Rows farther from the pole have narrower squares than the distance seen from a row nearer to it.
            for step in (-2, -1, 0, 1, 2):
                yield column + step, row
