"""What the map widgets of version 1 ask: extents, clusters, shapes seen from afar (specification, section 11.2)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine, Statement
from parvis.core.engine.duckdb.queries import Fragment, condition_sql, expression_sql
from parvis.core.explore import InvalidParameter, NoGeometry
from parvis.core.explore.query import condition
from parvis.core.explore_v1.errors import MissingParameter
from parvis.core.explore_v1.places import drawn_cell
from parvis.core.explore_v1.request import V1Request, digest_of
from parvis.core.explore_v1.series import Serie, read_series
from parvis.core.geo.simplification import thinned
from parvis.core.odsql import Names
from parvis.core.odsql.bound import Cell

MAX_CLUSTERS = 5_000
MAX_SHAPES = 10_000
PREVIEW_ROWS = 1_000
LARGEST_ZOOM = 30
_TILE = 256
_DEGREES = 85.05112878
"""Latitude where the map of the web ends."""


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
    def kept(self) -> Fragment:
        """The condition of the rows kept."""
        return condition_sql(condition(self.names, self.request.to_explore(self.names)))

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """The rows of an answer."""
        table = self.engine.table(self.source, Statement(sql, parameters), seconds=self.seconds)
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def bounding_box(map_query: Map) -> dict[str, Any]:
    """``bbox`` as west, south, east, north (empty without geometry), ``count``, and how many ``geometries`` of each type."""
    geometry = _sql(map_query.cell(ColumnType.GEO_SHAPE))
    where = map_query.kept
    rows = map_query.rows(
        f"SELECT CAST(ST_GeometryType(g) AS VARCHAR), count(*), min(ST_XMin(g)), min(ST_YMin(g)), max(ST_XMax(g)), "
        f"max(ST_YMax(g)) FROM (SELECT {geometry} AS g FROM rows WHERE {where.sql}) WHERE g IS NOT NULL GROUP BY 1 ORDER BY 1",
        *where.parameters,
    )
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
    values = [(serie, serie.fragments(map_query.names)) for serie in series]
    point = _sql(map_query.cell(ColumnType.GEO_POINT))
    where = map_query.kept
    columns = ", ".join(f"{f.sql} AS __v{n}" for n, f in enumerate(f for _s, fs in values for f in fs))
    # Cells of so many pixels on the map of the web; a heavier grid is drawn where there would be too many.
    side = pixels * 360 / (_TILE * 2.0**zoom)
    inner = f"SELECT *, ST_Centroid({point}) AS __p FROM rows WHERE {where.sql}"
    cells = "floor(ST_X(__p) / CAST(? AS DOUBLE)), floor(degrees(ln(tan(pi() / 4 + radians(greatest(least(ST_Y(__p), ?), -?)) / 2))) / CAST(? AS DOUBLE))"
    sql = (
        f"SELECT count(*), avg(ST_X(__p)), avg(ST_Y(__p)), "
        f"CAST(ST_AsGeoJSON(ST_ConvexHull(ST_Collect(list(__p)))) AS VARCHAR){', ' + columns if columns else ''} "
        f"FROM ({inner}) WHERE __p IS NOT NULL GROUP BY {cells} ORDER BY 1 DESC, 2, 3 LIMIT ?"
    )
    shared = [v for _s, fragments in values for fragment in fragments for v in fragment.parameters]
    rows = map_query.rows(sql, *shared, *where.parameters, side, _DEGREES, _DEGREES, side, MAX_CLUSTERS)
    listed = [_cluster(row, values) for row in rows]
    counts = [row["count"] for row in listed]
    return {
        "clusters": listed,
        "count": {"min": min(counts, default=0), "max": max(counts, default=0)},
        "series": _extremes(listed, series),
        "clusterprecision": zoom,
    }


def _cluster(row: tuple[Any, ...], values: list[tuple[Serie, list[Fragment]]]) -> dict[str, Any]:
    count, longitude, latitude, hull = row[:4]
    cluster: dict[str, Any] = {"cluster_center": [latitude, longitude], "count": count, "cluster": json.loads(hull)}
    if values:
        cluster["series"] = _series(row[4:], values)
    return cluster


def _series(row: tuple[Any, ...], values: list[tuple[Serie, list[Fragment]]]) -> dict[str, Any]:
    series, start = {}, 0
    for serie, fragments in values:
        series[serie.name] = serie.read(list(row[start : start + len(fragments)]))
        start += len(fragments)
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
    values = [(serie, serie.fragments(map_query.names)) for serie in series]
    listed = []
    for digest, shape, count, *rest in _shapes(map_query, zoom, MAX_SHAPES, values):
        row: dict[str, Any] = {"cluster": json.loads(shape), "count": count, "geo_digest": digest}
        if values:
            row["series"] = _series(tuple(rest), values)
        listed.append(row)
    counts = [row["count"] for row in listed]
    return {
        "clusters": listed,
        "count": {"min": min(counts, default=0), "max": max(counts, default=0)},
        "series": _extremes(listed, series),
    }


def _shapes(map_query: Map, zoom: int, rows: int, values: list[tuple[Serie, list[Fragment]]]) -> list[tuple[Any, ...]]:
    cell = map_query.cell(ColumnType.GEO_SHAPE)
    geometry, digest, where = _sql(cell), expression_sql(digest_of(cell)).sql, map_query.kept
    columns = [f.sql for _serie, fragments in values for f in fragments]
    shared = [value for _serie, fragments in values for f in fragments for value in f.parameters]
    tolerance = 360 / (_TILE * 2.0**zoom)
    sql = (
        f"SELECT __d, CAST(ST_AsGeoJSON(any_value(ST_SimplifyPreserveTopology({thinned('__g', tolerance)}, CAST(? AS DOUBLE)))) AS VARCHAR), "
        f"{', '.join(['count(*)', *columns])} "
        f"FROM (SELECT *, {geometry} AS __g, {digest} AS __d FROM rows WHERE {where.sql}) "
        f"WHERE __g IS NOT NULL GROUP BY __d ORDER BY 3 DESC, 1 LIMIT ?"
    )
    return map_query.rows(sql, tolerance, *shared, *where.parameters, rows)


def _sql(cell: Cell) -> str:
    return expression_sql(cell).sql


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
