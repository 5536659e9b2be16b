"""How DuckDB computes each function: a template over its arguments ``{0}``, ``{1}``…, by name and number of arguments."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.core.odsql.bound import Bound
from parvis.core.odsql.functions import Function
from parvis.core.odsql.valuetypes import ValueType

RECTANGLE = "ST_MakeEnvelope(min(ST_XMin({0})), min(ST_YMin({0})), max(ST_XMax({0})), max(ST_YMax({0})))"
"""SQL of what surrounds geometries. ``ST_Extent_Agg`` beside ``list`` corrupts memory (DuckDB 1.5): wrong answers, or a crash."""

_METRES = "parvis_metres({0}, {1})"
_METRES_TO_SHAPE = "parvis_metres({1}, ST_EndPoint(ST_ShortestLine({1}, {0})))"
_CLOCK = "CAST({0} AS TIMESTAMP)"

_SCALARS = {
    ("length", 1): "length({0})",
    ("lower", 1): "lower({0})",
    ("upper", 1): "upper({0})",
    ("year", 1): "year({0})",
    ("month", 1): "month({0})",
    ("day", 1): "day({0})",
    ("hour", 1): f"hour({_CLOCK})",
    ("minute", 1): f"minute({_CLOCK})",
    ("second", 1): f"second({_CLOCK})",
    ("ifnull", 2): "coalesce({0}, {1})",
    ("distance", 2): _METRES,
    ("random", 1): "CAST(hash(__row, {0}) >> 1 AS BIGINT)",
    ("in_bbox", 5): "(ST_X({0}) BETWEEN least({2}, {4}) AND greatest({2}, {4}) "
    "AND ST_Y({0}) BETWEEN least({1}, {3}) AND greatest({1}, {3}))",
    ("within_distance", 3): f"({_METRES} <= {{2}})",
    ("distance", 3): f"({_METRES} <= {{2}})",
    ("intersects", 2): "ST_Intersects({0}, {1})",
    ("within", 2): "ST_Within({0}, {1})",
    ("polygon", 2): "ST_Within({0}, {1})",
    ("disjoint", 2): "ST_Disjoint({0}, {1})",
    ("geometry", 2): "ST_Intersects({0}, {1})",
    # Those that no query names: the house's own and those of version 1.
    ("text digest", 1): "md5({0})",
    ("geo digest", 1): "md5(CAST(ST_AsHEXWKB({0}) AS VARCHAR))",
    ("geometry type", 1): "lower(CAST(ST_GeometryType({0}) AS VARCHAR))",
    ("week", 1): "week({0})",
    ("weekday", 1): "(isodow({0}) - 1)",
    ("yearday", 1): "dayofyear({0})",
    # Those of OData.
    ("latitude", 1): "ST_Y({0})",
    ("longitude", 1): "ST_X({0})",
    ("joined", 2): "nullif(array_to_string({0}, {1}), '')",
    ("present", 1): "({0} IS NOT NULL)",
    ("contains", 2): "contains({0}, {1})",
    ("starts with", 2): "starts_with({0}, {1})",
    ("ends with", 2): "ends_with({0}, {1})",
    ("index of", 2): "(strpos({0}, {1}) - 1)",
    ("substring", 2): "substring({0}, greatest(CAST({1} AS BIGINT), 0) + 1)",
    ("substring", 3): "substring({0}, greatest(CAST({1} AS BIGINT), 0) + 1, greatest(CAST({2} AS BIGINT), 0))",
    ("trim", 1): "trim({0}, chr(32) || chr(9) || chr(10) || chr(13))",
    ("concat", 2): "({0} || {1})",
    ("date of", 1): "CAST({0} AS DATE)",
    ("round half away", 1): "round({0})",
    ("whole quotient", 2): "({0} // nullif({1}, 0))",
    ("remainder", 2): "({0} % nullif({1}, 0))",
}

# TRY: a logarithm of a negative number is no number, not the end of the whole answer.
_FORMULAS = {
    ("sin", 1): "TRY(sin({0}))",
    ("cos", 1): "TRY(cos({0}))",
    ("tan", 1): "TRY(tan({0}))",
    ("asin", 1): "TRY(asin({0}))",
    ("acos", 1): "TRY(acos({0}))",
    ("atan", 1): "atan({0})",
    ("atan2", 2): "atan2({0}, {1})",
    ("toRadians", 1): "radians({0})",
    ("toDegrees", 1): "degrees({0})",
    ("exp", 1): "TRY(exp({0}))",
    ("log", 1): "TRY(ln({0}))",
    ("log10", 1): "TRY(log10({0}))",
    ("sqrt", 1): "TRY(sqrt({0}))",
    ("cbrt", 1): "cbrt({0})",
    ("ceil", 1): "ceil({0})",
    ("floor", 1): "floor({0})",
    ("rint", 1): "round_even({0}, 0)",
    ("round", 1): "floor({0} + 0.5)",
    ("pow", 2): "TRY(pow({0}, {1}))",
    ("abs", 1): "abs({0})",
    ("signum", 1): "sign({0})",
    ("max", 2): "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN greatest({0}, {1}) END",
    ("min", 2): "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN least({0}, {1}) END",
    ("sinh", 1): "TRY(sinh({0}))",
    ("cosh", 1): "TRY(cosh({0}))",
    ("tanh", 1): "tanh({0})",
    ("hypot", 2): "TRY(sqrt({0} * {0} + {1} * {1}))",
}

_OF_SHAPES = {
    ("in_bbox", 5): (
        "ST_Intersects({0}, ST_MakeEnvelope(least({2}, {4}), least({1}, {3}), greatest({2}, {4}), greatest({1}, {3})))"
    ),
    ("distance", 2): _METRES_TO_SHAPE,
    ("within_distance", 3): f"({_METRES_TO_SHAPE} <= {{2}})",
    ("distance", 3): f"({_METRES_TO_SHAPE} <= {{2}})",
}
"""Where shapes are not computed as points are, which have a quicker way of their own."""

_AGGREGATES = {
    ("count", 0): "count(*)",
    ("count", 1): "count({0})",
    ("sum", 1): "sum({0})",
    ("avg", 1): "avg({0})",
    ("min", 1): "min({0})",
    ("max", 1): "max({0})",
    ("median", 1): "quantile_cont({0}, 0.5)",
    ("percentile", 2): "quantile_cont({0}, CAST({1} AS DOUBLE) / 100)",
    ("stddev", 1): "stddev_pop({0})",
    ("envelope", 1): "ST_ConvexHull(ST_Collect(list({0}) FILTER ({0} IS NOT NULL)))",
    ("bbox", 1): RECTANGLE,
    ("cardinality", 1): "count(DISTINCT {0})",
}


def scalar(function: Function, arguments: Sequence[Bound]) -> str:
    """The template of a function of one row."""
    key = function.name, len(arguments)
    if arguments and arguments[0].type is ValueType.SHAPE and key in _OF_SHAPES:
        return _OF_SHAPES[key]
    return _SCALARS[key] if key in _SCALARS else _FORMULAS[key]


def aggregate(function: Function, arguments: Sequence[Bound]) -> str:
    """The template of a function of several rows."""
    return _AGGREGATES[function.name, len(arguments)]
