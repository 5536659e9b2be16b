"""A request bound to a source: what ``records``, ``export`` and ``facets`` have in common."""

from __future__ import annotations

from parvis.core.engine.contract import AnySource
from parvis.core.explore.facet_terms import excluded, read_options, read_term, refined
from parvis.core.explore.request import ExploreRequest
from parvis.core.odsql import Binder, Names, parse_order_by, parse_select, parse_where
from parvis.core.odsql.bound import ALWAYS, Every, Order, Query, Test
from parvis.core.odsql.errors import NotSupportedYet


def names_of(source: AnySource) -> Names:
    """The names a source offers when nothing more is known of it."""
    return Names(source.shape)


def condition(names: Names, request: ExploreRequest) -> Test:
    """The rows a request keeps: its ``where``, ``refine`` and ``exclude``."""
    binder = Binder(names, "where", request.timezone)
    tests = [binder.test(parse_where(text)) for text in request.where]
    disjunctive = frozenset(
        options.name
        for options in map(read_options, request.facet)
        if options.disjunctive is not None and options.disjunctive
    )
    terms = [read_term("refine", text) for text in request.refine]
    tests.append(refined(names, terms, disjunctive, request.timezone))
    tests.append(excluded(names, [read_term("exclude", text) for text in request.exclude], request.timezone))
    tests.append(request.extra)
    kept = tuple(test for test in tests if test != ALWAYS)
    return Every(kept) if kept else ALWAYS


def bind(names: Names, request: ExploreRequest, limit: int | None, offset: int) -> Query:
    """The whole question, checked; nothing has been computed yet."""
    if request.group_by:
        raise NotSupportedYet(name="group_by", clause="group_by")
    outputs = Binder(names, "select", request.timezone).outputs(parse_select(request.select))
    orders: tuple[Order, ...] = ()
    if request.order_by:
        orders = Binder(names, "order_by", request.timezone).orders(parse_order_by(request.order_by), outputs)
    return Query(outputs, condition(names, request), orders, limit, offset)
