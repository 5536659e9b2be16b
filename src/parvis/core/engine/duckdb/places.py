"""Where rows are, gathered by boxes, cells, shapes and squares, as DuckDB's statements."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.core.engine.duckdb.conditions import condition_sql
from parvis.core.engine.duckdb.expressions import expression_sql
from parvis.core.engine.duckdb.fragments import Fragment, Statement, filled, joined, parameter, written
from parvis.core.engine.duckdb.queries import projected, where_sql
from parvis.core.engine.duckdb.shape_tiles import thinned
from parvis.core.engine.plans import (
    BoundingBox,
    DistinctShapes,
    Gatherings,
    GeometryTypes,
    ProjectionTest,
    Squares,
    Usual,
)
from parvis.core.odsql.bound import ALWAYS, Aggregate


def bounding_box(plan: BoundingBox) -> Statement:
    """One list, so that it is one value and remembered."""
    edges = "min(ST_XMin({0})), min(ST_YMin({0})), max(ST_XMax({0})), max(ST_YMax({0}))"
    listed = filled(f"SELECT [count(*)::DOUBLE, {edges}] FROM rows", expression_sql(plan.geometry))
    return written(listed, *where_sql(plan.where))


def geometry_types(plan: GeometryTypes) -> Statement:
    """A row for each type."""
    return written(
        Fragment(
            "SELECT CAST(ST_GeometryType(g) AS VARCHAR), count(*), min(ST_XMin(g)), min(ST_YMin(g)), max(ST_XMax(g)), "
            "max(ST_YMax(g)) FROM (SELECT "
        ),
        expression_sql(plan.geometry),
        Fragment(" AS g FROM rows"),
        *where_sql(plan.where),
        Fragment(") WHERE g IS NOT NULL GROUP BY 1 ORDER BY 1"),
    )


def gatherings(plan: Gatherings) -> Statement:
    """A row for each cell of so many pixels on the map of the web; a heavier grid is drawn where there would be too many."""
    side, top = parameter(plan.side), parameter(plan.top)
    mercator = "degrees(ln(tan(pi() / 4 + radians(greatest(least(ST_Y(__p), {1}), -{1})) / 2)))"
    return written(
        Fragment(
            "SELECT count(*), avg(ST_X(__p)), avg(ST_Y(__p)), "
            "CAST(ST_AsGeoJSON(ST_ConvexHull(ST_Collect(list(__p)))) AS VARCHAR)"
        ),
        *_values(plan.values),
        filled(" FROM (SELECT *, ST_Centroid({0}) AS __p FROM rows", expression_sql(plan.point)),
        *where_sql(plan.where),
        filled(
            f") WHERE __p IS NOT NULL GROUP BY floor(ST_X(__p) / {{0}}), floor({mercator} / {{0}}) "
            "ORDER BY 1 DESC, 2, 3 LIMIT {2}",
            side,
            top,
            Fragment("?", (plan.limit,)),
        ),
    )


def distinct_shapes(plan: DistinctShapes) -> Statement:
    """A row for each shape."""
    simplified = f"ST_SimplifyPreserveTopology({thinned('__g', plan.tolerance)}, {{0}})"
    shape = filled(
        f"SELECT __d, CAST(ST_AsGeoJSON(any_value({simplified})) AS VARCHAR), count(*)", parameter(plan.tolerance)
    )
    source = filled(
        " FROM (SELECT *, {0} AS __g, {1} AS __d FROM rows", expression_sql(plan.geometry), expression_sql(plan.digest)
    )
    return written(
        shape,
        *_values(plan.values),
        source,
        *where_sql(plan.where),
        Fragment(") WHERE __g IS NOT NULL GROUP BY __d ORDER BY 3 DESC, 1 LIMIT ?", (plan.limit,)),
    )


def _values(values: Sequence[Aggregate]) -> list[Fragment]:
    return [filled(", {0}", expression_sql(value)) for value in values]


def squares(plan: Squares) -> Statement:
    """A row for each square."""
    geometry = expression_sql(plan.geometry)
    colour = expression_sql(plan.colour) if plan.colour is not None else Fragment("NULL")
    usual = {Usual.MEDIAN: "median(c)", Usual.MODE: "mode(c)"}[plan.usual]
    conditions = [filled("{0} IS NOT NULL AND NOT ST_IsEmpty({0})", geometry)]
    if plan.where != ALWAYS:
        conditions.append(filled("({0})", condition_sql(plan.where)))
    middle = "(ST_XMin(g) + ST_XMax(g)) / 2 AS x, (ST_YMin(g) + ST_YMax(g)) / 2 AS y"
    return written(
        Fragment(f"SELECT avg(x) AS x, avg(y) AS y, count(*) AS n, {usual} AS colour FROM (SELECT {middle}, c FROM "),
        filled("(SELECT {0} AS g, {1} AS c FROM rows WHERE ", geometry, colour),
        joined(conditions, " AND "),
        Fragment(")) GROUP BY floor(x / ?), floor(y / ?)", (plan.wide, plan.tall)),
    )


def projection_test(plan: ProjectionTest) -> Statement:
    """One number."""
    return Statement(f"SELECT ST_X({projected('ST_Point(2, 48)', plan.epsg)})")
