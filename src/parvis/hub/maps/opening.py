"""What the map of a dataset shows first: the site's territory, or the data where they lie elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parvis.core.columns import Column
from parvis.core.engine import Source
from parvis.core.engine.plans import BoundingBox, Count
from parvis.core.explore import ExploreRequest
from parvis.core.explore.query import condition
from parvis.core.geo.svg import Box
from parvis.core.odsql import Names
from parvis.core.odsql.bound import Cell, Every, Test
from parvis.core.odsql.valuetypes import type_of
from parvis.hub.caches import fresh
from parvis.hub.datastore.selectors import engine
from parvis.hub.territories.selectors import box_around, communes_of

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory

_MARGIN = 0.1
"""Of the territory, in which data that lie a little beyond it still lie on it."""
_NEARLY_ALL = 0.9
"""Share of the rows that lie on the territory from which the few others do not make the map show them first."""
_SPECK = 0.02
"""Share of the territory under which data are a point of it: what is around it would not be seen."""
_WIDER = 6
"""How many times wider than the territory data of a whole country, or of a region, are."""

MAINLAND: Box = (-5.2, 41.3, 9.6, 51.1)
"""Mainland France with Corsica."""

_BEYOND = 1.5
"""The same of what shows more than the territory."""


@fresh(lambda territory: (territory.kind, territory.code))
def box_of(territory: Territory) -> Box | None:
    """The box around a territory, from the contours of its communes; None where none is known."""
    return box_around(communes_of(territory))


def opening_box(
    source: Source,
    geometry: Column,
    where: Test,
    data: tuple[int, Box | None],
    territory: Territory | None,
    *,
    seconds: float,
) -> Box | None:
    """What is shown first of the rows that a condition keeps; ``data`` is how many they are and the box around them.

    Data that lie on the territory are shown whole, unless they are one point of it, as are those that lie elsewhere or half outside; the territory is shown
    when nearly all of them lie on it, or when they are those of a much wider one.
    """
    rows, box = data
    own = box_of(territory) if territory is not None else None
    if own is not None and box is not None and _meets(own, box):
        if _holds(padded(own), box):
            return own if _times_wider(box, own) < _SPECK else box
        inside = rows_in(source, geometry, where, own, seconds)
        if inside and (_times_wider(box, own) >= _WIDER or inside >= _NEARLY_ALL * rows):
            return own
    return box_of_most(source, geometry, where, data, seconds=seconds)


def box_of_most(
    source: Source, geometry: Column, where: Test, data: tuple[int, Box | None], *, seconds: float
) -> Box | None:
    """The box around the rows of mainland France where nearly all lie there: the few others, overseas or put in the open sea by
    coordinates the wrong way round, would make it a speck of a map of the world."""
    rows, box = data
    if box is None or _holds(padded(MAINLAND), box) or not _meets(box, MAINLAND):
        return box
    count, around = extent(source, geometry, lying_in(source, geometry, where, MAINLAND), seconds)
    return around if count >= _NEARLY_ALL * rows else box


def extent(source: Source, geometry: Column, where: Test, seconds: float) -> tuple[int, Box | None]:
    """How many rows a condition keeps, and the box around them."""
    plan = BoundingBox(Cell(geometry, type_of(geometry)), where)
    count, west, *others = engine().value(source, plan, seconds=seconds)
    return int(count), None if west is None else (west, *others)


def covers(box: Box, own: Box) -> bool:
    """Whether data that lie in ``box`` lie around the territory of the box ``own``, and well beyond it."""
    middle = (own[0] + own[2]) / 2, (own[1] + own[3]) / 2
    return box[0] <= middle[0] <= box[2] and box[1] <= middle[1] <= box[3] and _times_wider(box, own) >= _BEYOND


def _times_wider(box: Box, own: Box) -> float:
    return max((box[2] - box[0]) / (own[2] - own[0]), (box[3] - box[1]) / (own[3] - own[1]))


def rows_in(source: Source, geometry: Column, where: Test, box: Box, seconds: float) -> int:
    """How many of the rows that a condition keeps lie in a box."""
    return int(engine().value(source, Count(lying_in(source, geometry, where, box)), seconds=seconds))


def lying_in(source: Source, geometry: Column, where: Test, box: Box) -> Test:
    """The condition, and that of lying in a box."""
    west, south, east, north = box
    text = f"in_bbox(`{geometry.name}`, {south}, {west}, {north}, {east})"
    return Every((where, condition(Names(source.shape), ExploreRequest(where=(text,)))))


def padded(box: Box) -> Box:
    """A box with its margin."""
    west, south, east, north = box
    x, y = (east - west) * _MARGIN, (north - south) * _MARGIN
    return west - x, south - y, east + x, north + y


def _holds(box: Box, other: Box) -> bool:
    return box[0] <= other[0] and box[1] <= other[1] and box[2] >= other[2] and box[3] >= other[3]


def _meets(box: Box, other: Box) -> bool:
    return box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]
