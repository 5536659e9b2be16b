"""Which column a map format draws, and in which form geometries leave the engine, reprojected if asked."""

from __future__ import annotations

from enum import StrEnum

from parvis.core.engine.contract import AnySource, Engine, Statement
from parvis.core.engine.duckdb.queries import GeoForm, to_statement
from parvis.core.engine.errors import EngineFailed, QueryRefused
from parvis.core.explore.errors import InvalidParameter
from parvis.core.odsql.bound import Output, Query
from parvis.core.odsql.valuetypes import ValueType

WGS84 = 4326
_GEOGRAPHIC = (ValueType.POINT, ValueType.SHAPE, ValueType.GEOMETRY)


class GeometryForm(StrEnum):
    """The form of geometries in the batches that a writer gets."""

    JSON = "json"
    """Points as ``lon`` and ``lat``, shapes as the text of a GeoJSON geometry."""
    WKB = "wkb"
    """All of them as well-known binary."""
    WKT = "wkt"
    """All of them as well-known text."""
    DRAWN_WKB = "drawn-wkb"
    """The one drawn as well-known binary, the others as JSON."""
    DRAWN_WKT = "drawn-wkt"
    """The one drawn as well-known text, the others as JSON."""


def is_geographic(output: Output) -> bool:
    """Whether an output holds points or shapes."""
    return output.expression.type in _GEOGRAPHIC


def drawn_rank(outputs: tuple[Output, ...]) -> int | None:
    """The place of the column drawn: the first shape, else the first point; None when there is neither."""
    for kinds in ((ValueType.SHAPE, ValueType.GEOMETRY), (ValueType.POINT,)):
        for rank, output in enumerate(outputs):
            if output.expression.type in kinds:
                return rank
    return None


def geometry_statement(query: Query, leaving: GeometryForm, epsg: int = WGS84) -> Statement:
    """The statement whose geometries come in that form; the one drawn is projected to ``epsg``, x or longitude first."""
    geographic = any(map(is_geographic, query.outputs))
    if leaving is GeometryForm.WKB or (leaving is GeometryForm.JSON and epsg == WGS84) or not geographic:
        return to_statement(query, GeoForm.WKB if leaving is GeometryForm.WKB else GeoForm.JSON)
    inner = to_statement(query, GeoForm.WKB)
    drawn = drawn_rank(query.outputs)
    columns = [_column(rank, output, leaving, rank == drawn, epsg) for rank, output in enumerate(query.outputs)]
    return Statement(f"SELECT {', '.join(columns)} FROM ({inner.sql})", inner.parameters)


def require_projection(engine: Engine, source: AnySource, epsg: int) -> None:
    """InvalidParameter when no map projection has that EPSG code."""
    if epsg == WGS84:
        return
    sql = f"SELECT ST_X(ST_Transform(ST_Point(2, 48), 'EPSG:{WGS84}', 'EPSG:{epsg:d}', true))"
    try:
        engine.value(source, Statement(sql))
    except (QueryRefused, EngineFailed) as error:
        expected = "the EPSG code of a coordinate system, such as 4326, 3857 or 2154"
        raise InvalidParameter(name="epsg", value=epsg, expected=expected) from error


def _column(rank: int, output: Output, leaving: GeometryForm, drawn: bool, epsg: int) -> str:
    name = f"__{rank}"
    if not is_geographic(output):
        return name
    shape = f"ST_GeomFromWKB({name})"
    if drawn and epsg != WGS84:
        shape = f"ST_Transform({shape}, 'EPSG:{WGS84}', 'EPSG:{epsg:d}', true)"
    form = _FORMS[leaving] if drawn or leaving is GeometryForm.WKT else GeometryForm.JSON
    if form is GeometryForm.WKB:
        return f"ST_AsWKB({shape}) AS {name}"
    if form is GeometryForm.WKT:
        return f"ST_AsText({shape}) AS {name}"
    if output.expression.type is ValueType.POINT:
        return f"CASE WHEN {name} IS NOT NULL THEN {{'lon': ST_X({shape}), 'lat': ST_Y({shape})}} END AS {name}"
    return f"CAST(ST_AsGeoJSON({shape}) AS VARCHAR) AS {name}"


_FORMS = {
    GeometryForm.JSON: GeometryForm.JSON,
    GeometryForm.WKT: GeometryForm.WKT,
    GeometryForm.DRAWN_WKB: GeometryForm.WKB,
    GeometryForm.DRAWN_WKT: GeometryForm.WKT,
}
