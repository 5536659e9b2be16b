"""Rectangles and periods as requests write them; numbers are in the order of axes that their coordinate system states."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from parvis.web.geocatalogue.errors import BadValue
from parvis.web.geocatalogue.predicates import Box, During

_DEGREES = re.compile(r"(?:crs:?84|epsg[:/][\d.]*[:/]?4326|epsg:4326|4326)$", re.IGNORECASE)
_NORTH_FIRST = re.compile(r"(?:urn:|/def/crs/epsg/).*4326$", re.IGNORECASE)


def box_of(numbers: Sequence[str], system: str, name: str) -> Box:
    """The rectangle of four numbers, lower corner first, in degrees of WGS 84; BadValue for what is none."""
    written = " ".join(numbers)[:100]
    if system and not _DEGREES.search(system):
        raise BadValue(name=name, value=system, expected="urn:ogc:def:crs:EPSG::4326 | CRS84")
    try:
        values = [float(number) for number in numbers]
    except ValueError as error:
        raise BadValue(name=name, value=written, expected="min,min,max,max") from error
    if len(values) == 6:
        values = [*values[0:2], *values[3:5]]
    if len(values) != 4 or not all(map(math.isfinite, values)):
        raise BadValue(name=name, value=written, expected="min,min,max,max")
    # By URN or address, EPSG:4326 has latitude first; written « EPSG:4326 », everybody puts longitude first.
    first, second, third, fourth = values
    box = (second, first, fourth, third) if _NORTH_FIRST.search(system) else (first, second, third, fourth)
    if box[1] > box[3]:
        raise BadValue(name=name, value=written, expected="south <= north")
    return box


def period_of(text: str, name: str) -> During:
    """The period that « instant », « start/end », « start/.. » or « ../end » is; BadValue for what is none."""
    parts = ["" if part == ".." else part for part in text.split("/", 2)]
    if len(parts) == 1:
        parts *= 2
    if len(parts) != 2 or not any(parts):
        raise BadValue(name=name, value=text[:100], expected="instant | start/end | ../end | start/..")
    return During(*parts)
