"""The parameters of a request for features, read and checked."""

from __future__ import annotations

import math
from collections.abc import Mapping

from django.http import HttpRequest

from parvis.core.columns import Column, TableShape
from parvis.core.explore import ExploreRequest, InvalidParameter
from parvis.core.explore.facet_terms import FacetOptions, FacetTerm, term_test
from parvis.core.explore.query import condition
from parvis.core.geo.crs import CRS84, Box, Crs, crs_of, offered_for, within_box
from parvis.core.odsql import Names
from parvis.core.odsql.bound import ALWAYS, Cell, Test
from parvis.core.odsql.moments import Moment, read_moment
from parvis.core.odsql.valuetypes import type_of
from parvis.hub.maps.features import Period, Wanted, or_nowhere, time_column, within_period
from parvis.web.ogc.endpoint import refuse_unknown

PAGE, LARGEST_PAGE = 10, 10_000
FURTHEST = 2**62
PARAMETERS = {
    "limit": f"Features on a page, {PAGE} by default, {LARGEST_PAGE} at most.",
    "offset": "Features to skip; following the next links is faster.",
    "after": "Where the page begins, as a next link states it.",
    "bbox": "Only features that meet this box: minimum then maximum of each axis, separated by commas.",
    "bbox-crs": "Coordinate system of bbox; longitude and latitude (CRS84) by default.",
    "crs": "Coordinate system of the answer; longitude and latitude (CRS84) by default.",
    "datetime": "Only features of this instant or interval: an RFC 3339 instant, start/end, ../end or start/..",
    "where": "Only features that meet this condition of the Explore query language (extension); may be repeated.",
    "version": "Name of a version of the dataset (extension); the current one by default.",
}
"""What items take besides the names of columns, each with a sentence for the description of the API."""
_OTHERS = ("f", "lang", "apikey", "access_token")


def queryables(shape: TableShape) -> list[Column]:
    """The columns whose values may be asked for by name: those that are no place and whose name is free."""
    taken = {*PARAMETERS, *_OTHERS}
    return [column for column in shape if not column.type.is_geographic and column.name not in taken]


def wanted_of(request: HttpRequest, shape: TableShape, bbox: Box | None) -> Wanted:
    """The features that an address asks for; InvalidParameter, UnknownCrs or an error of the language when it cannot be."""
    columns = {column.name: column for column in queryables(shape)}
    refuse_unknown(request, {*PARAMETERS, *_OTHERS, *columns})
    offered = offered_for(bbox)
    tests = [*_places(request, shape, offered), *_times(request, shape), *_values(request, shape, columns)]
    return Wanted(
        conditions=tuple(tests),
        limit=min(_whole(request, "limit", PAGE, least=1), LARGEST_PAGE),
        offset=_whole(request, "offset", 0),
        after=_whole(request, "after", 0),
        crs=requested_crs(request, "crs", offered),
    )


def requested_crs(request: HttpRequest, name: str, offered: tuple[Crs, ...]) -> Crs:
    """The coordinate system that a parameter names; CRS84 when it is absent."""
    text = request.GET.get(name, "")
    return crs_of(text, offered) if text else CRS84


def _whole(request: HttpRequest, name: str, default: int, least: int = 0) -> int:
    text = request.GET.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) < FURTHEST):
        raise InvalidParameter(name=name, value=text[:100], expected=f"{name} >= {least}")
    return int(text)


def _places(request: HttpRequest, shape: TableShape, offered: tuple[Crs, ...]) -> list[Test]:
    text = request.GET.get("bbox", "").strip()
    crs = requested_crs(request, "bbox-crs", offered)
    if not text or shape.geometry is None:
        return []
    geometry = Cell(shape.geometry, type_of(shape.geometry))
    return [or_nowhere(geometry, within_box(geometry, _box(text, crs), crs))]


def _box(text: str, crs: Crs) -> Box:
    try:
        numbers = [float(part) for part in text.split(",", 6)]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[0:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise InvalidParameter(name="bbox", value=text[:100], expected="min,min,max,max")
    first, second, third, fourth = numbers
    longitudes = (second, fourth) if crs.north_first else (first, third)
    latitudes = (first, third) if crs.north_first else (second, fourth)
    # A box may cross the antimeridian: only in degrees may west be greater than east.
    if latitudes[0] > latitudes[1] or (longitudes[0] > longitudes[1] and not crs.is_degrees):
        raise InvalidParameter(name="bbox", value=text[:100], expected="min <= max")
    return first, second, third, fourth


def _times(request: HttpRequest, shape: TableShape) -> list[Test]:
    text = request.GET.get("datetime", "").strip()
    if not text:
        return []
    period = _period(text)
    column = time_column(shape)
    return [within_period(column, period)] if column else []


def _period(text: str) -> Period:
    parts = text.split("/", 2)
    moments = [None if part in ("", "..") else _moment(part, text) for part in parts]
    if len(parts) == 1 and moments[0]:
        return Period(moments[0], moments[0])
    if len(parts) != 2 or not any(moments):
        raise _no_period(text)
    start, end = moments
    if start and end and start.start > end.start:
        raise _no_period(text)
    return Period(start, end)


def _moment(part: str, text: str) -> Moment:
    moment = read_moment(part, "UTC")
    if moment is None:
        raise _no_period(text)
    return moment


def _no_period(text: str) -> InvalidParameter:
    return InvalidParameter(name="datetime", value=text[:100], expected="instant | start/end | ../end | start/..")


def _values(request: HttpRequest, shape: TableShape, columns: Mapping[str, Column]) -> list[Test]:
    """The conditions of ``where`` and of the parameters called like a column, all of which must hold."""
    names = Names(shape)
    tests = [condition(names, ExploreRequest(where=tuple(w for w in request.GET.getlist("where") if w.strip())))]
    for name in request.GET:
        if name in columns:
            for value in request.GET.getlist(name):
                tests.append(
                    term_test(names, FacetTerm(name, value), name, "UTC", FacetOptions(name, hierarchical=False))
                )
    return [test for test in tests if test != ALWAYS]
