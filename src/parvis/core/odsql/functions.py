"""The functions of the language: one row each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from parvis.core.odsql.valuetypes import ValueType


class Takes(StrEnum):
    """What an argument must be."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"
    """A date or an instant; the instant is seen in the time zone of the request."""
    POINT = "point"
    GEO = "geo"
    GEOMETRY = "geometry"
    DISTANCE = "distance"
    TEXT_FIELDS = "text fields"
    """Nothing, ``*``, or any number of text fields; always first."""


ACCEPTED = {
    Takes.TEXT: (ValueType.TEXT,),
    Takes.NUMBER: (ValueType.NUMBER,),
    Takes.MOMENT: (ValueType.DATE, ValueType.DATETIME),
    Takes.POINT: (ValueType.POINT,),
    Takes.GEO: (ValueType.POINT, ValueType.SHAPE),
    Takes.GEOMETRY: (ValueType.GEOMETRY,),
    Takes.DISTANCE: (ValueType.DISTANCE, ValueType.NUMBER),
    Takes.TEXT_FIELDS: (ValueType.TEXT, ValueType.TEXTS),
}


@dataclass(frozen=True, slots=True)
class Function:
    """One function (or one of its forms, by number of arguments).

    ``sql`` is the template over its arguments ``{0}``, ``{1}``…; a text function, over fields, has none: the binder turns
    it into one condition a field. ``sentence`` is its line in the reference, in French.
    """

    name: str
    takes: tuple[Takes, ...]
    gives: ValueType
    sql: str
    sentence: str

    @property
    def is_condition(self) -> bool:
        """True for the functions that filter rows, allowed in ``where`` alone."""
        return self.gives is ValueType.BOOLEAN


_DISTANCE = "parvis_metres({0}, {1})"
_ROWS = (
    Function("length", (Takes.TEXT,), ValueType.NUMBER, "length({0})", "Nombre de caractères d’un texte."),
    Function("lower", (Takes.TEXT,), ValueType.TEXT, "lower({0})", "Le texte en minuscules."),
    Function("upper", (Takes.TEXT,), ValueType.TEXT, "upper({0})", "Le texte en majuscules."),
    Function("year", (Takes.MOMENT,), ValueType.NUMBER, "year({0})", "Année d’une date."),
    Function("month", (Takes.MOMENT,), ValueType.NUMBER, "month({0})", "Mois d’une date, de 1 à 12."),
    Function("day", (Takes.MOMENT,), ValueType.NUMBER, "day({0})", "Jour du mois, de 1 à 31."),
    Function("hour", (Takes.MOMENT,), ValueType.NUMBER, "hour(CAST({0} AS TIMESTAMP))", "Heure, de 0 à 23."),
    Function("minute", (Takes.MOMENT,), ValueType.NUMBER, "minute(CAST({0} AS TIMESTAMP))", "Minute, de 0 à 59."),
    Function("second", (Takes.MOMENT,), ValueType.NUMBER, "second(CAST({0} AS TIMESTAMP))", "Seconde, de 0 à 59."),
    Function(
        "search",
        (Takes.TEXT_FIELDS, Takes.TEXT),
        ValueType.BOOLEAN,
        "",
        "Chaque mot du texte s’y trouve, le dernier pouvant n’être qu’un début ; ni accents ni casse ne comptent.",
    ),
    Function(
        "suggest",
        (Takes.TEXT_FIELDS, Takes.TEXT),
        ValueType.BOOLEAN,
        "",
        "Un mot commence par le texte ; ni accents ni casse ne comptent.",
    ),
    Function(
        "startswith",
        (Takes.TEXT_FIELDS, Takes.TEXT),
        ValueType.BOOLEAN,
        "",
        "La valeur entière commence par le texte, casse comprise.",
    ),
    Function(
        "in_bbox",
        (Takes.GEO, Takes.NUMBER, Takes.NUMBER, Takes.NUMBER, Takes.NUMBER),
        ValueType.BOOLEAN,
        "ST_Intersects({0}, ST_MakeEnvelope(least({2}, {4}), least({1}, {3}), greatest({2}, {4}), greatest({1}, {3})))",
        "Dans le rectangle donné par deux coins : latitude, longitude, latitude, longitude.",
    ),
    Function(
        "within_distance",
        (Takes.POINT, Takes.GEOMETRY, Takes.DISTANCE),
        ValueType.BOOLEAN,
        f"({_DISTANCE} <= {{2}})",
        "À moins d’une distance d’un point.",
    ),
    Function(
        "distance",
        (Takes.POINT, Takes.GEOMETRY, Takes.DISTANCE),
        ValueType.BOOLEAN,
        f"({_DISTANCE} <= {{2}})",
        "Ancienne écriture de within_distance.",
    ),
    Function("distance", (Takes.POINT, Takes.GEOMETRY), ValueType.NUMBER, _DISTANCE, "Distance à un point, en mètres."),
    Function(
        "intersects",
        (Takes.GEO, Takes.GEOMETRY),
        ValueType.BOOLEAN,
        "ST_Intersects({0}, {1})",
        "Touche ou recouvre une géométrie.",
    ),
    Function(
        "within", (Takes.GEO, Takes.GEOMETRY), ValueType.BOOLEAN, "ST_Within({0}, {1})", "Est dans une géométrie."
    ),
    Function(
        "polygon", (Takes.GEO, Takes.GEOMETRY), ValueType.BOOLEAN, "ST_Within({0}, {1})", "Ancienne écriture de within."
    ),
    Function(
        "disjoint",
        (Takes.GEO, Takes.GEOMETRY),
        ValueType.BOOLEAN,
        "ST_Disjoint({0}, {1})",
        "Ne touche pas une géométrie.",
    ),
)

FUNCTIONS: dict[str, tuple[Function, ...]] = {
    name: tuple(row for row in _ROWS if row.name == name) for name in dict.fromkeys(row.name for row in _ROWS)
}
"""The forms of each function, by name."""

AGGREGATIONS = frozenset({"count", "sum", "avg", "min", "max", "median", "percentile", "envelope", "bbox", "stddev"})
"""Names known to the language that this version does not answer yet."""

TEXT_FUNCTIONS = frozenset({"search", "suggest", "startswith"})
"""Functions over fields that the binder turns into conditions on words."""
