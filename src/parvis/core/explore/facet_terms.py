"""``refine`` and ``exclude``: a facet's name, a value, and the condition they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from parvis.core.explore.errors import InvalidParameter
from parvis.core.odsql import bound
from parvis.core.odsql.bound import Cell, Test, Value
from parvis.core.odsql.moments import read_moment
from parvis.core.odsql.names import Names
from parvis.core.odsql.valuetypes import ValueType, type_of

_TERM = re.compile(r"(?:`(?P<quoted>(?:[^`\\]|\\.)*)`|(?P<name>[^:]+)):(?P<value>.*)", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_DISJUNCTIVE = re.compile(r"facet\s*\(.*\)\s*", re.DOTALL | re.IGNORECASE)
_OPTION = re.compile(r"(\w+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[\w+-]+)")


@dataclass(frozen=True, slots=True)
class FacetTerm:
    """``name:value`` as it was asked, unquoted."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class FacetOptions:
    """One ``facet`` parameter: ``facet=name`` or ``facet=facet(name="…", disjunctive=true, sort="-count", limit=20)``."""

    name: str
    disjunctive: bool | None = None
    sort: str | None = None
    limit: int = 100


def read_term(parameter: str, text: str) -> FacetTerm:
    """The term a parameter states; InvalidParameter when it has no ``:``."""
    found = _TERM.fullmatch(text.strip())
    if found is None:
        raise InvalidParameter(name=parameter, value=text, expected="<facet>:<value>")
    name = _ESCAPE.sub(r"\1", found["quoted"]) if found["quoted"] is not None else found["name"].strip()
    value = found["value"]
    if quoted := _QUOTED.fullmatch(value.strip()):
        value = _ESCAPE.sub(r"\1", quoted[1])
    return FacetTerm(name, value)


def read_options(text: str) -> FacetOptions:
    """The options a ``facet`` parameter states."""
    if not _DISJUNCTIVE.fullmatch(text.strip()):
        return FacetOptions(text.strip().strip("`"))
    options = {name: value.strip("\"'") for name, value in _OPTION.findall(text)}
    limit = options.get("limit", "100")
    return FacetOptions(
        name=options.get("name", ""),
        disjunctive=options["disjunctive"].lower() == "true" if "disjunctive" in options else None,
        sort=options.get("sort"),
        limit=min(int(limit), 1000) if limit.isdigit() else 100,
    )


def refined(names: Names, terms: Iterable[FacetTerm], disjunctive: frozenset[str], timezone: str) -> Test:
    """Rows that every refined facet keeps: its terms joined by *or* when it is disjunctive, else by *and*."""
    by_name: dict[str, list[Test]] = {}
    for term in terms:
        by_name.setdefault(term.name, []).append(term_test(names, term, "refine", timezone))
    tests = [
        bound.Some(tuple(group)) if _is_disjunctive(names, name, disjunctive) else bound.Every(tuple(group))
        for name, group in by_name.items()
    ]
    return bound.Every(tuple(tests))


def excluded(names: Names, terms: Iterable[FacetTerm], timezone: str) -> Test:
    """Rows that no excluded term describes; a null facet is kept."""
    return bound.Every(tuple(bound.No(term_test(names, term, "exclude", timezone)) for term in terms))


def term_test(names: Names, term: FacetTerm, clause: str, timezone: str) -> Test:
    """The condition of one term."""
    column = names.column(term.name, clause)
    cell = Cell(column, type_of(column))
    if separator := column.annotations.get("hierarchical"):
        mark = separator if isinstance(separator, str) else "/"
        whole, branch = Value(term.value, ValueType.TEXT), Value(term.value + mark, ValueType.TEXT)
        return bound.Some((bound.Compare(cell, "=", whole), bound.Starts(cell, branch)))
    reader = _TERMS.get(cell.type)
    test = reader(cell, term.value, timezone) if reader else None
    if test is None:
        raise InvalidParameter(
            name=clause, value=f"{term.name}:{term.value}", expected=f"a value of type {column.type}"
        )
    return test


def _is_disjunctive(names: Names, name: str, asked: frozenset[str]) -> bool:
    return name in asked or bool(names.column(name, "refine").annotations.get("disjunctive"))


def _of_text(cell: Cell, text: str, timezone: str) -> Test:
    return bound.Compare(cell, "=", Value(text, ValueType.TEXT))


def _of_texts(cell: Cell, text: str, timezone: str) -> Test:
    return bound.Has(cell, Value(text, ValueType.TEXT))


def _of_number(cell: Cell, text: str, timezone: str) -> Test | None:
    try:
        number = int(text) if re.fullmatch(r"-?\d{1,18}", text) else float(text)
    except ValueError:
        return None
    return bound.Compare(cell, "=", Value(number, ValueType.NUMBER))


def _of_boolean(cell: Cell, text: str, timezone: str) -> Test | None:
    wanted = {"true": True, "false": False}.get(text.lower())
    return None if wanted is None else bound.Compare(cell, "=", Value(wanted, ValueType.BOOLEAN))


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
