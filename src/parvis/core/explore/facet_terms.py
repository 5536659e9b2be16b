"""``refine`` and ``exclude``: a facet's name, a value, and the condition they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.plans import FacetOrder
from parvis.core.explore.errors import InvalidParameter
from parvis.core.odsql import bound
from parvis.core.odsql.bound import Cell, Test, Value
from parvis.core.odsql.moments import read_moment
from parvis.core.odsql.names import Names
from parvis.core.odsql.tokens import whole_characters
from parvis.core.odsql.valuetypes import ValueType, type_of

_TERM = re.compile(r"(?:`(?P<quoted>(?:[^`\\]|\\.)*+)`|(?P<name>[^:]++)):(?P<value>.*)", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CALL = re.compile(r"facet\s*\((.*)\)", re.DOTALL | re.IGNORECASE)
_OPTION = re.compile(r"\s*(\w+)\s*=\s*(\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|`[^`]*+`|[^\s,]+)\s*(?:,|$)", re.DOTALL)
LISTED = 100
"""Values listed for each facet when no limit is asked."""

_MOST = 1_000


@dataclass(frozen=True, slots=True)
class FacetTerm:
    """``name:value`` as it was asked, unquoted."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class FacetOptions:
    """One ``facet`` parameter: ``facet=name`` or ``facet=facet(name="…", disjunctive=true, sort="-count", limit=20)``.

    What is None is told by the annotations of the field.
    """

    name: str
    disjunctive: bool | None = None
    hierarchical: bool | None = None
    separator: str | None = None
    sort: str | None = None
    limit: int = LISTED

    def is_disjunctive(self, column: Column) -> bool:
        """Whether refining twice means « or »."""
        return bool(column.annotations.get("disjunctive")) if self.disjunctive is None else self.disjunctive

    def level_mark(self, column: Column) -> str | None:
        """What separates the levels of a hierarchy of texts; None when the field is flat."""
        annotated = column.annotations.get("hierarchical")
        is_hierarchical = bool(annotated) if self.hierarchical is None else self.hierarchical
        if column.type is not ColumnType.TEXT or not is_hierarchical:
            return None
        return self.separator or (annotated if isinstance(annotated, str) and annotated else "/")


def read_term(parameter: str, text: str) -> FacetTerm:
    """The term a parameter states; InvalidParameter when it has no ``:``."""
    text = whole_characters(text)
    match = _TERM.fullmatch(text.strip())
    if match is None:
        raise InvalidParameter(name=parameter, value=text, expected="<facet>:<value>")
    name = _ESCAPE.sub(r"\1", match["quoted"]) if match["quoted"] is not None else match["name"].strip()
    value = match["value"]
    if quoted := _QUOTED.fullmatch(value.strip()):
        value = _ESCAPE.sub(r"\1", quoted[1])
    return FacetTerm(name, value)


def read_options(text: str) -> FacetOptions:
    """The options a ``facet`` parameter states; InvalidParameter when they cannot be read."""
    text = whole_characters(text)
    match = _CALL.fullmatch(text.strip())
    if match is None:
        return FacetOptions(text.strip().strip("`"))
    options = _named_options(text, match[1].strip())
    limit, sort = options.get("limit", str(LISTED)), options.get("sort")
    if "name" not in options or not limit.isdecimal() or sort not in (None, *FacetOrder):
        expected = 'facet(name="…", disjunctive=true|false, hierarchical=true|false, separator="/", sort, limit)'
        raise InvalidParameter(name="facet", value=text[:200], expected=expected)
    return FacetOptions(
        name=options["name"],
        disjunctive=_flag(options.get("disjunctive")),
        hierarchical=_flag(options.get("hierarchical")),
        separator=options.get("separator"),
        sort=sort,
        limit=min(int(limit[:9]), _MOST),
    )


def _named_options(text: str, inside: str) -> dict[str, str]:
    options = {}
    at = 0
    while at < len(inside):
        match = _OPTION.match(inside, at)
        if match is None:
            raise InvalidParameter(name="facet", value=text[:200], expected="facet(name=value, …)")
        value = match[2]
        quoted = value[0] in "\"'`" and len(value) > 1
        options[match[1].lower()] = _ESCAPE.sub(r"\1", value[1:-1]) if quoted else value
        at = match.end()
    return options


def _flag(text: str | None) -> bool | None:
    return None if text is None else text.lower() == "true"


def refined(names: Names, terms: Iterable[FacetTerm], options: Mapping[str, FacetOptions], timezone: str) -> Test:
    """Rows that every refined facet keeps: its terms joined by *or* when it is disjunctive, else by *and*."""
    by_name: dict[str, list[FacetTerm]] = {}
    for term in terms:
        by_name.setdefault(term.name, []).append(term)
    tests: list[Test] = []
    for name, group in by_name.items():
        facet_options = options.get(name, FacetOptions(name))
        column = names.column(name, "refine")
        group_tests = tuple(term_test(names, term, "refine", timezone, facet_options) for term in group)
        tests.append(bound.Some(group_tests) if facet_options.is_disjunctive(column) else bound.Every(group_tests))
    return bound.Every(tuple(tests))


def excluded(names: Names, terms: Iterable[FacetTerm], options: Mapping[str, FacetOptions], timezone: str) -> Test:
    """Rows that no excluded term describes; a null facet is kept."""
    return bound.Every(
        tuple(
            bound.No(term_test(names, term, "exclude", timezone, options.get(term.name, FacetOptions(term.name))))
            for term in terms
        )
    )


def term_test(names: Names, term: FacetTerm, clause: str, timezone: str, options: FacetOptions) -> Test:
    """The condition of one term; a value of a hierarchy stands for all that is below it."""
    column = names.column(term.name, clause)
    cell = Cell(column, type_of(column))
    if mark := options.level_mark(column):
        whole, branch = Value(term.value, ValueType.TEXT), Value(term.value + mark, ValueType.TEXT)
        same = bound.Has(cell, whole) if cell.type is ValueType.TEXTS else bound.Compare(cell, "=", whole)
        return bound.Some((same, bound.Starts(cell, branch)))
    reader = _TERMS.get(cell.type)
    test = reader(cell, term.value, timezone) if reader else None
    if test is None:
        raise InvalidParameter(
            name=clause, value=f"{term.name}:{term.value}"[:200], expected=f"a value of type {column.type}"
        )
    return test


def _of_text(cell: Cell, text: str, timezone: str) -> Test:
    return bound.Compare(cell, "=", Value(text, ValueType.TEXT))


def _of_texts(cell: Cell, text: str, timezone: str) -> Test:
    return bound.Has(cell, Value(text, ValueType.TEXT))


def _of_number(cell: Cell, text: str, timezone: str) -> Test | None:
    try:
        number = int(text) if re.fullmatch(r"-?\d{1,18}", text, re.ASCII) else float(text)
    except ValueError:
        return None
    return bound.Compare(cell, "=", Value(number, ValueType.NUMBER))


def _of_boolean(cell: Cell, text: str, timezone: str) -> Test | None:
    boolean = {"true": True, "false": False}.get(text.lower())
    return None if boolean is None else bound.Compare(cell, "=", Value(boolean, ValueType.BOOLEAN))


def _of_moment(cell: Cell, text: str, timezone: str) -> Test | None:
    moment = read_moment(text, timezone)
    if moment is None:
        return None
    start, end = moment.as_instant(), moment.end()
    if cell.type is ValueType.DATE:
        start, end = start.replace(tzinfo=None), end.replace(tzinfo=None)
    return bound.Every(
        (bound.Compare(cell, ">=", Value(start, cell.type)), bound.Compare(cell, "<", Value(end, cell.type)))
    )


_TERMS: dict[ValueType, Callable[[Cell, str, str], Test | None]] = {
    ValueType.TEXT: _of_text,
    ValueType.TEXTS: _of_texts,
    ValueType.NUMBER: _of_number,
    ValueType.BOOLEAN: _of_boolean,
    ValueType.DATE: _of_moment,
    ValueType.DATETIME: _of_moment,
}
"""How the value of a facet is read, by type; geographic fields are no facets."""
