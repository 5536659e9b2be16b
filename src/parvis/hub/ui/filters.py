"""The filters of a form: what people say, as conditions of the query language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.errors import RequestError
from parvis.core.text import fold
from parvis.core.translation import gettext_noop
from parvis.hub.ui.columns import type_name

MOST_FILTERS = 20
MOST_LETTERS = 500


class BadFilter(RequestError):
    """A value that cannot be compared with what the column holds."""

    code: ClassVar[str] = "table-filter"
    sentence: ClassVar[str] = gettext_noop(
        "« {value} » ne peut pas être comparé à la colonne « {column} », qui contient : {kind}."
    )
    advice: ClassVar[str] = gettext_noop(
        "Écrivez un nombre comme 12,5, une date comme 03/03/2026, ou « oui » ou « non »."
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """One line of the form: a column, a comparison, a value."""

    column: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Operator:
    """One comparison: its name in addresses, its label, whether it wants a value, the condition it makes."""

    name: str
    label: Any
    condition: Callable[[Column, str], str]
    needs_value: bool = True


def quoted(text: str) -> str:
    """A text literal of the query language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def field(name: str) -> str:
    """A column's name in the query language."""
    return f"`{name}`"


def _literal(column: Column, value: str) -> str:
    kind = column.type
    if kind.is_number:
        return _number(column, value)
    if kind in (ColumnType.DATE, ColumnType.DATETIME):
        return f"date'{_date(column, value)}'"
    if kind is ColumnType.BOOLEAN:
        words = {"oui": "true", "vrai": "true", "true": "true", "non": "false", "faux": "false", "false": "false"}
        if value.strip().lower() not in words:
            raise _bad(column, value)
        return words[value.strip().lower()]
    if kind.is_geographic:
        raise _bad(column, value)
    return quoted(value)


def _number(column: Column, value: str) -> str:
    text = "".join(value.split()).replace("\u2212", "-").replace(",", ".")
    try:
        number = float(text)
    except ValueError as error:
        raise _bad(column, value) from error
    if number != number or number in (float("inf"), float("-inf")):
        raise _bad(column, value)
    return text if text.lstrip("-").isdigit() else f"{number!r}"


def _date(column: Column, value: str) -> str:
    parts = value.strip().replace("/", "-").split("-")
    if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):
        day_first = len(parts[2]) == 4
        year, month, day = (parts[2], parts[1], parts[0]) if day_first else parts
        if len(year) == 4 and 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"{year}-{int(month):02d}-{int(day):02d}"
    if len(parts) == 1 and len(parts[0]) == 4 and parts[0].isascii() and parts[0].isdigit():
        return f"{parts[0]}-01-01"
    raise _bad(column, value)


def _bad(column: Column, value: str) -> BadFilter:
    return BadFilter(value=value[:80], column=column.label, kind=type_name(column))


def _contains(column: Column, value: str) -> str:
    if column.type is not ColumnType.TEXT:
        return _equals(column, value)
    words = fold(value).split()
    labelled = [code for code, label in column.labels.items() if all(word in fold(label) for word in words)]
    as_written = f"{field(column.name)} like {quoted(' '.join(f'*{word}*' for word in value.split()))}"
    return _any_of(as_written, *(f"{field(column.name)} = {quoted(code)}" for code in labelled))


def _equals(column: Column, value: str) -> str:
    return _any_of(*(f"{field(column.name)} = {_literal(column, code)}" for code in _codes(column, value)))


def _differs(column: Column, value: str) -> str:
    return " and ".join(f"{field(column.name)} != {_literal(column, code)}" for code in _codes(column, value))


def _codes(column: Column, value: str) -> list[str]:
    """The values that a person means: those whose label was typed, else what was typed."""
    typed = fold(value)
    if not column.labels or value in column.labels:
        return [value]
    return [code for code, label in column.labels.items() if fold(label) == typed] or [value]


def _any_of(*conditions: str) -> str:
    return conditions[0] if len(conditions) == 1 else f"({' or '.join(conditions)})"


def _compared(sign: str) -> Callable[[Column, str], str]:
    return lambda column, value: f"{field(column.name)} {sign} {_literal(column, value)}"


OPERATORS = (
    Operator("contient", _("contient"), _contains),
    Operator("egal", _("est égal à"), _equals),
    Operator("different", _("est différent de"), _differs),
    Operator("min", _("est au moins"), _compared(">=")),
    Operator("max", _("est au plus"), _compared("<=")),
    Operator("moins", _("est moins de"), _compared("<")),
    Operator("vide", _("est vide"), lambda column, _value: f"{field(column.name)} is null", needs_value=False),
    Operator("rempli", _("est rempli"), lambda column, _value: f"{field(column.name)} is not null", needs_value=False),
)
OPERATOR_BY_NAME = {operator.name: operator for operator in OPERATORS}


def read_filters(request: HttpRequest) -> list[Filter]:
    """The filters of an address; lines left blank are dropped."""
    return read_filters_of(request.GET)


def read_filters_of(query: QueryDict) -> list[Filter]:
    """The filters among the fields of a form."""
    return [one for one in _lines(query) if one.value or not OPERATOR_BY_NAME[one.operator].needs_value]


def begun_filter(query: QueryDict) -> Filter:
    """The line for one more filter: as it was begun, when its value is not written yet."""
    finished = read_filters_of(query)
    return next((one for one in _lines(query) if one not in finished), Filter("", OPERATORS[0].name, ""))


def _lines(query: QueryDict) -> list[Filter]:
    lines = zip(query.getlist("colonne"), query.getlist("op"), query.getlist("valeur"), strict=False)
    return [
        Filter(column, operator, value.strip()[:MOST_LETTERS])
        for column, operator, value in list(lines)[:MOST_FILTERS]
        if column and operator in OPERATOR_BY_NAME
    ]


def conditions(shape: TableShape, filters: list[Filter], text: str) -> tuple[str, ...]:
    """The filters and the searched words as conditions; BadFilter for a value the column cannot be compared with."""
    clauses = []
    for criterion in filters:
        column = shape.get(criterion.column)
        if column is not None:
            clauses.append(OPERATOR_BY_NAME[criterion.operator].condition(column, criterion.value))
    if text:
        clauses.append(f"search({quoted(text)})")
    return tuple(clauses)


def as_parameters(filters: list[Filter], text: str) -> list[tuple[str, str]]:
    """The filters as the parameters of an address."""
    pairs = [("q", text)] if text else []
    for criterion in filters:
        pairs += [("colonne", criterion.column), ("op", criterion.operator), ("valeur", criterion.value)]
    return pairs
