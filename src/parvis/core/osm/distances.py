"""Distances on the ground, and what is near what, in bounded time whatever lies at the same place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from parvis.core.osm.model import Box, Entry

RADIUS = 6_371_008.8
"""Mean radius of the Earth in metres (IUGG)."""
MOST_PLACES = 40

type Floats = NDArray[np.float64]
type Ranks = NDArray[np.int64]
type _Cube = tuple[int, int, int]


def distance(first: Entry, second: Entry) -> float:
    """Metres along a great circle from a thing to another: to the nearest place of the other's box when it is drawn as one."""
    chord = _vectors([first])[0] - _vectors([second])[0]
    if second.box is not None:
        (place,) = _nearest(first, np.array([second.box]))
        chord = _vectors([first])[0] - place
    return _metres(float(chord @ chord))


def _metres(square: float) -> float:
    """Along the ground, of the square of a chord of the unit sphere."""
    return 2 * RADIUS * math.asin(min(1.0, math.sqrt(square) / 2))


def _vectors(entries: Sequence[Entry]) -> Floats:
    """Places as points of the unit sphere: chords between them need no trigonometry, and are exact to a micrometre."""
    places = np.array([(entry.longitude, entry.latitude) for entry in entries], dtype=np.float64).reshape(-1, 2)
    return _on_sphere(places)


def _on_sphere(places: Floats) -> Floats:
    longitudes, latitudes = np.radians(places).T
    across = np.cos(latitudes)
    return np.column_stack((across * np.cos(longitudes), across * np.sin(longitudes), np.sin(latitudes)))


def _nearest(entry: Entry, boxes: Floats) -> Floats:
    """The place of each box that is nearest to a thing, as points of the sphere: boxes are small, where degrees are straight."""
    return _on_sphere(np.clip((entry.longitude, entry.latitude), boxes[:, :2], boxes[:, 2:]))


def _spread(box: Box, reach: float) -> Floats:
    """Places of a box no farther apart than ``reach``, so that each place of it has one near; ``MOST_PLACES`` in a row at most."""
    west, south, east, north = box
    degree = math.radians(1) * RADIUS
    sizes = (east - west) * degree * math.cos(math.radians(min(abs(south), abs(north)))), (north - south) * degree
    numbers = [min(MOST_PLACES, math.ceil(size / reach) + 1) for size in sizes]
    grid = np.meshgrid(np.linspace(west, east, numbers[0]), np.linspace(south, north, numbers[1]))
    return np.column_stack([axis.ravel() for axis in grid])


class Grid:
    """Entries by cubes of the space around the Earth, to be found around a thing: it has neither poles nor a line where dates change."""

    def __init__(self, entries: Sequence[Entry], reach: float) -> None:
        chord = 2 * math.sin(reach / RADIUS / 2)
        self._farthest = chord**2
        # A little more than the reach, so that what is within it is in the cubes around.
        self._side = chord * 1.01
        self._vectors = _vectors(entries)
        self._boxes = {rank: entry.box for rank, entry in enumerate(entries) if entry.box is not None}
        self._members: dict[_Cube, list[int]] = {}
        for rank, cube in enumerate(self._cubes_of(self._vectors)):
            if rank not in self._boxes:
                self._members.setdefault(cube, []).append(rank)
        for rank, box in self._boxes.items():
            places = self._cubes_of(_on_sphere(_spread(box, reach)))
            for cube in {near for place in places for near in _cubes_around(place)}:
                self._members.setdefault(cube, []).append(rank)
        self._around: dict[_Cube, tuple[Ranks, Floats, list[int]]] = {}
        """What is in a cube and around it, in order, and which of them have a box: the things of a cube ask the same."""

    def near(self, entry: Entry, most: int) -> Iterator[tuple[float, int]]:
        """Distance and rank of what is within reach, the nearest first, ``most`` of them."""
        vector = _vectors([entry])
        ranks, vectors, boxed = self._neighbours(self._cubes_of(vector)[0])
        if boxed:
            vectors = vectors.copy()
            vectors[boxed] = _nearest(entry, np.array([self._boxes[int(ranks[index])] for index in boxed]))
        chords = vectors - vector[0]
        squares = np.einsum("ij,ij->i", chords, chords)
        within = np.flatnonzero(squares <= self._farthest)
        if len(within) > most:
            within = within[squares[within] <= np.partition(squares[within], most - 1)[most - 1]]
        # Stable, so that what is at the same place stays in order; quick where everything is.
        for index in within[np.argsort(squares[within], kind="stable")[:most]]:
            yield _metres(float(squares[index])), int(ranks[index])

    def _neighbours(self, cube: _Cube) -> tuple[Ranks, Floats, list[int]]:
        if cube not in self._around:
            members = sorted({rank for place in _cubes_around(cube) for rank in self._members.get(place, ())})
            ranks = np.array(members, dtype=np.int64)
            boxed = [index for index, rank in enumerate(members) if rank in self._boxes]
            self._around[cube] = ranks, self._vectors[ranks], boxed
        return self._around[cube]

    def _cubes_of(self, vectors: Floats) -> list[_Cube]:
        return [(x, y, z) for x, y, z in np.floor(vectors / self._side).astype(np.int64).tolist()]


def _cubes_around(cube: _Cube) -> Iterator[_Cube]:
    x, y, z = (range(number - 1, number + 2) for number in cube)
    return product(x, y, z)
