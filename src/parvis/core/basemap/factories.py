"""Small extracts of OpenStreetMap for tests: a town by the sea, with what a map draws of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isqrt
from pathlib import Path

import osmium
from osmium.osm import mutable

type Place = tuple[float, float]

CENTRE: Place = (-4.102, 47.995)
"""Where the town is: longitude, latitude."""


class ExtractWriter:
    """Writes an extract, node by node: ``close`` sorts what was given as PBF wants it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._nodes: dict[Place, int] = {}
        self._named: list[tuple[Place, Mapping[str, str]]] = []
        self._ways: list[tuple[list[int], Mapping[str, str]]] = []
        self._relations: list[tuple[list[tuple[str, int, str]], Mapping[str, str]]] = []

    def point(self, place: Place, /, **tags: str) -> None:
        """A node with tags."""
        self._named.append((place, tags))

    def line(self, places: Sequence[Place], /, **tags: str) -> int:
        """A way, closed when its last place is its first; its number."""
        self._ways.append(([self._nodes.setdefault(place, len(self._nodes) + 1) for place in places], tags))
        return len(self._ways)

    def relation(self, ways: Mapping[int, str], /, **tags: str) -> None:
        """A relation of these ways, each with its role; numbers of ways that are not in the file are as in many extracts."""
        self._relations.append(([("w", number, role) for number, role in ways.items()], tags))

    def broken_line(self, places: Sequence[Place], lacking: int, /, **tags: str) -> None:
        """A way of which some places in the middle are not in the file, as at the edge of many extracts."""
        half = len(places) // 2
        numbers = [self._nodes.setdefault(place, len(self._nodes) + 1) for place in places]
        beyond = [10**9 + rank for rank in range(lacking)]
        self._ways.append(([*numbers[:half], *beyond, *numbers[half:]], tags))

    def close(self) -> None:
        """Write the file."""
        self._path.unlink(missing_ok=True)
        with osmium.SimpleWriter(str(self._path)) as writer:
            for place, number in self._nodes.items():
                writer.add_node(mutable.Node(id=number, location=place, version=1))
            for number, (place, tags) in enumerate(self._named, start=len(self._nodes) + 1):
                writer.add_node(mutable.Node(id=number, location=place, tags=dict(tags), version=1))
            for number, (nodes, tags) in enumerate(self._ways, start=1):
                writer.add_way(mutable.Way(id=number, nodes=nodes, tags=dict(tags), version=1))
            for number, (members, tags) in enumerate(self._relations, start=1):
                writer.add_relation(mutable.Relation(id=number, members=members, tags=dict(tags), version=1))


def make_extract(path: Path, houses: int = 40) -> Path:
    """Write a town: a coast with the sea in the south, a wood, a lake, houses, streets, a railway, a border, names."""
    x, y = CENTRE
    writer = ExtractWriter(path)
    writer.point((x, y), place="town", name="Kemper", **{"name:fr": "Quimper"}, population="62 985")
    writer.point((x + 0.01, y + 0.01), place="suburb", name="Le Braden")
    writer.point((x + 0.004, y), railway="station", name="Gare de Quimper")
    # The land is on the left of who goes from the west to the east along a coast with the sea in the south.
    writer.line([(x - 0.2, y - 0.05), (x, y - 0.045), (x + 0.2, y - 0.05)], natural="coastline")
    writer.line(_square((x - 0.03, y + 0.02), 0.02), natural="wood")
    writer.line(_square((x + 0.03, y + 0.03), 0.012), natural="water", name="Étang du Moulin")
    writer.line(_square((x, y), 0.02), landuse="residential")
    across = max(8, isqrt(houses))
    for rank in range(houses):
        place = (x - 0.008 + rank % across * 0.002, y - 0.008 + rank // across * 0.002)
        writer.line(_square(place, 0.0003), building="yes")
    writer.line([(x - 0.05, y), (x, y), (x + 0.05, y)], highway="primary", name="Route de Brest", ref="D 34")
    writer.line([(x, y - 0.01), (x, y + 0.01)], highway="residential", name="Rue Kéréon")
    writer.line([(x - 0.05, y - 0.005), (x + 0.05, y - 0.005)], railway="rail")
    writer.line([(x - 0.02, y + 0.005), (x + 0.02, y + 0.006)], waterway="river", name="Odet")
    writer.line([(x - 0.05, y + 0.05), (x + 0.05, y + 0.05)], boundary="administrative", admin_level="8")
    writer.close()
    return path


def _square(middle: Place, side: float) -> list[Place]:
    x, y, half = middle[0], middle[1], side / 2
    return [
        (x - half, y - half),
        (x + half, y - half),
        (x + half, y + half),
        (x - half, y + half),
        (x - half, y - half),
    ]
