"""The values of facets and how many rows have each (specification, section 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from parvis.core.columns import Column
from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine
from parvis.core.engine.plans import FacetCounts, FacetOrder
from parvis.core.explore.facet_terms import FacetOptions, FacetTerm, excluded, read_options, read_term, refined
from parvis.core.explore.levels import Levels, levels_of
from parvis.core.explore.query import names_of
from parvis.core.explore.request import ExploreRequest
from parvis.core.odsql import Binder, Names, parse_where
from parvis.core.odsql.bound import ALWAYS, Bound, Cell, Every, Test
from parvis.core.odsql.errors import wrong_type
from parvis.core.odsql.valuetypes import ValueType, type_of

type Row = dict[str, Any]

_FACETABLE = (
    ValueType.TEXT,
    ValueType.TEXTS,
    ValueType.NUMBER,
    ValueType.BOOLEAN,
    ValueType.DATE,
    ValueType.DATETIME,
)


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One facet: its name and its values, each as the API's object."""

    name: str
    facets: list[Row]


def facets(
    engine: Engine,
    source: AnySource,
    request: ExploreRequest,
    *,
    names: Names | None = None,
    seconds: float = DEFAULT_SECONDS,
) -> list[FacetGroup]:
    """The facets asked for, all those annotated so by default, narrowed by ``where``, ``refine`` and ``exclude``."""
    resolved_names = names or names_of(source)
    options_by_name = {options.name: options for options in map(read_options, request.facet)}
    chosen = options_by_name or {c.name: FacetOptions(c.name) for c in source.shape if c.annotations.get("facet")}
    question = _Question(engine, source, resolved_names, request, options_by_name, seconds)
    return [question.group(options) for options in chosen.values()]


@dataclass(frozen=True, slots=True)
class _Question:
    engine: Engine
    source: AnySource
    names: Names
    request: ExploreRequest
    given: dict[str, FacetOptions]
    seconds: float

    def group(self, options: FacetOptions) -> FacetGroup:
        column = self.names.column(options.name, "facet")
        if type_of(column) not in _FACETABLE:
            raise wrong_type("facet", type_of(column), (ValueType.TEXT, ValueType.NUMBER, ValueType.DATE), "facet")
        terms = [read_term("refine", text) for text in self.request.refine]
        mine = [term.value for term in terms if term.name == options.name]
        is_disjunctive = options.is_disjunctive(column)
        # On a disjunctive facet the other values stay listed, so that one may be added.
        narrowing_terms = [term for term in terms if not (is_disjunctive and term.name == options.name)]
        where = self.condition(narrowing_terms)
        levels = levels_of(column, options, self.request.timezone)
        if levels is not None:
            rows = self.level(levels, where, options, column, [levels.normal(value) for value in mine], ())
        else:
            rows = self.flat(column, where, options, mine)
        if mine and not is_disjunctive and type_of(column) is not ValueType.TEXTS:
            rows = [row for row in rows if row["state"] == "refined"]
        return FacetGroup(options.name, rows + self.excluded_values(column, options))

    def condition(self, terms: Iterable[FacetTerm]) -> Test:
        binder = Binder(self.names, "where", self.request.timezone, self.request.lang)
        without = [read_term("exclude", text) for text in self.request.exclude]
        tests = [binder.test(parse_where(text)) for text in self.request.where]
        tests.append(refined(self.names, terms, self.given, self.request.timezone))
        tests.append(excluded(self.names, without, self.given, self.request.timezone))
        tests.append(self.request.extra)
        return Every(tuple(test for test in tests if test != ALWAYS))

    def flat(self, column: Column, where: Test, options: FacetOptions, mine: list[str]) -> list[Row]:
        value, limit = Cell(column, type_of(column)), options.limit
        rows = self.counted(value, where, _sort(column, options), limit)
        listed = [self.row(text, text, count, text in mine) for text, count in rows]
        missing = [value for value in mine if value not in {row["value"] for row in listed}]
        if missing and len(rows) >= limit:
            listed += self.missing(value, where, missing)
        return listed

    def missing(self, value: Bound, where: Test, refined_values: list[str]) -> list[Row]:
        """Refined values that the limit left out of the list."""
        counts = dict(self.counted(value, where, FacetOrder.COUNT_DOWN, 1_000_000))
        return [self.row(text, text, counts[text], True) for text in refined_values if text in counts]

    def level(
        self,
        levels: Levels,
        where: Test,
        options: FacetOptions,
        column: Column,
        paths: list[tuple[str, ...]],
        opened: tuple[str, ...],
    ) -> list[Row]:
        """One level of a hierarchy; a refined value opens on the next one."""
        value, inside = levels.at(opened)
        level_where = where if inside == ALWAYS else Every((where, inside))
        listed = []
        for text, count in self.counted(value, level_where, _sort(column, options), options.limit):
            parts = levels.path(opened, text)
            is_open = any(full[: len(parts)] == parts for full in paths)
            row = self.row(parts[-1], levels.mark.join(parts), count, is_open)
            if is_open and levels.goes_below(parts):
                row["facets"] = self.level(levels, where, options, column, paths, parts)
            listed.append(row)
        return listed

    def counted(self, value: Bound, where: Test, order: FacetOrder, limit: int) -> list[tuple[str, int]]:
        plan = FacetCounts(value, where, order, limit)
        table = self.engine.table(self.source, plan, seconds=self.seconds)
        values, counts = (column.to_pylist() for column in table.columns)
        return [(_as_text(value), count) for value, count in zip(values, counts, strict=True)]

    def row(self, name: str, value: str, count: int, is_refined: bool) -> Row:
        return {"count": count, "name": name, "state": "refined" if is_refined else "displayed", "value": value}

    def excluded_values(self, column: Column, options: FacetOptions) -> list[Row]:
        levels = levels_of(column, options, self.request.timezone)
        listed = []
        for term in (read_term("exclude", text) for text in self.request.exclude):
            if term.name == options.name:
                name = levels.normal(term.value)[-1] if levels else term.value
                listed.append({"name": name, "state": "excluded", "value": term.value})
        return listed


def _sort(column: Column, options: FacetOptions) -> FacetOrder:
    annotated = column.annotations.get("facetsort")
    if isinstance(annotated, (list, tuple)):
        # The documentation writes annotations as lists, live portals as plain values.
        annotated = annotated[0] if annotated else None
    order = str(options.sort or annotated or "-count")
    if order.lstrip("-") == "alphanum" and type_of(column) not in (ValueType.TEXT, ValueType.TEXTS):
        order = order.replace("alphanum", "num")
    return FacetOrder(order) if order in FacetOrder else FacetOrder.COUNT_DOWN


_SPELLED: dict[type, Callable[[Any], str]] = {bool: lambda value: "true" if value else "false"}


def _as_text(value: Any) -> str:
    return _SPELLED.get(type(value), str)(value)
