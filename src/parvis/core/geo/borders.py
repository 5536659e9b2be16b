"""Borders of areas that lie side by side: one that two areas share is one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import floor
from typing import Any

import shapely

from parvis.core.geo.svg import polygons

type Place = tuple[float, float]
type Side = tuple[Place, Place]
"""A straight piece of a border, the same whichever way it was drawn."""

_CELL = 0.1
"""Degrees of the squares in which lines are gathered: few things to draw, and few of them far from a tile."""


def sides(areas: Iterable[Mapping[str, Any]]) -> set[Side]:
    """The pieces of the borders of GeoJSON areas, each once."""
    return {
        (start, end) if start < end else (end, start)
        for area in areas
        for polygon in polygons(area)
        for ring in polygon
        for start, end in pairwise((place[0], place[1]) for place in ring)
    }


def lines(pieces: Iterable[Side]) -> list[shapely.Geometry]:
    """The pieces put end to end from one meeting of borders to the next, gathered by where they are."""
    merged = shapely.get_parts(shapely.line_merge(shapely.MultiLineString(sorted(pieces))))
    near: dict[tuple[int, int], list[shapely.Geometry]] = {}
    for line in merged:
        west, south, _east, _north = shapely.bounds(line)
        near.setdefault((floor(west / _CELL), floor(south / _CELL)), []).append(line)
    return [shapely.multilinestrings(near[cell]) for cell in sorted(near)]
