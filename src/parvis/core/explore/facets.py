"""The values of facets and how many rows have each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from parvis.core.columns import Column
from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine, Statement
from parvis.core.explore.facet_terms import FacetOptions, FacetTerm, excluded, read_options, read_term, refined
from parvis.core.explore.query import names_of
from parvis.core.explore.request import ExploreRequest
from parvis.core.odsql import Binder, Names, parse_where
from parvis.core.odsql.bound import ALWAYS, Cell, Every, Local, Test
from parvis.core.odsql.sql import condition_sql, expression_sql
from parvis.core.odsql.valuetypes import ValueType, type_of


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One facet: its name and its values, each as the API's object (specification, section 8)."""

    name: str
    facets: list[dict[str, Any]]


def facets(
    engine: Engine,
    source: AnySource,
    request: ExploreRequest,
    *,
    names: Names | None = None,
    seconds: float = DEFAULT_SECONDS,
) -> list[FacetGroup]:
    """The facets asked for, all those annotated so by default, narrowed by ``where``, ``refine`` and ``exclude``."""
    known = names or names_of(source)
    asked = [read_options(text) for text in request.facet] or [
        FacetOptions(column.name) for column in source.shape if column.annotations.get("facet")
    ]
    question = _Question(engine, source, known, request, seconds)
    return [question.group(options) for options in asked]


@dataclass(frozen=True, slots=True)
class _Question:
    engine: Engine
    source: AnySource
    names: Names
    request: ExploreRequest
    seconds: float

    def group(self, options: FacetOptions) -> FacetGroup:
        column = self.names.column(options.name, "facet")
        terms = [read_term("refine", text) for text in self.request.refine]
        mine = [term.value for term in terms if term.name == options.name]
        disjunctive = options.disjunctive if options.disjunctive is not None else column.annotations.get("disjunctive")
        # On a disjunctive facet the other values stay listed, so that one may be added.
        kept = [term for term in terms if not (disjunctive and term.name == options.name)]
        where = self.condition(kept)
        if type_of(column) in (ValueType.DATE, ValueType.DATETIME):
            return FacetGroup(options.name, self.years(column, where, mine, options))
        values = self.values(column, where, options)
        if mine and not disjunctive and type_of(column) is not ValueType.TEXTS:
            values = [row for row in values if row["value"] in mine]
        for row in values:
            row["state"] = "refined" if row["value"] in mine else "displayed"
        return FacetGroup(options.name, values + self.excluded_values(options.name))

    def condition(self, terms: Iterable[FacetTerm]) -> Test:
        binder = Binder(self.names, "where", self.request.timezone)
        asked = frozenset(o.name for o in map(read_options, self.request.facet) if o.disjunctive)
        without = [read_term("exclude", text) for text in self.request.exclude]
        tests = [binder.test(parse_where(text)) for text in self.request.where]
        tests.append(refined(self.names, terms, asked, self.request.timezone))
        tests.append(excluded(self.names, without, self.request.timezone))
        tests.append(self.request.extra)
        return Every(tuple(test for test in tests if test != ALWAYS))

    def values(self, column: Column, where: Test, options: FacetOptions) -> list[dict[str, Any]]:
        kind = type_of(column)
        cell = expression_sql(Cell(column, kind)).sql
        value = f"unnest(list_distinct({cell}))" if kind is ValueType.TEXTS else cell
        rows = self.counted(value, where, _sort(column, options), options.limit)
        return [{"count": count, "name": text, "state": "displayed", "value": text} for text, count in rows]

    def counted(self, value: str, where: Test, sort: str, limit: int) -> list[tuple[str, int]]:
        kept = condition_sql(where)
        sql = (
            f"SELECT v, n FROM (SELECT v, count(*) AS n FROM (SELECT {value} AS v FROM rows WHERE {kept.sql}) "
            f"WHERE v IS NOT NULL GROUP BY v) ORDER BY {sort} LIMIT ?"
        )
        table = self.engine.table(self.source, Statement(sql, (*kept.parameters, limit)), seconds=self.seconds)
        values, counts = (column.to_pylist() for column in table.columns)
        return [(_as_text(value), count) for value, count in zip(values, counts, strict=True)]

    def years(self, column: Column, where: Test, mine: list[str], options: FacetOptions) -> list[dict[str, Any]]:
        local = Local(Cell(column, ValueType.DATETIME), self.request.timezone)
        bare = Cell(column, ValueType.DATE)
        found = expression_sql(local if type_of(column) is ValueType.DATETIME else bare)
        return self.level(found.sql, found.parameters, where, mine, ())

    def level(
        self, date: str, parameters: tuple[object, ...], where: Test, mine: list[str], opened: tuple[str, ...]
    ) -> list[dict[str, Any]]:
        form = ("%Y", "%Y/%m", "%Y/%m/%d")[len(opened)]
        rows = self.periods(date, parameters, where, form)
        paths = [tuple(part.zfill(2) for part in value.replace("-", "/").split("/")) for value in mine]
        listed = []
        for path, count in rows:
            parts = tuple(path.split("/"))
            if opened and parts[: len(opened)] != opened:
                continue
            is_open = any(full[: len(parts)] == parts for full in paths)
            row = {"count": count, "name": parts[-1], "state": "refined" if is_open else "displayed", "value": path}
            if is_open and len(parts) < 3:
                row["facets"] = self.level(date, parameters, where, mine, parts)
            listed.append(row)
        return listed

    def periods(self, date: str, parameters: tuple[object, ...], where: Test, form: str) -> list[tuple[str, int]]:
        kept = condition_sql(where)
        sql = (
            f"SELECT strftime({date}, ?) AS v, count(*) AS n FROM rows WHERE {kept.sql} "
            "GROUP BY v HAVING v IS NOT NULL ORDER BY v DESC LIMIT ?"
        )
        given = (*parameters, form, *kept.parameters, 10_000)
        table = self.engine.table(self.source, Statement(sql, given), seconds=self.seconds)
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    def excluded_values(self, name: str) -> list[dict[str, Any]]:
        terms = [read_term("exclude", text) for text in self.request.exclude]
        return [{"name": term.value, "state": "excluded", "value": term.value} for term in terms if term.name == name]


_SORTS = {
    "count": "n ASC, v ASC",
    "-count": "n DESC, v ASC",
    "alphanum": "v ASC",
    "-alphanum": "v DESC",
    "num": "v ASC",
    "-num": "v DESC",
}


def _sort(column: Column, options: FacetOptions) -> str:
    asked = options.sort or column.annotations.get("facetsort") or "-count"
    return _SORTS.get(str(asked), _SORTS["-count"])


_SPELLED: dict[type, Callable[[Any], str]] = {bool: lambda value: "true" if value else "false"}


def _as_text(value: Any) -> str:
    return _SPELLED.get(type(value), str)(value)
