"""What a Table Schema may say: types with their formats and constraints, and the JSON shape of each property. Rows only."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.translation import gettext_noop

_BOUNDS = ("required", "minimum", "maximum", "enum")
_SIZES = ("required", "minLength", "maxLength", "enum")
_LIST = ("required", "enum")


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type: the constraints it takes, in the order in which they are evaluated, and its closed list of formats if it has one."""

    name: str
    constraints: tuple[str, ...]
    formats: tuple[str, ...] = ()


TYPES = (
    TypeRow(
        "string",
        ("required", "minLength", "maxLength", "pattern", "enum"),
        ("default", "email", "uri", "binary", "uuid", "wkt"),
    ),
    TypeRow("integer", _BOUNDS),
    TypeRow("number", _BOUNDS),
    TypeRow("boolean", _LIST),
    TypeRow("date", _BOUNDS),
    TypeRow("datetime", _BOUNDS),
    TypeRow("time", _BOUNDS),
    TypeRow("year", _BOUNDS),
    TypeRow("yearmonth", _BOUNDS),
    TypeRow("duration", _LIST),
    TypeRow("geopoint", _LIST),
    TypeRow("geojson", _LIST, ("default", "topojson")),
    TypeRow("object", _SIZES),
    TypeRow("array", _SIZES),
    TypeRow("any", _LIST),
)
TYPE_BY_NAME = {row.name: row for row in TYPES}

SHAPES = {
    "string": (str, gettext_noop("un texte")),
    "boolean": (bool, gettext_noop("vrai ou faux (true, false)")),
    "integer": (int, gettext_noop("un nombre entier")),
    "array": (list, gettext_noop("une liste")),
    "object": (dict, gettext_noop("un objet")),
}
"""Shape → Python type once JSON is parsed, and its name."""

SCHEMA_PROPERTIES = {
    "name": "string",
    "type": "string",
    "title": "string",
    "description": "string",
    "fields": "array",
    "missingValues": "array",
    "primaryKey": "array",
    "foreignKeys": "array",
}

FIELD_PROPERTIES = {
    "name": "string",
    "type": "string",
    "title": "string",
    "description": "string",
    "format": "string",
    "missingValues": "array",
    "constraints": "object",
    "rdfType": "string",
}

TYPE_PROPERTIES = {
    "boolean": {"trueValues": "array", "falseValues": "array"},
    "integer": {"bareNumber": "boolean"},
    "number": {"bareNumber": "boolean", "floatNumber": "boolean", "decimalChar": "string", "groupChar": "string"},
    "array": {"arrayItem": "object"},
}
"""Properties that a type adds to those of every field."""

CONSTRAINT_PROPERTIES = {
    "required": "boolean",
    "unique": "boolean",
    "pattern": "string",
    "enum": "array",
    "minLength": "integer",
    "maxLength": "integer",
}
LISTS_OF_TEXTS = ("missingValues", "trueValues", "falseValues", "primaryKey")
