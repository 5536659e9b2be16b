"""Distances on the ground, and what is near what, in bounded time whatever lies at the same place."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from parvis.core.osm.model import Entry

RADIUS = 6_371_008.8
"""Mean radius of the Earth in metres (IUGG)."""
MOST_NEAR = 40
"""Things looked at around one: thousands of rows may be at the same place, which says nothing more than forty do."""
_DEGREE = math.radians(1) * RADIUS

type Floats = NDArray[np.float64]
type Ranks = NDArray[np.int64]


def distance(first: Entry, second: Entry) -> float:
    """Metres between two things along a great circle."""
    chord = _vectors([first])[0] - _vectors([second])[0]
    return _metres(float(chord @ chord))


def _metres(square: float) -> float:
    """Along the ground, of the square of a chord of the unit sphere."""
    return 2 * RADIUS * math.asin(min(1.0, math.sqrt(square) / 2))


def _vectors(entries: Sequence[Entry]) -> Floats:
    """Places as points of the unit sphere: chords between them need no trigonometry, and are exact to a micrometre."""
    longitudes = np.radians(np.array([entry.longitude for entry in entries], dtype=np.float64))
    latitudes = np.radians(np.array([entry.latitude for entry in entries], dtype=np.float64))
    across = np.cos(latitudes)
    return np.column_stack((across * np.cos(longitudes), across * np.sin(longitudes), np.sin(latitudes)))


class Grid:
    """Entries by squares, to be found around a thing."""

    def __init__(self, entries: Sequence[Entry], reach: float) -> None:
        self._vectors = _vectors(entries)
        self._farthest = (2 * math.sin(reach / RADIUS / 2)) ** 2
        # A little more than the reach, so that what is within it is in the squares around.
        self._height = reach * 1.01 / _DEGREE
        squares: dict[tuple[int, int], list[int]] = {}
        for rank, entry in enumerate(entries):
            squares.setdefault(self._square(entry.longitude, entry.latitude), []).append(rank)
        self._squares = squares
        self._around: dict[tuple[int, int], tuple[Ranks, Floats]] = {}
        """What is in a square and around it, in order: the things of a square ask the same."""

    def near(self, entry: Entry) -> list[tuple[float, int]]:
        """Distance and rank of what is within reach, the nearest first, ``MOST_NEAR`` at most."""
        ranks, vectors = self._neighbours(entry)
        if not len(ranks):
            return []
        chords = vectors - _vectors([entry])[0]
        squares = np.einsum("ij,ij->i", chords, chords)
        within = np.flatnonzero(squares <= self._farthest)
        if len(within) > MOST_NEAR:
            within = within[squares[within] <= np.partition(squares[within], MOST_NEAR - 1)[MOST_NEAR - 1]]
        # Stable, so that what is at the same place stays in order; quick where everything is.
        order = within[np.argsort(squares[within], kind="stable")[:MOST_NEAR]]
        return [(_metres(float(squares[index])), int(ranks[index])) for index in order]

    def _neighbours(self, entry: Entry) -> tuple[Ranks, Floats]:
        square = self._square(entry.longitude, entry.latitude)
        if square not in self._around:
            # Squares of another row are not as wide: each corner of this one tells which of them are around.
            columns, row = self._columns_around(*square), square[1]
            some = {(column, line) for line in (row - 1, row, row + 1) for column in columns[line]}
            members = sorted(rank for place in some for rank in self._squares.get(place, ()))
            ranks = np.array(members, dtype=np.int64)
            self._around[square] = ranks, self._vectors[ranks]
        return self._around[square]

    def _columns_around(self, column: int, row: int) -> dict[int, range]:
        west, east = column * self._width(row), (column + 1) * self._width(row)
        columns = {}
        for line in (row - 1, row, row + 1):
            width = self._width(line)
            # What is within reach of this square reaches no farther than the widest of the two rows' squares.
            reach = max(width, self._width(row))
            columns[line] = range(math.floor((west - reach) / width), math.floor((east + reach) / width) + 1)
        return columns

    def _width(self, row: int) -> float:
        """Degrees of longitude of the squares of a row: as wide as they are high at its side nearest to a pole."""
        farthest = min(max(abs(row), abs(row + 1)) * self._height, 89.9)
        return self._height / math.cos(math.radians(farthest))

    def _square(self, longitude: float, latitude: float) -> tuple[int, int]:
        row = math.floor(latitude / self._height)
        return math.floor(longitude / self._width(row)), row
