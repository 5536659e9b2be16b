"""Which column a map format draws, and in which form geometries leave the engine, reprojected if asked."""

from __future__ import annotations

from parvis.core.engine.contract import AnySource, Engine
from parvis.core.engine.errors import EngineFailed, QueryRefused
from parvis.core.engine.plans import WGS84, GeometryForm, ProjectionTest, Rows
from parvis.core.explore.errors import InvalidParameter
from parvis.core.odsql.bound import Output, Query
from parvis.core.odsql.valuetypes import ValueType

_GEOGRAPHIC = (ValueType.POINT, ValueType.SHAPE, ValueType.GEOMETRY)


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


def geometry_plan(query: Query, leaving: GeometryForm, epsg: int = WGS84) -> Rows:
    """The plan whose geometries come in that form; the one drawn is projected to ``epsg``, x or longitude first."""
    return Rows(query, leaving, drawn_rank(query.outputs), epsg)


def require_projection(engine: Engine, source: AnySource, epsg: int) -> None:
    """InvalidParameter when no map projection has that EPSG code."""
    if epsg == WGS84:
        return
    try:
        engine.value(source, ProjectionTest(epsg))
    except (QueryRefused, EngineFailed) as error:
        expected = "the EPSG code of a coordinate system, such as 4326, 3857 or 2154"
        raise InvalidParameter(name="epsg", value=epsg, expected=expected) from error
