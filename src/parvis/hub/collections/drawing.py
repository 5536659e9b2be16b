"""Where the records of a list are, as a drawing that works without scripts: the territory of the site, a point for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parvis.core.geo.svg import Frame, bounds, frame, outline
from parvis.hub.collections.declaration import Collection, Position
from parvis.hub.territories.models import Territory

WIDTH, TALLEST, MARGIN = 800, 640, 24
SMALLEST = 0.01
"""Degrees: a single point is shown with some ground around it."""


@dataclass(frozen=True, slots=True)
class Point:
    """A record on the drawing; records at the same place share a point."""

    x: int
    y: int
    records: tuple[Any, ...]

    @property
    def record(self) -> Any:
        """The first of them."""
        return self.records[0]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing in its own units."""

    width: int
    height: int
    ground: str
    points: tuple[Point, ...]


def drawn_places(collection: Collection, records: Sequence[Any], territory: Territory | None) -> Drawing | None:
    """The records that have a place; None when none has."""
    placed = [(record, place) for record in records if (place := collection.position(record)) is not None]
    if not placed:
        return None
    window = _window([place for _record, place in placed], territory)
    by_place: dict[tuple[int, int], list[Any]] = {}
    for record, place in placed:
        by_place.setdefault(window.point(place.longitude, place.latitude), []).append(record)
    points = tuple(Point(x, y, tuple(those)) for (x, y), those in by_place.items())
    ground = outline(territory.contour, window) if territory is not None and territory.contour else ""
    return Drawing(window.width, window.height, ground, points)


def _window(places: Sequence[Position], territory: Territory | None) -> Frame:
    """The territory of the site, grown to hold every point."""
    box = bounds([territory.contour]) if territory is not None and territory.contour else None
    west, south, east, north = box or (180.0, 90.0, -180.0, -90.0)
    west, east = min(west, *(p.longitude for p in places)), max(east, *(p.longitude for p in places))
    south, north = min(south, *(p.latitude for p in places)), max(north, *(p.latitude for p in places))
    more = max(SMALLEST - (east - west), SMALLEST - (north - south), 0) / 2
    return frame((west - more, south - more, east + more, north + more), WIDTH, margin=MARGIN, tallest=TALLEST)
