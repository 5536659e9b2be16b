"""The types of expressions, coarser than those of columns: what decides which operators fit."""

from __future__ import annotations

from enum import StrEnum

from parvis.core.columns import Column, ColumnType
from parvis.core.translation import gettext_noop


class ValueType(StrEnum):
    """What an expression gives."""

    TEXT = "text"
    TEXTS = "texts"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    POINT = "point"
    SHAPE = "shape"
    GEOMETRY = "geometry"
    DISTANCE = "distance"
    JSON = "json"
    NULL = "null"


WORDS = {
    ValueType.TEXT: gettext_noop("un texte"),
    ValueType.TEXTS: gettext_noop("un champ à plusieurs valeurs"),
    ValueType.NUMBER: gettext_noop("un nombre"),
    ValueType.BOOLEAN: gettext_noop("un booléen"),
    ValueType.DATE: gettext_noop("une date"),
    ValueType.DATETIME: gettext_noop("une date et heure"),
    ValueType.POINT: gettext_noop("un point"),
    ValueType.SHAPE: gettext_noop("une forme géographique"),
    ValueType.GEOMETRY: gettext_noop("une géométrie geom'…'"),
    ValueType.DISTANCE: gettext_noop("une distance"),
    ValueType.JSON: gettext_noop("du JSON"),
    ValueType.NULL: gettext_noop("null"),
}

_OF_COLUMN = {
    ColumnType.INT: ValueType.NUMBER,
    ColumnType.DOUBLE: ValueType.NUMBER,
    ColumnType.BOOLEAN: ValueType.BOOLEAN,
    ColumnType.DATE: ValueType.DATE,
    ColumnType.DATETIME: ValueType.DATETIME,
    ColumnType.GEO_POINT: ValueType.POINT,
    ColumnType.GEO_SHAPE: ValueType.SHAPE,
}


def type_of(column: Column) -> ValueType:
    """The type of a column's values."""
    if column.annotations.get("multivalued"):
        return ValueType.TEXTS
    return _OF_COLUMN.get(column.type, ValueType.TEXT)
