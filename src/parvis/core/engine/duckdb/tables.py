"""Facets, series and numbers over columns, as DuckDB's statements."""

from __future__ import annotations

from parvis.core.engine.duckdb.conditions import condition_sql
from parvis.core.engine.duckdb.expressions import expression_sql
from parvis.core.engine.duckdb.fragments import Fragment, Statement, concat, filled, joined, written
from parvis.core.engine.duckdb.queries import where_sql
from parvis.core.engine.plans import FacetCounts, FacetOrder, FormulaCells, Quantiles, Series, SortedNumbers
from parvis.core.odsql.bound import ALWAYS, Bound, Test
from parvis.core.odsql.valuetypes import ValueType

_BY_TEXT = "parvis_sort_key(CAST(v AS VARCHAR))"
_ORDERS = {
    FacetOrder.COUNT: "n ASC, v ASC",
    FacetOrder.COUNT_DOWN: "n DESC, v ASC",
    FacetOrder.ALPHANUM: f"{_BY_TEXT} ASC, v ASC",
    FacetOrder.ALPHANUM_DOWN: f"{_BY_TEXT} DESC, v DESC",
    FacetOrder.NUMBER: "v ASC",
    FacetOrder.NUMBER_DOWN: "v DESC",
}


def facet_counts(plan: FacetCounts) -> Statement:
    """Values and counts."""
    return written(
        Fragment("SELECT v, n FROM (SELECT v, count(*) AS n FROM (SELECT "),
        one_by_one(plan.value),
        Fragment(" AS v FROM rows"),
        *where_sql(plan.where),
        Fragment(f") WHERE v IS NOT NULL GROUP BY v) ORDER BY {_ORDERS[plan.order]} LIMIT ?", (plan.limit,)),
    )


def one_by_one(value: Bound) -> Fragment:
    """A value, or each of a list in a row of its own."""
    template = "unnest(list_distinct({0}))" if value.type is ValueType.TEXTS else "{0}"
    return filled(template, expression_sql(value))


def formula_cells(plan: FormulaCells) -> Statement:
    """One number."""
    starts = joined([Fragment("?", (start,)) for start in plan.starts], ", ")
    template = "count(*) FILTER (left({0}, 1) IN ({1}) AND TRY_CAST({0} AS DOUBLE) IS NULL)"
    counts = [filled(template, expression_sql(cell), starts) for cell in plan.cells]
    return written(Fragment("SELECT "), joined(counts, " + "), Fragment(" FROM rows"))


def series(plan: Series) -> Statement:
    """Axes, then values."""
    keys = [f"__k{rank}" for rank in range(len(plan.axes))]
    inner = [filled(f", {{0}} AS {key}", one_by_one(axis)) for axis, key in zip(plan.axes, keys, strict=True)]
    values = [filled(f"{{0}} AS __v{rank}", expression_sql(value)) for rank, value in enumerate(plan.values)]
    parts = [
        Fragment("SELECT "),
        joined([*map(Fragment, keys), *values], ", "),
        Fragment(" FROM (SELECT *"),
        concat(inner),
        Fragment(" FROM rows"),
        *where_sql(plan.where),
        Fragment(")"),
    ]
    if keys:
        present = " AND ".join(f"{key} IS NOT NULL" for key in keys)
        orders = [
            f"__{'k' if order.is_axis else 'v'}{order.rank:d} {'DESC' if order.descending else 'ASC'} NULLS LAST"
            for order in plan.orders
        ]
        grouped = f" WHERE {present} GROUP BY {', '.join(keys)} ORDER BY {', '.join([*orders, *keys])} LIMIT ?"
        parts.append(Fragment(grouped, (plan.limit,)))
    return written(*parts)


def quantiles(plan: Quantiles) -> Statement:
    """One list."""
    shares = ", ".join(repr(float(share)) for share in plan.shares)
    return _listed(f"quantile_disc({{0}}, [{shares}])", plan.number, plan.where)


def sorted_numbers(plan: SortedNumbers) -> Statement:
    """One list."""
    return _listed("list({0} ORDER BY {0})", plan.number, plan.where)


def _listed(template: str, value: Bound, where: Test) -> Statement:
    number = filled("CAST({0} AS DOUBLE)", expression_sql(value))
    narrowed = [Fragment(" AND "), filled("({0})", condition_sql(where))] if where != ALWAYS else []
    finite = filled("isfinite({0})", number)
    return written(Fragment("SELECT "), filled(template, number), Fragment(" FROM rows WHERE "), finite, *narrowed)
