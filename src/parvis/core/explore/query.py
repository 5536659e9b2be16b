"""A request bound to a source: what ``records``, ``export`` and ``facets`` have in common."""

from __future__ import annotations

from dataclasses import replace

from parvis.core.engine.contract import AnySource
from parvis.core.explore.facet_terms import excluded, read_options, read_term, refined
from parvis.core.explore.request import ExploreRequest
from parvis.core.odsql import Binder, Names, parse_group_by, parse_order_by, parse_select, parse_where
from parvis.core.odsql.bound import ALWAYS, Bound, Every, Group, Order, Output, Query, Test
from parvis.core.odsql.errors import NotAllowedHere
from parvis.core.odsql.grouping import Grouping, is_random, refuse_buckets, totals_of


def names_of(source: AnySource) -> Names:
    """The names a source offers when nothing more is known of it."""
    return Names(source.shape)


def condition(names: Names, request: ExploreRequest) -> Test:
    """The rows a request keeps: its ``where``, ``refine`` and ``exclude``."""
    binder = Binder(names, "where", request.timezone, request.lang)
    tests = [binder.test(parse_where(text)) for text in request.where]
    options = {asked.name: asked for asked in map(read_options, request.facet)}
    terms = [read_term("refine", text) for text in request.refine]
    without = [read_term("exclude", text) for text in request.exclude]
    tests.append(refined(names, terms, options, request.timezone))
    tests.append(excluded(names, without, options, request.timezone))
    tests.append(request.extra)
    effective = tuple(test for test in tests if test != ALWAYS)
    return Every(effective) if effective else ALWAYS


def bind(names: Names, request: ExploreRequest, limit: int | None, offset: int) -> Query:
    """The whole question, checked; nothing has been computed yet."""
    where = condition(names, request)
    groups = _groups(names, request)
    expressions: dict[str, Bound] = {group.key: group.expression for group in groups}
    binder = Binder(names, "select", request.timezone, request.lang, expressions)
    outputs = binder.outputs(parse_select(request.select), groups)
    orders: tuple[Order, ...] = ()
    if request.order_by.strip():
        orders = replace(binder, clause="order_by").orders(parse_order_by(request.order_by), outputs)
    if groups:
        return _grouped(Query(outputs, where, orders, limit, offset, groups))
    return _plain(Query(outputs, where, orders, limit, offset))


def _groups(names: Names, request: ExploreRequest) -> tuple[Group, ...]:
    if not request.is_grouped:
        return ()
    return Binder(names, "group_by", request.timezone, request.lang).groups(parse_group_by(request.group_by))


def _grouped(query: Query) -> Query:
    for order in query.order_by:
        if is_random(order.expression):
            raise NotAllowedHere(name="random()", clause="order_by")
    grouping = Grouping(query.groups)
    return replace(
        query,
        outputs=grouping.outputs(query.outputs, "select"),
        order_by=grouping.orders(query.order_by, "order_by"),
    )


def _plain(query: Query) -> Query:
    for output in query.outputs:
        refuse_buckets(output.expression, "select")
    for order in query.order_by:
        refuse_buckets(order.expression, "order_by")
    totals = totals_of((*_expressions(query.outputs), *(order.expression for order in query.order_by)))
    if not totals.found:
        return query
    return replace(
        query,
        outputs=totals.outputs(query.outputs),
        order_by=totals.orders(query.order_by),
        totals=totals.found,
    )


def _expressions(outputs: tuple[Output, ...]) -> tuple[Bound, ...]:
    return tuple(output.expression for output in outputs)
