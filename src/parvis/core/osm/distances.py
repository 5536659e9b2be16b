"""Distances on the ground, and what is near what, in bounded time whatever lies at the same place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from parvis.core.osm.model import Entry

RADIUS = 6_371_008.8
"""Mean radius of the Earth in metres (IUGG)."""

type Floats = NDArray[np.float64]
type Ranks = NDArray[np.int64]
type _Cube = tuple[int, int, int]


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
    """Entries by cubes of the space around the Earth, to be found around a thing: it has neither poles nor a line where dates change."""

    def __init__(self, entries: Sequence[Entry], reach: float) -> None:
        chord = 2 * math.sin(reach / RADIUS / 2)
        self._farthest = chord**2
        # A little more than the reach, so that what is within it is in the cubes around.
        self._side = chord * 1.01
        self._vectors = _vectors(entries)
        cubes: dict[_Cube, list[int]] = {}
        for rank, cube in enumerate(self._cubes_of(self._vectors)):
            cubes.setdefault(cube, []).append(rank)
        self._members = cubes
        self._around: dict[_Cube, tuple[Ranks, Floats]] = {}
        """What is in a cube and around it, in order: the things of a cube ask the same."""

    def near(self, entry: Entry, most: int) -> Iterator[tuple[float, int]]:
        """Distance and rank of what is within reach, the nearest first, ``most`` of them."""
        vector = _vectors([entry])
        ranks, vectors = self._neighbours(self._cubes_of(vector)[0])
        chords = vectors - vector[0]
        squares = np.einsum("ij,ij->i", chords, chords)
        within = np.flatnonzero(squares <= self._farthest)
        if len(within) > most:
            within = within[squares[within] <= np.partition(squares[within], most - 1)[most - 1]]
        # Stable, so that what is at the same place stays in order; quick where everything is.
        for index in within[np.argsort(squares[within], kind="stable")[:most]]:
            yield _metres(float(squares[index])), int(ranks[index])

    def _neighbours(self, cube: _Cube) -> tuple[Ranks, Floats]:
        if cube not in self._around:
            x, y, z = (range(number - 1, number + 2) for number in cube)
            members = sorted(rank for place in product(x, y, z) for rank in self._members.get(place, ()))
            ranks = np.array(members, dtype=np.int64)
            self._around[cube] = ranks, self._vectors[ranks]
        return self._around[cube]

    def _cubes_of(self, vectors: Floats) -> list[_Cube]:
        return [(x, y, z) for x, y, z in np.floor(vectors / self._side).astype(np.int64).tolist()]
