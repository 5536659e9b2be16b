"""Literals to values."""

from __future__ import annotations

import re

from parvis.core.odsql.bound import Value
from parvis.core.odsql.errors import ODSQLError
from parvis.core.odsql.geometries import check_geometry
from parvis.core.odsql.moments import read_moment
from parvis.core.odsql.nodes import Literal, LiteralKind
from parvis.core.odsql.valuetypes import ValueType
from parvis.core.translation import Sentence

METRES = {"mi": 1609.344, "yd": 0.9144, "ft": 0.3048, "m": 1.0, "cm": 0.01, "km": 1000.0, "mm": 0.001}

_TYPES = {
    LiteralKind.TEXT: ValueType.TEXT,
    LiteralKind.NUMBER: ValueType.NUMBER,
    LiteralKind.BOOLEAN: ValueType.BOOLEAN,
    LiteralKind.NULL: ValueType.NULL,
    LiteralKind.GEOMETRY: ValueType.GEOMETRY,
}
_QUANTITY = re.compile(r"([\d.]+)([A-Za-z]+)")


def value_of(node: Literal, clause: str, timezone: str) -> Value:
    """The value a literal states; a date is a ``Moment``, a distance is in metres."""
    if node.kind is LiteralKind.DATE:
        moment = read_moment(str(node.value), timezone)
        if moment is None:
            raise ODSQLError(reason=Sentence("« {value} » n’est pas une date", {"value": node.value}), clause=clause)
        return Value(moment, ValueType.DATE)
    if node.kind is LiteralKind.QUANTITY:
        match = _QUANTITY.fullmatch(str(node.value))
        if match is None or match[2] not in METRES:
            raise ODSQLError(
                reason=Sentence(
                    "« {value} » n’est pas une distance (unités : {units})",
                    {"value": str(node.value)[:40], "units": ", ".join(METRES)},
                ),
                clause=clause,
            )
        return Value(float(match[1]) * METRES[match[2]], ValueType.DISTANCE)
    if node.kind is LiteralKind.GEOMETRY:
        check_geometry(str(node.value), clause)
    return Value(node.value, _TYPES[node.kind])
