"""Plans to DuckDB's statements: one row each.

Every value becomes a ``?``; only names of columns known to the source, quoted, and operators written here become text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from parvis.core.engine import plans
from parvis.core.engine.duckdb import places, point_tiles, queries, shape_tiles, tables
from parvis.core.engine.duckdb.fragments import Statement
from parvis.core.engine.duckdb.keys import equalities
from parvis.core.odsql.bound import Test

STATEMENTS: dict[type, Callable[[Any], Statement]] = {
    plans.Rows: queries.rows,
    plans.MarkedRows: queries.marked_rows,
    plans.CountedGroups: queries.counted_groups,
    plans.GroupCount: queries.group_count,
    plans.Count: queries.count,
    plans.SearchedWords: queries.searched_words,
    plans.FacetCounts: tables.facet_counts,
    plans.FormulaCells: tables.formula_cells,
    plans.Series: tables.series,
    plans.Quantiles: tables.quantiles,
    plans.SortedNumbers: tables.sorted_numbers,
    plans.BoundingBox: places.bounding_box,
    plans.GeometryTypes: places.geometry_types,
    plans.Gatherings: places.gatherings,
    plans.DistinctShapes: places.distinct_shapes,
    plans.Squares: places.squares,
    plans.ProjectionTest: places.projection_test,
    plans.PointGrid: point_tiles.point_grid,
    plans.CellCounts: point_tiles.cell_counts,
    plans.RowsTile: point_tiles.rows_tile,
    plans.ClustersTile: point_tiles.clusters_tile,
    plans.SpotsTile: point_tiles.spots_tile,
    plans.ShapesTile: shape_tiles.shapes_tile,
}


def statement_of(plan: plans.Plan) -> Statement:
    """The statement that answers a plan; TooComplex when a condition asks more than can be done in time."""
    statement = STATEMENTS[type(plan)](plan)
    return replace(statement, equalities=equalities(_condition(plan))) if isinstance(plan, _NARROWED) else statement


_NARROWED = (
    plans.Rows,
    plans.MarkedRows,
    plans.CountedGroups,
    plans.GroupCount,
    plans.Count,
    plans.FacetCounts,
    plans.Series,
)
"""Plans that read nothing but the rows of their condition."""


def _condition(plan: Any) -> Test:
    test: Test = plan.query.where if hasattr(plan, "query") else plan.where
    return test
