"""Bound queries to DuckDB's statements.

Every value becomes a ``?``; only names of columns known to the source, quoted, and operators written here become text.
"""

from __future__ import annotations

from enum import StrEnum

from parvis.core.engine.contract import PLACE, ROW, Statement
from parvis.core.engine.duckdb.conditions import SORT_KEYS, condition_sql, order_sql, sort_key
from parvis.core.engine.duckdb.expressions import expression_sql
from parvis.core.engine.duckdb.fragments import Fragment, concat, filled, joined
from parvis.core.odsql import bound
from parvis.core.odsql.valuetypes import ValueType

__all__ = [
    "Fragment",
    "GeoForm",
    "condition_sql",
    "expression_sql",
    "to_count",
    "to_counted_groups",
    "to_group_count",
    "to_marked",
    "to_statement",
]


class GeoForm(StrEnum):
    """How geometries leave the engine."""

    JSON = "json"
    """A point is a struct of ``lon`` and ``lat``; a shape is the text of its GeoJSON geometry."""
    WKB = "wkb"
    """Both are well-known binary."""


def to_statement(query: bound.Query, geo: GeoForm = GeoForm.JSON) -> Statement:
    """The statement that answers a query; one column an output, in order, named by its rank.

    Keys are chosen by the caller, so they never become SQL; columns of the source never start with two underscores, so an
    order is never taken for an output.
    """
    outputs = [_output(rank, output, geo) for rank, output in enumerate(query.outputs)]
    if query.groups:
        return _grouped(query, outputs)
    return _paged(query, outputs)


def to_marked(query: bound.Query, geo: GeoForm = GeoForm.JSON) -> Statement:
    """The same with, after the outputs, the rank of each row in the source and the keys it is ordered by."""
    outputs = [_output(rank, output, geo) for rank, output in enumerate(query.outputs)]
    keys = [concat([sort_key(order), Fragment(f" AS __k{rank}")]) for rank, order in enumerate(query.order_by)]
    return _paged(query, [*outputs, Fragment(ROW), *keys])


def to_count(where: bound.Test) -> Statement:
    """The statement that counts the rows a condition keeps."""
    return _statement([Fragment("SELECT count(*) FROM rows"), *_where(where)])


def to_counted_groups(query: bound.Query, geo: GeoForm = GeoForm.JSON) -> Statement:
    """That of a grouped query with, after the outputs, the number of all its groups: rows are then gone through once."""
    outputs = [_output(rank, output, geo) for rank, output in enumerate(query.outputs)]
    return _grouped(query, [*outputs, Fragment("count(*) OVER () AS __groups")])


def to_group_count(query: bound.Query) -> Statement:
    """The statement that counts the groups of a grouped query."""
    keys = joined([Fragment(f"__g{rank}") for rank in range(len(query.groups))], ", ")
    return _statement(
        [filled("SELECT count(*) FROM (SELECT {0} FROM ", keys), _keyed(query), filled(" GROUP BY {0})", keys)]
    )


def _paged(query: bound.Query, outputs: list[Fragment]) -> Statement:
    """The rows of an answer without groups, in order.

    Loaded rows are ordered without what is shown of them, which is then fetched for those of the page alone.
    """
    where = _where(query.where if query.after is None else bound.Every((query.where, query.after)))
    start, order = _selected(query, outputs), _order(query)
    whole = concat([*start, *where, *order, *_page(query)])
    if not order or query.limit is None or query.totals:
        return Statement(whole.sql, whole.parameters)
    ranked = concat([Fragment(f"SELECT {PLACE} FROM rows"), *where, *order, *_page(query)])
    few = concat([*start, filled(f" WHERE {PLACE} IN ({{0}})", ranked), *order])
    return Statement(whole.sql, whole.parameters, Statement(few.sql, few.parameters))


def _selected(query: bound.Query, outputs: list[Fragment]) -> list[Fragment]:
    parts = [Fragment("SELECT "), joined(outputs, ", "), Fragment(" FROM rows")]
    if query.totals:
        totals = [filled(f"{{0}} AS __t{rank}", expression_sql(total)) for rank, total in enumerate(query.totals)]
        inside = concat([Fragment("SELECT "), joined(totals, ", "), Fragment(" FROM rows"), *_where(query.where)])
        parts.append(filled(" CROSS JOIN ({0}) AS __totals", inside))
    return parts


def _order(query: bound.Query) -> list[Fragment]:
    if not query.order_by and (query.after is None or isinstance(query.after, bound.AtRow)):
        return []  # as they lie, or one alone
    # The rank of the row decides between equals, so that pages never overlap.
    return [Fragment(" ORDER BY "), joined([*map(order_sql, query.order_by), Fragment(ROW)], ", ")]


def _grouped(query: bound.Query, outputs: list[Fragment]) -> Statement:
    keys = joined([Fragment(f"__g{rank}") for rank in range(len(query.groups))], ", ")
    parts = [Fragment("SELECT "), joined(outputs, ", "), Fragment(" FROM "), _keyed(query)]
    parts += [filled(" GROUP BY {0}", keys), Fragment(" ORDER BY ")]
    orders = [*map(order_sql, query.order_by), *(_key_order(rank, group) for rank, group in enumerate(query.groups))]
    return _statement([*parts, joined(orders, ", "), *_page(query)])


def _key_order(rank: int, group: bound.Group) -> Fragment:
    """Keys ascending, the null group first (specification, section 7.5); texts equal but for case keep one order."""
    key = f"__g{rank}"
    if group.expression.type in (ValueType.TEXT, ValueType.TEXTS):
        return Fragment(f"{SORT_KEYS[ValueType.TEXT].format(key)} ASC NULLS FIRST, {key} ASC NULLS FIRST")
    return Fragment(f"{key} ASC NULLS FIRST")


def _keyed(query: bound.Query) -> Fragment:
    """Rows with their group keys; a row stands once for each of its values when a key has several."""
    keys = [
        filled(f"{_key_template(group)} AS __g{rank}", expression_sql(group.expression))
        for rank, group in enumerate(query.groups)
    ]
    several = [group.expression.type is ValueType.TEXTS for group in query.groups]
    # Two keys of several values are unfolded one after the other: side by side, their values would go in pairs.
    later = [key for rank, key in enumerate(keys) if several[rank] and any(several[:rank])]
    first = [key for key in keys if key not in later]
    inside = concat([Fragment("SELECT *, "), joined(first, ", "), Fragment(" FROM rows"), *_where(query.where)])
    for key in later:
        inside = filled("SELECT *, {1} FROM ({0})", inside, key)
    outside = [
        Fragment(f"__g{rank} IS DISTINCT FROM -1")
        for rank, group in enumerate(query.groups)
        if isinstance(group.expression, bound.Tranche)
    ]
    keyed = filled("({0}) AS __keyed", inside)
    return filled("{0} WHERE {1}", keyed, joined(outside, " AND ")) if outside else keyed


def _key_template(group: bound.Group) -> str:
    if group.expression.type is ValueType.TEXTS:
        return "unnest(CASE WHEN len({0}) > 0 THEN list_distinct({0}) ELSE [NULL] END)"
    return "{0}"


def _page(query: bound.Query) -> list[Fragment]:
    parts = []
    if query.limit is not None:
        parts.append(Fragment(" LIMIT ?", (query.limit,)))
    if query.offset:
        parts.append(Fragment(" OFFSET ?", (query.offset,)))
    return parts


def _statement(parts: list[Fragment]) -> Statement:
    whole = concat(parts)
    return Statement(whole.sql, whole.parameters)


def _where(where: bound.Test) -> list[Fragment]:
    return [] if where == bound.ALWAYS else [Fragment(" WHERE "), condition_sql(where)]


def _output(rank: int, output: bound.Output, geo: GeoForm) -> Fragment:
    value = expression_sql(output.expression)
    template = _GEO.get((output.expression.type, geo), "{0}")
    return concat([filled(template, value), Fragment(f" AS __{rank}")])


_GEO: dict[tuple[ValueType, GeoForm], str] = {
    (ValueType.POINT, GeoForm.JSON): "CASE WHEN {0} IS NOT NULL THEN {'lon': ST_X({0}), 'lat': ST_Y({0})} END",
    (ValueType.SHAPE, GeoForm.JSON): "CAST(ST_AsGeoJSON({0}) AS VARCHAR)",
    (ValueType.GEOMETRY, GeoForm.JSON): "CAST(ST_AsGeoJSON({0}) AS VARCHAR)",
    (ValueType.POINT, GeoForm.WKB): "ST_AsWKB({0})",
    (ValueType.SHAPE, GeoForm.WKB): "ST_AsWKB({0})",
    (ValueType.GEOMETRY, GeoForm.WKB): "ST_AsWKB({0})",
}
