"""The functions of the language over Python values: by name and number of arguments; null as soon as one argument is."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import shapely
import shapely.geometry

from parvis.core.engine.errors import QueryRefused, TextTooLong
from parvis.core.engine.tests.plain.values import CHANGED, geojson

_EARTH = 12_742_017.6
"""Diameter of the Earth in metres."""


def changed(make: Callable[[str], str]) -> Callable[[str], str]:
    """A text made of another, refused when that is too long."""

    def made(text: str) -> str:
        if len(text.encode()) > CHANGED:
            raise TextTooLong(limit=CHANGED)
        return make(text)

    return made


def metres(start: shapely.Geometry, end: shapely.Geometry) -> float | None:
    """Between two points on the sphere, or from a shape to a point."""
    if start.is_empty or end.is_empty:
        return None
    if not isinstance(start, shapely.Point):
        start = shapely.Point(shapely.shortest_line(end, start).coords[-1])
    south, north = math.radians(start.y), math.radians(end.y)
    wide = math.radians(end.x - start.x) / 2
    share = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin(wide) ** 2
    return _EARTH * math.asin(math.sqrt(share))


def _near(start: shapely.Geometry, end: shapely.Geometry, most: float) -> bool | None:
    between = metres(start, end)
    return None if between is None else between <= most


def _in_box(geometry: shapely.Geometry, south: float, west: float, north: float, east: float) -> bool | None:
    box = min(west, east), min(south, north), max(west, east), max(south, north)
    if not isinstance(geometry, shapely.Point):
        return geometry.intersects(shapely.box(*box))
    return None if geometry.is_empty else box[0] <= geometry.x <= box[2] and box[1] <= geometry.y <= box[3]


def _day(moment: date) -> date:
    return date(moment.year, moment.month, moment.day)


def _refused(compute: Callable[..., Any]) -> Callable[..., Any]:
    """Null where a number has no result."""

    def computed(*arguments: float) -> float | None:
        try:
            return compute(*arguments)
        except (ValueError, OverflowError, ZeroDivisionError):
            return None

    return computed


SCALARS: dict[tuple[str, int], Callable[..., Any]] = {
    ("length", 1): len,
    ("lower", 1): changed(str.lower),
    ("upper", 1): changed(str.upper),
    ("year", 1): lambda moment: moment.year,
    ("month", 1): lambda moment: moment.month,
    ("day", 1): lambda moment: moment.day,
    ("hour", 1): lambda moment: getattr(moment, "hour", 0),
    ("minute", 1): lambda moment: getattr(moment, "minute", 0),
    ("second", 1): lambda moment: getattr(moment, "second", 0),
    ("week", 1): lambda moment: moment.isocalendar().week,
    ("weekday", 1): lambda moment: moment.weekday(),
    ("yearday", 1): lambda moment: (_day(moment) - date(moment.year, 1, 1)).days + 1,
    ("distance", 2): metres,
    ("distance", 3): _near,
    ("within_distance", 3): _near,
    ("in_bbox", 5): _in_box,
    ("intersects", 2): lambda shape, other: shape.intersects(other),
    ("geometry", 2): lambda shape, other: shape.intersects(other),
    ("within", 2): lambda shape, other: shape.within(other),
    ("polygon", 2): lambda shape, other: shape.within(other),
    ("disjoint", 2): lambda shape, other: shape.disjoint(other),
    ("geometry type", 1): lambda shape: shape.geom_type.lower(),
    ("text digest", 1): lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(),
    ("geo digest", 1): lambda shape: hashlib.md5(
        shapely.to_wkb(shape, hex=True).encode(), usedforsecurity=False
    ).hexdigest(),
    **{(name, 1): _refused(getattr(math, name)) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "exp")},
    **{(name, 1): _refused(getattr(math, name)) for name in ("sinh", "cosh", "tanh", "log10", "sqrt", "cbrt")},
    ("log", 1): _refused(math.log),
    ("atan2", 2): math.atan2,
    ("toRadians", 1): math.radians,
    ("toDegrees", 1): math.degrees,
    ("ceil", 1): lambda number: float(math.ceil(number)),
    ("floor", 1): lambda number: float(math.floor(number)),
    ("rint", 1): lambda number: float(round(number)),
    ("round", 1): lambda number: float(math.floor(number + 0.5)),
    ("pow", 2): _refused(math.pow),
    ("abs", 1): abs,
    ("signum", 1): lambda number: (number > 0) - (number < 0),
    ("max", 2): max,
    ("min", 2): min,
    ("latitude", 1): lambda point: None if point.is_empty else point.y,
    ("longitude", 1): lambda point: None if point.is_empty else point.x,
    ("joined", 2): lambda values, mark: mark.join(value for value in values if value is not None) or None,
    ("contains", 2): lambda text, part: part in text,
    ("starts with", 2): str.startswith,
    ("ends with", 2): str.endswith,
    ("index of", 2): str.find,
    ("substring", 2): lambda text, start: text[max(int(start), 0) :],
    ("substring", 3): lambda text, start, size: text[max(int(start), 0) :][: max(int(size), 0)],
    ("trim", 1): lambda text: text.strip(" \t\n\r"),
    ("concat", 2): lambda text, other: text + other,
    ("date of", 1): _day,
    ("round half away", 1): lambda number: math.copysign(math.floor(abs(number) + 0.5), number),
    ("whole quotient", 2): lambda number, other: (
        None if other == 0 else int(math.copysign(abs(number) // abs(other), number * other))
    ),
    ("remainder", 2): lambda number, other: None if other == 0 else math.fmod(number, other),
    ("hypot", 2): lambda one, other: math.sqrt(one * one + other * other),
}


def geometry_of(text: str) -> shapely.Geometry:
    """A geometry written by people: WKT, WKB in hexadecimal, GeoJSON."""
    stripped = text.strip()
    try:
        if stripped.startswith("{"):
            return shapely.from_geojson(json.dumps(json.loads(stripped)))
        if re.fullmatch(r"[0-9A-Fa-f]+", stripped):
            return shapely.from_wkb(stripped)
        return shapely.from_wkt(re.sub(r"^SRID=\d+;", "", stripped, flags=re.IGNORECASE))
    except (shapely.errors.ShapelyError, ValueError) as error:
        raise QueryRefused from error


def rectangle(shapes: list[shapely.Geometry]) -> shapely.Geometry | None:
    """What surrounds geometries."""
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    return shapely.Polygon([(west, south), (west, north), (east, north), (east, south), (west, south)])


def hull(shapes: list[shapely.Geometry]) -> shapely.Geometry | None:
    """The convex envelope of geometries."""
    return shapely.convex_hull(shapely.GeometryCollection(shapes)) if shapes else None


def cluster_text(points: list[shapely.Point]) -> str | None:
    """A cluster as it is shown: the rectangle of its points, and their mean."""
    if not points:
        return None
    lon, lat = (sum(values) / len(points) for values in ([p.x for p in points], [p.y for p in points]))
    return f'{{"cluster": {geojson(rectangle(points))}, "center": {{"lon": {lon!r}, "lat": {lat!r}}}}}'
