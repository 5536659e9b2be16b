"""Columns as properties of an entity type: names that OData allows, types that Excel and Power BI read as plain columns.

A point is two numbers, its latitude and its longitude; several values of one cell are one text; a shape and JSON are their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.odata.functions import JOINED, LATITUDE, LONGITUDE
from parvis.core.odsql.bound import Bound, Cell, OfRow, Result, RowFact, Value
from parvis.core.odsql.errors import nearest
from parvis.core.odsql.valuetypes import ValueType, type_of
from parvis.core.translation import gettext_noop

KEY = "_row"
"""The key of every entity: the rank of the row in its version."""
KEY_LABEL = gettext_noop("Rang de la ligne")
LATITUDE_LABEL, LONGITUDE_LABEL = gettext_noop("{label} (latitude)"), gettext_noop("{label} (longitude)")
SEPARATOR = ","
"""Between the values of one cell, as in a CSV file of ours."""
LONGEST_NAME = 128
_TAKEN = frozenset({"row", "null", "true", "false", "not", "inf", "nan"})
"""What a question could not name: the entity type, and the words that a condition reads as values or as an operator."""


class EdmType(StrEnum):
    """The types of properties."""

    INT = "Edm.Int64"
    DOUBLE = "Edm.Double"
    BOOLEAN = "Edm.Boolean"
    DATE = "Edm.Date"
    INSTANT = "Edm.DateTimeOffset"
    TEXT = "Edm.String"


@dataclass(frozen=True, slots=True)
class Property:
    """One property: what it is called, what it holds, what it is computed from.

    ``label`` may hold a placeholder for that of its column. ``is_plain`` is false for what is neither compared nor ordered.
    """

    name: str
    type: EdmType
    expression: Bound
    label: str
    column: Column | None = None
    is_plain: bool = True


@dataclass(frozen=True, slots=True)
class EntitySet:
    """A table as OData sees it: the name of the set, and its properties, the key first."""

    name: str
    title: str
    properties: tuple[Property, ...]

    def __iter__(self) -> Iterator[Property]:
        return iter(self.properties)

    @property
    def type_name(self) -> str:
        """What its entity type is called; no property may have that name."""
        return "Row"

    def get(self, name: str) -> Property | None:
        """The property of that name."""
        return next((row for row in self.properties if row.name == name), None)

    def nearest(self, name: str) -> str:
        """The name that may have been meant; empty when there is none."""
        return nearest(name, [row.name for row in self.properties])


def entity_set(identifier: str, title: str, shape: TableShape) -> EntitySet:
    """The columns of a table as an entity set called after an identifier."""
    properties = [Property(KEY, EdmType.INT, OfRow(RowFact.RANK), KEY_LABEL)]
    taken = {KEY}
    for column in shape:
        for row in _properties(column):
            name = _free(row.name, taken)
            taken.add(name)
            properties.append(Property(name, row.type, row.expression, row.label, row.column, row.is_plain))
    return EntitySet(set_name(identifier), title, tuple(properties))


def set_name(identifier: str) -> str:
    """The name of the entity set of a dataset."""
    return _identifier(identifier)


def _properties(column: Column) -> Iterator[Property]:
    cell, name = Cell(column, type_of(column)), _identifier(column.name)
    if cell.type is ValueType.POINT:
        yield _made(f"{name}_latitude", Result(LATITUDE, (cell,), ValueType.NUMBER), LATITUDE_LABEL, column)
        yield _made(f"{name}_longitude", Result(LONGITUDE, (cell,), ValueType.NUMBER), LONGITUDE_LABEL, column)
    elif cell.type is ValueType.TEXTS:
        joined = Result(JOINED, (cell, Value(SEPARATOR, ValueType.TEXT)), ValueType.TEXT)
        yield Property(name, EdmType.TEXT, joined, "{label}", column)
    else:
        yield Property(
            name, _TYPES.get(column.type, EdmType.TEXT), cell, "{label}", column, cell.type is not ValueType.SHAPE
        )


def _made(name: str, expression: Bound, label: str, column: Column) -> Property:
    return Property(name, EdmType.DOUBLE, expression, label, column)


_TYPES = {
    ColumnType.INT: EdmType.INT,
    ColumnType.DOUBLE: EdmType.DOUBLE,
    ColumnType.BOOLEAN: EdmType.BOOLEAN,
    ColumnType.DATE: EdmType.DATE,
    ColumnType.DATETIME: EdmType.INSTANT,
}


def _identifier(text: str) -> str:
    """A simple identifier of OData: letters, digits and low lines, no digit first."""
    name = re.sub(r"\W", "_", text, flags=re.ASCII)[: LONGEST_NAME - 16] or "_"
    return f"_{name}" if name[0].isdigit() else name


def _free(name: str, taken: set[str]) -> str:
    lowered = {other.lower() for other in taken} | _TAKEN
    rank, free = 2, name
    while free.lower() in lowered:
        free, rank = f"{name}_{rank}", rank + 1
    return free
