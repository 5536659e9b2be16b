"""What the map widgets of version 1 ask: extents, clusters, shapes seen from afar (specification, section 11.2)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine
from parvis.core.engine.plans import DistinctShapes, Gatherings, GeometryTypes, Plan
from parvis.core.explore import InvalidParameter, NoGeometry
from parvis.core.explore.query import condition
from parvis.core.explore_v1.errors import MissingParameter
from parvis.core.explore_v1.places import drawn_cell
from parvis.core.explore_v1.request import V1Request, digest_of
from parvis.core.explore_v1.series import Serie, read_series
from parvis.core.odsql import Names
from parvis.core.odsql.bound import Aggregate, Cell, Test

MAX_CLUSTERS = 5_000
MAX_SHAPES = 10_000
PREVIEW_ROWS = 1_000
LARGEST_ZOOM = 30
_TILE = 256
_DEGREES = 85.05112878
"""Latitude where the map of the web ends."""


type Columns = tuple[Serie, tuple[Aggregate, ...]]
"""A serie and its columns."""


@dataclass(frozen=True, slots=True)
class Map:
    """Where the answers come from: an engine, a source, and the rows that a request keeps."""

    engine: Engine
    source: AnySource
    names: Names
    request: V1Request
    seconds: float = DEFAULT_SECONDS

    def cell(self, prefer: ColumnType) -> Cell:
        """The column drawn; NoGeometry when there is none."""
        cell = drawn_cell(self.names, prefer=prefer)
        if cell is None:
            raise NoGeometry(name="geo")
        return cell

    @property
    def where(self) -> Test:
        """The condition of the rows kept."""
        return condition(self.names, self.request.to_explore(self.names))

    def rows(self, plan: Plan) -> list[tuple[Any, ...]]:
        """The rows of an answer."""
        table = self.engine.table(self.source, plan, seconds=self.seconds)
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def bounding_box(map_query: Map) -> dict[str, Any]:
    """``bbox`` as west, south, east, north (empty without geometry), ``count``, and how many ``geometries`` of each type."""
    rows = map_query.rows(GeometryTypes(map_query.cell(ColumnType.GEO_SHAPE), map_query.where))
    sides = [list(values) for values in zip(*(row[2:] for row in rows), strict=True)]
    bbox = [min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])] if rows else []
    return {
        "bbox": bbox,
        "count": sum(row[1] for row in rows),
        "geometries": {_TYPES.get(row[0], row[0]): row[1] for row in rows},
    }


_TYPES = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
    "GEOMETRYCOLLECTION": "GeometryCollection",
}


def clusters(map_query: Map, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Points near one another on the screen, as clusters with their centre, envelope, count and series."""
    parameters = list(pairs)
    options = dict(parameters)
    zoom = _whole(options, "clusterprecision", 0, LARGEST_ZOOM)
    pixels = max(_whole(options, "clusterdistance", 1, 2_000, default=50), 1)
    series = read_series(parameters)
    columns = [(serie, serie.columns(map_query.names)) for serie in series]
    plan = Gatherings(
        map_query.cell(ColumnType.GEO_POINT),
        _flat(columns),
        map_query.where,
        side=pixels * 360 / (_TILE * 2.0**zoom),
        top=_DEGREES,
        limit=MAX_CLUSTERS,
    )
    rows = map_query.rows(plan)
    listed = [_cluster(row, columns) for row in rows]
    counts = [row["count"] for row in listed]
    return {
        "clusters": listed,
        "count": {"min": min(counts, default=0), "max": max(counts, default=0)},
        "series": _extremes(listed, series),
        "clusterprecision": zoom,
    }


def _cluster(row: tuple[Any, ...], columns: list[Columns]) -> dict[str, Any]:
    count, longitude, latitude, hull = row[:4]
    cluster: dict[str, Any] = {"cluster_center": [latitude, longitude], "count": count, "cluster": json.loads(hull)}
    if columns:
        cluster["series"] = _series(row[4:], columns)
    return cluster


def _series(row: tuple[Any, ...], columns: list[Columns]) -> dict[str, Any]:
    series, start = {}, 0
    for serie, values in columns:
        series[serie.name] = serie.read(list(row[start : start + len(values)]))
        start += len(values)
    return series


def _extremes(listed: list[dict[str, Any]], series: tuple[Serie, ...]) -> dict[str, dict[str, Any]]:
    extremes = {}
    for serie in series:
        numbers = [row["series"][serie.name] for row in listed]
        numbers = [number for number in numbers if isinstance(number, int | float)]
        extremes[serie.name] = {"min": min(numbers, default=None), "max": max(numbers, default=None)}
    return extremes


def preview(map_query: Map, pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """Each distinct geometry once, simplified for a zoom, with the digest that finds its rows again."""
    options = dict(pairs)
    zoom = _whole(options, "clusterprecision", 0, LARGEST_ZOOM, default=10)
    rows = PREVIEW_ROWS if map_query.request.rows in (None, -1) else min(map_query.request.rows or 0, MAX_SHAPES)
    return [
        {"geometry": json.loads(shape), "geo_digest": digest}
        for digest, shape, *_rest in _shapes(map_query, zoom, rows, [])
    ]


def polygons(map_query: Map, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Rows gathered by their geometry: how many share it, and the series over them."""
    parameters = list(pairs)
    zoom = _whole(dict(parameters), "clusterprecision", 0, LARGEST_ZOOM, default=10)
    series = read_series(parameters)
    columns = [(serie, serie.columns(map_query.names)) for serie in series]
    listed = []
    for digest, shape, count, *rest in _shapes(map_query, zoom, MAX_SHAPES, columns):
        row: dict[str, Any] = {"cluster": json.loads(shape), "count": count, "geo_digest": digest}
        if columns:
            row["series"] = _series(tuple(rest), columns)
        listed.append(row)
    counts = [row["count"] for row in listed]
    return {
        "clusters": listed,
        "count": {"min": min(counts, default=0), "max": max(counts, default=0)},
        "series": _extremes(listed, series),
    }


def _shapes(map_query: Map, zoom: int, rows: int, columns: list[Columns]) -> list[tuple[Any, ...]]:
    cell = map_query.cell(ColumnType.GEO_SHAPE)
    tolerance = 360 / (_TILE * 2.0**zoom)
    plan = DistinctShapes(cell, digest_of(cell), _flat(columns), map_query.where, tolerance, rows)
    return map_query.rows(plan)


def _flat(columns: list[Columns]) -> tuple[Aggregate, ...]:
    return tuple(value for _serie, values in columns for value in values)


def _whole(options: dict[str, str], name: str, least: int, most: int, *, default: int | None = None) -> int:
    """A whole number within bounds; a map zoomed by halves sends decimals."""
    text = options.get(name, "").strip()
    if not text:
        if default is None:
            raise MissingParameter(name=name)
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise InvalidParameter(name=name, value=text, expected=f"{least} <= {name} <= {most}")
    return int(value)
