"""The types of expressions, coarser than those of columns: what decides which operators fit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from parvis.core.columns import Column, ColumnType


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


@dataclass(frozen=True, slots=True)
class Words:
    """How a type is called in a message."""

    fr: str
    en: str


WORDS = {
    ValueType.TEXT: Words("un texte", "a text"),
    ValueType.TEXTS: Words("un champ à plusieurs valeurs", "a multivalued field"),
    ValueType.NUMBER: Words("un nombre", "a number"),
    ValueType.BOOLEAN: Words("un booléen", "a boolean"),
    ValueType.DATE: Words("une date", "a date"),
    ValueType.DATETIME: Words("une date et heure", "a date and time"),
    ValueType.POINT: Words("un point", "a geo point"),
    ValueType.SHAPE: Words("une forme géographique", "a geo shape"),
    ValueType.GEOMETRY: Words("une géométrie geom'…'", "a geometry"),
    ValueType.DISTANCE: Words("une distance", "a distance"),
    ValueType.JSON: Words("du JSON", "JSON"),
    ValueType.NULL: Words("null", "null"),
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
