"""Bound queries to DuckDB's statements.

Every value becomes a ``?``; only names of columns known to the source, quoted, and operators written here become text.
"""

from __future__ import annotations

from parvis.core.engine.contract import ROW, SEARCH
from parvis.core.engine.duckdb.conditions import SORT_KEYS, condition_sql, order_sql, sort_key
from parvis.core.engine.duckdb.expressions import expression_sql
from parvis.core.engine.duckdb.fragments import PLACE, Fragment, Ranking, Statement, concat, filled, joined, written
from parvis.core.engine.duckdb.rankings import LARGEST_PAGE
from parvis.core.engine.plans import (
    WGS84,
    Count,
    CountedGroups,
    GeometryForm,
    GroupCount,
    MarkedRows,
    Rows,
    SearchedWords,
)
from parvis.core.odsql import bound
from parvis.core.odsql.valuetypes import ValueType


def rows(plan: Rows) -> Statement:
    """The statement that answers a query; one column an output, in order, named by its rank.

    Keys are chosen by the caller, so they never become SQL; columns of the source never start with two underscores, so an
    order is never taken for an output.
    """
    geographic = any(output.expression.type in _GEOGRAPHIC for output in plan.query.outputs)
    if (plan.form is GeometryForm.JSON and plan.epsg == WGS84) or plan.form is GeometryForm.WKB or not geographic:
        return _answer(plan.query, plan.form)
    inner = _answer(plan.query, GeometryForm.WKB)
    columns = [_reformed(plan, rank, output) for rank, output in enumerate(plan.query.outputs)]
    return Statement(f"SELECT {', '.join(columns)} FROM ({inner.sql})", inner.parameters)


def marked_rows(plan: MarkedRows) -> Statement:
    """The same with, after the outputs, the rank of each row in the source and the keys it is ordered by."""
    orders = enumerate(plan.query.order_by)
    keys = [concat([sort_key(order), Fragment(f" AS __k{rank}")]) for rank, order in orders]
    return _paged(plan.query, [*_outputs(plan.query, GeometryForm.JSON), Fragment(ROW), *keys])


def counted_groups(plan: CountedGroups) -> Statement:
    """That of a grouped query with, after the outputs, the number of all its groups."""
    counted = Fragment("count(*) OVER () AS __groups")
    return _grouped(plan.query, [*_outputs(plan.query, GeometryForm.JSON), counted])


def group_count(plan: GroupCount) -> Statement:
    """The statement that counts the groups of a grouped query."""
    keys = joined([Fragment(f"__g{rank}") for rank in range(len(plan.query.groups))], ", ")
    start = filled("SELECT count(*) FROM (SELECT {0} FROM ", keys)
    return written(start, _keyed(plan.query), filled(" GROUP BY {0})", keys))


def count(plan: Count) -> Statement:
    """The statement that counts the rows a condition keeps."""
    return written(Fragment("SELECT count(*) FROM rows"), *where_sql(plan.where))


def searched_words(_plan: SearchedWords) -> Statement:
    """The statement that gives the words of each row."""
    return Statement(f"SELECT {SEARCH} FROM rows ORDER BY {ROW}")


def _answer(query: bound.Query, form: GeometryForm) -> Statement:
    outputs = _outputs(query, form)
    return _grouped(query, outputs) if query.groups else _paged(query, outputs)


def _outputs(query: bound.Query, form: GeometryForm) -> list[Fragment]:
    return [_output(rank, output, form) for rank, output in enumerate(query.outputs)]


def _paged(query: bound.Query, outputs: list[Fragment]) -> Statement:
    """The rows of an answer without groups, in order.

    Loaded rows are ordered without what is shown of them, which is then fetched for those of the page alone.
    """
    where = where_sql(query.where if query.after is None else bound.Every((query.where, query.after)))
    start, order = _selected(query, outputs), _order(query)
    whole = concat([*start, *where, *order, *_page(query)])
    if not order or query.limit is None or query.totals or isinstance(query.after, bound.Ranked):
        return Statement(whole.sql, whole.parameters)
    ranked = concat([Fragment(f"SELECT {PLACE} FROM rows"), *where, *order, *_page(query)])
    few = concat([*start, filled(f" WHERE {PLACE} IN ({{0}})", ranked), *order])
    loaded = Statement(few.sql, few.parameters)
    return Statement(whole.sql, whole.parameters, loaded, ranking=_ranking(query, concat([*start, *order])))


def _ranking(query: bound.Query, page: Fragment) -> Ranking | None:
    """That of a page of all rows, ordered by columns as they are."""
    of_columns = all(isinstance(order.expression, bound.Cell) for order in query.order_by)
    if query.where != bound.ALWAYS or query.after is not None or not of_columns or (query.limit or 0) > LARGEST_PAGE:
        return None
    order = joined([*map(order_sql, query.order_by)], ", ").sql
    return Ranking(order, query.offset, query.limit or 0, Statement(page.sql, page.parameters))


def _selected(query: bound.Query, outputs: list[Fragment]) -> list[Fragment]:
    parts = [Fragment("SELECT "), joined(outputs, ", "), Fragment(" FROM rows")]
    if query.totals:
        totals = [filled(f"{{0}} AS __t{rank}", expression_sql(total)) for rank, total in enumerate(query.totals)]
        inside = concat([Fragment("SELECT "), joined(totals, ", "), Fragment(" FROM rows"), *where_sql(query.where)])
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
    return written(*parts, joined(orders, ", "), *_page(query))


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
    inside = concat([Fragment("SELECT *, "), joined(first, ", "), Fragment(" FROM rows"), *where_sql(query.where)])
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


def where_sql(where: bound.Test) -> list[Fragment]:
    """A ``WHERE`` clause; nothing when all rows are kept."""
    return [] if where == bound.ALWAYS else [Fragment(" WHERE "), condition_sql(where)]


def _output(rank: int, output: bound.Output, form: GeometryForm) -> Fragment:
    value = expression_sql(output.expression)
    template = _GEO.get((output.expression.type, form))
    if template:
        value = filled(template, value)
    return Fragment(f"{value.sql} AS __{rank}", value.parameters)


_GEO: dict[tuple[ValueType, GeometryForm], str] = {
    (ValueType.POINT, GeometryForm.JSON): "CASE WHEN {0} IS NOT NULL THEN {'lon': ST_X({0}), 'lat': ST_Y({0})} END",
    (ValueType.SHAPE, GeometryForm.JSON): "CAST(ST_AsGeoJSON({0}) AS VARCHAR)",
    (ValueType.GEOMETRY, GeometryForm.JSON): "CAST(ST_AsGeoJSON({0}) AS VARCHAR)",
    (ValueType.POINT, GeometryForm.WKB): "ST_AsWKB({0})",
    (ValueType.SHAPE, GeometryForm.WKB): "ST_AsWKB({0})",
    (ValueType.GEOMETRY, GeometryForm.WKB): "ST_AsWKB({0})",
}
_GEOGRAPHIC = (ValueType.POINT, ValueType.SHAPE, ValueType.GEOMETRY)


def _reformed(plan: Rows, rank: int, output: bound.Output) -> str:
    """A column of an answer in WKB in the form that the plan wants, the one drawn projected."""
    name = f"__{rank}"
    if output.expression.type not in _GEOGRAPHIC:
        return name
    shape, drawn = f"ST_GeomFromWKB({name})", rank == plan.drawn
    if drawn and plan.epsg != WGS84:
        shape = projected(shape, plan.epsg)
    form = _FORMS[plan.form] if drawn or plan.form is GeometryForm.WKT else GeometryForm.JSON
    if form is GeometryForm.WKB:
        return f"ST_AsWKB({shape}) AS {name}"
    if form is GeometryForm.WKT:
        return f"ST_AsText({shape}) AS {name}"
    if output.expression.type is ValueType.POINT:
        return f"CASE WHEN {name} IS NOT NULL THEN {{'lon': ST_X({shape}), 'lat': ST_Y({shape})}} END AS {name}"
    return f"CAST(ST_AsGeoJSON({shape}) AS VARCHAR) AS {name}"


def projected(geometry: str, epsg: int) -> str:
    """A stored geometry in a system, x or longitude first; an error when there is no such system."""
    return f"ST_Transform({geometry}, 'EPSG:{WGS84:d}', 'EPSG:{epsg:d}', true)"


_FORMS = {
    GeometryForm.JSON: GeometryForm.JSON,
    GeometryForm.WKT: GeometryForm.WKT,
    GeometryForm.DRAWN_WKB: GeometryForm.WKB,
    GeometryForm.DRAWN_WKT: GeometryForm.WKT,
}
"""How the geometry drawn leaves, by the form asked."""
