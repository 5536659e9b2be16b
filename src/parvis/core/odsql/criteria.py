"""Conditions that menus can make: rows of a column, a comparison and values, to ODSQL and back.

A ``where`` of another shape is none of them: ``read_criteria`` gives None, and the text stays as it was written. A row whose value
is not given yet is a condition on ``null``, which nobody writes and no engine finds true: a form that is not finished is kept as a
text like any other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.odsql import nodes
from parvis.core.odsql.errors import ODSQLError, ODSQLSyntaxError
from parvis.core.odsql.nodes import Comparison, Condition, Expression, Field, InList, InRange, Literal, LiteralKind
from parvis.core.odsql.parser import parse_where

MOST_CRITERIA = 20
"""Rows that a form shows; a longer condition stays as it is written."""

SEPARATOR = ";"
"""Between the values of a comparison that takes several."""

_T = ColumnType
_WORDS = (_T.TEXT,)
_NUMBERS = (_T.INT, _T.DOUBLE)
_MOMENTS = (_T.DATE, _T.DATETIME)
_COMPARED = (*_WORDS, *_NUMBERS, _T.DATE, _T.BOOLEAN)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII)
_BOOLEANS = {"oui": True, "non": False}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row: a column by its technical name, a comparison of ``OPERATORS``, its values as people type them.

    An empty value is one that is still to be given.
    """

    column: str
    operator: str
    values: tuple[str, ...] = ()


type Group = tuple[Criterion, ...]
"""Rows of which one must be true."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """Groups of rows that must all be true: of each group, one row at least. One level, as people say « ceci, et l’un de cela »."""

    groups: tuple[Group, ...] = ()

    @property
    def rows(self) -> tuple[Criterion, ...]:
        """All of them, in order."""
        return tuple(row for group in self.groups for row in group)

    @property
    def is_any(self) -> bool:
        """Whether one of several rows is enough, whatever the others."""
        return len(self.groups) == 1 and len(self.groups[0]) > 1

    def without(self, is_left_out: Callable[[Criterion], bool]) -> Criteria:
        """The same but for some rows; a group that has none left asks nothing."""
        groups = (tuple(row for row in group if not is_left_out(row)) for group in self.groups)
        return Criteria(tuple(group for group in groups if group))


@dataclass(frozen=True, slots=True)
class Operator:
    """A comparison: the types of columns it is offered for, how many values it takes, how it is written."""

    name: str
    types: tuple[ColumnType, ...]
    values: int
    write: Callable[[str, Sequence[str]], str]
    """From a column between backquotes and values that are literals."""
    takes_several: bool = False
    takes_year: bool = False


def _sign(sign: str) -> Callable[[str, Sequence[str]], str]:
    return lambda column, values: f"{column} {sign} {values[0]}"


_ROWS = (
    Operator("egal", _COMPARED, 1, _sign("=")),
    Operator("different", _COMPARED, 1, _sign("!=")),
    Operator("parmi", (*_WORDS, *_NUMBERS), 1, lambda c, v: f"{c} in ({', '.join(v)})", takes_several=True),
    Operator("contient", _WORDS, 1, lambda c, v: f"{c} like {v[0]}"),
    Operator("commence", _WORDS, 1, lambda c, v: f"startswith({c}, {v[0]})"),
    Operator("min", (*_NUMBERS, *_MOMENTS), 1, _sign(">=")),
    Operator("max", (*_NUMBERS, _T.DATE), 1, _sign("<=")),
    Operator("plus", (*_NUMBERS, _T.DATE), 1, _sign(">")),
    Operator("moins", (*_NUMBERS, *_MOMENTS), 1, _sign("<")),
    Operator("entre", (*_NUMBERS, _T.DATE), 2, lambda c, v: f"{c} in [{v[0]} .. {v[1]}]"),
    Operator("annee", _MOMENTS, 1, lambda c, v: f"year({c}) = {v[0]}", takes_year=True),
    Operator("rempli", tuple(_T), 0, lambda c, _v: f"{c} is not null"),
    Operator("vide", tuple(_T), 0, lambda c, _v: f"{c} is null"),
)
OPERATORS = {row.name: row for row in _ROWS}
_BY_SIGN = {"=": "egal", "!=": "different", ">=": "min", "<=": "max", ">": "plus", "<": "moins"}


def operators_for(column: Column) -> tuple[Operator, ...]:
    """The comparisons that fit a column."""
    return tuple(row for row in _ROWS if column.type in row.types)


# Writing.


def write_criteria(criteria: Criteria, shape: TableShape) -> tuple[str, ...]:
    """The conditions, one a group."""
    return tuple(" or ".join(_written(row, shape) for row in group) for group in criteria.groups)


def joined(conditions: Sequence[str], shape: TableShape) -> str:
    """The same conditions as one text, which ``read_criteria`` reads alike."""
    if len(conditions) < 2:
        return "".join(conditions)
    return " and ".join(f"({one})" if _is_any(one, shape) else one for one in conditions)


def separate(text: str, shape: TableShape) -> tuple[str, ...]:
    """A text as the conditions that it joins, each of which a table of rows can show as a filter; itself when it joins none."""
    criteria = read_criteria((text,), shape)
    if criteria is None or len(criteria.groups) < 2:
        return (text,) if text.strip() else ()
    return write_criteria(criteria, shape)


def _is_any(condition: str, shape: TableShape) -> bool:
    criteria = read_criteria((condition,), shape)
    return criteria is None or criteria.is_any


def _written(row: Criterion, shape: TableShape) -> str:
    operator, column = OPERATORS[row.operator], shape.get(row.column)
    quoted_name = f"`{row.column}`"
    if row.operator == "contient":
        words = " ".join(f"*{word}*" for word in _value(row, 0).replace("*", " ").split())
        return operator.write(quoted_name, [_text(words)])
    values = _split(_value(row, 0)) if operator.takes_several else [_value(row, n) for n in range(operator.values)]
    if row.operator == "commence":
        return operator.write(quoted_name, [_text(values[0])])
    return operator.write(quoted_name, [_literal(value, column, operator) for value in values])


def _value(row: Criterion, rank: int) -> str:
    return row.values[rank].strip() if rank < len(row.values) else ""


def _split(value: str) -> list[str]:
    return [part for one in value.split(SEPARATOR) if (part := one.strip())] or [""]


def _literal(value: str, column: Column | None, operator: Operator) -> str:
    """A value as its column's type writes it; a text when it is none of that type, so that it comes back as it was typed."""
    if value == "":
        return "null"
    if operator.takes_year:
        return value if _YEAR.fullmatch(value) else _text(value)
    kind = column.type if column else _T.TEXT
    if kind.is_number and (number := as_number(value)):
        return number
    if kind in _MOMENTS and (day := as_day(value)):
        return f"date'{day}'"
    if kind is _T.BOOLEAN and value.lower() in _BOOLEANS:
        return "true" if _BOOLEANS[value.lower()] else "false"
    return _text(value)


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_number(value: str) -> str:
    """A number as people write it (« 1 500 », « 12,5 ») in digits; empty when it is none."""
    text = "".join(value.split()).replace("\u2212", "-").replace(",", ".")
    return text if _NUMBER.fullmatch(text) and math.isfinite(float(text)) else ""


def as_day(value: str) -> str:
    """A day (2026-03-02, 02/03/2026, or a year for its first day) as ISO writes it; empty when it is none."""
    text = value.strip().replace("/", "-")
    if re.fullmatch(r"\d{1,2}-\d{1,2}-\d{4}", text, re.ASCII):
        day, month, year = text.split("-")
        text = f"{year}-{month:0>2}-{day:0>2}"
    elif _YEAR.fullmatch(text):
        text = f"{text}-01-01"
    try:
        return date.fromisoformat(text).isoformat() if _DATE.fullmatch(text) else ""
    except ValueError:
        return ""


# Reading.


def read_criteria(where: Sequence[str], shape: TableShape) -> Criteria | None:
    """The rows that say the same as these conditions; None when menus cannot make one of them."""
    try:
        trees = [parse_where(text) for text in where if text.strip()]
    except (ODSQLSyntaxError, ODSQLError):
        return None
    groups = [
        [_row(part, shape) for part in _parts(one, nodes.Any)] for tree in trees for one in _parts(tree, nodes.All)
    ]
    whole = tuple(tuple(row for row in group if row is not None) for group in groups)
    criteria = Criteria(whole)
    is_whole = len(criteria.rows) == sum(map(len, groups)) <= MOST_CRITERIA
    return criteria if is_whole else None


def _parts(condition: Condition, joint: type[nodes.All] | type[nodes.Any]) -> list[Condition]:
    """What ``joint`` joins, whatever the parentheses; itself when it is joined by nothing."""
    if not isinstance(condition, joint):
        return [condition]
    return [part for one in condition.conditions for part in _parts(one, joint)]


def _row(condition: Condition, shape: TableShape) -> Criterion | None:
    row = _read(condition)
    if row is None:
        return None
    name, operator_name, literals = row
    column, operator = shape.get(name), OPERATORS[operator_name]
    if column is not None and column.type not in operator.types:
        return None
    values = [_typed(literal, column, operator) for literal in literals]
    present = [value for value in values if value is not None]
    if len(present) != len(values):
        return None
    if operator.takes_several:
        # A value with the separator in it, or with spaces around it, would not come back as it was.
        if any(SEPARATOR in value or value != value.strip() for value in present):
            return None
        return Criterion(name, operator_name, (f" {SEPARATOR} ".join(present),))
    if any(value != value.strip() for value in present):
        return None
    return Criterion(name, operator_name, tuple(present))


def _read(condition: Condition) -> tuple[str, str, Sequence[Literal]] | None:
    """Column, comparison and literals of a condition of one of the shapes that ``OPERATORS`` write."""
    match condition:
        case nodes.IsNull(Field(name)):
            return name, "vide", ()
        case nodes.Not(nodes.IsNull(Field(name))):
            return name, "rempli", ()
        case nodes.IsBoolean(Field(name), value, at):
            return name, "egal", (Literal(LiteralKind.BOOLEAN, value, at),)
        case Comparison(nodes.Call("year", (Field(name),)), "=", Literal() as literal):
            return name, "annee", (literal,)
        case Comparison(Field(name), sign, Literal() as literal):
            return name, _BY_SIGN[sign], (literal,)
        case InList(Field(name), values):
            literals = _literals(values)
            return None if literals is None else (name, "parmi", literals)
        case InRange(Field(name), Literal() as low, Literal() as high, True, True):
            return name, "entre", (low, high)
        case nodes.Like(Field(name), pattern, at):
            return _contains(name, pattern, at)
        case nodes.Truth(nodes.Call("startswith", (Field(name), Literal(LiteralKind.TEXT) as literal))):
            return name, "commence", (literal,)
    return None


def _contains(name: str, pattern: str, at: int) -> tuple[str, str, Sequence[Literal]] | None:
    words = pattern.split()
    if any(not re.fullmatch(r"\*[^*%]+\*", word) for word in words) or pattern != " ".join(words):
        return None
    return name, "contient", (Literal(LiteralKind.TEXT, " ".join(word[1:-1] for word in words), at),)


def _literals(values: Sequence[Expression]) -> Sequence[Literal] | None:
    literals = [value for value in values if isinstance(value, Literal)]
    return literals if len(literals) == len(values) else None


def _typed(literal: Literal, column: Column | None, operator: Operator) -> str | None:
    """What somebody types to get a literal; None for one that a column of that type is not compared with by menus."""
    kind, value = literal.kind, literal.value
    if kind is LiteralKind.NULL:
        return ""
    if kind is LiteralKind.TEXT:
        # An empty text is a value in ODSQL, and one that is missing in a form.
        return str(value) if value != "" or operator.name in ("contient", "commence") else None
    of = column.type if column else _T.TEXT
    if operator.takes_year:
        return str(value) if kind is LiteralKind.NUMBER and _YEAR.fullmatch(str(value)) else None
    if kind is LiteralKind.NUMBER and of.is_number:
        return _number_text(value)
    if kind is LiteralKind.DATE and of in _MOMENTS and as_day(str(value)) == value:
        return str(value)
    if kind is LiteralKind.BOOLEAN and of is _T.BOOLEAN:
        return "oui" if value else "non"
    return None


def _number_text(value: object) -> str | None:
    text = repr(value)
    return text if _NUMBER.fullmatch(text) else None


# What is still wrong with a row.


type Fault = str
"""``column``, ``missing``, ``number``, ``date``, ``year``, ``boolean``: what is wrong with a row."""


def fault_in(row: Criterion, shape: TableShape) -> Fault | None:
    """What keeps a row from being asked."""
    column, operator = shape.get(row.column), OPERATORS[row.operator]
    if column is None:
        return "column"
    values = _split(_value(row, 0)) if operator.takes_several else [_value(row, n) for n in range(operator.values)]
    return next((fault for value in values if (fault := _fault_of_value(column, operator, value))), None)


def _fault_of_value(column: Column, operator: Operator, value: str) -> Fault | None:
    if value == "":
        return "missing"
    if operator.takes_year:
        return None if _YEAR.fullmatch(value) else "year"
    if column.type.is_number:
        return None if as_number(value) else "number"
    if column.type in _MOMENTS:
        return None if as_day(value) else "date"
    if column.type is _T.BOOLEAN:
        return None if value.lower() in _BOOLEANS else "boolean"
    return None
