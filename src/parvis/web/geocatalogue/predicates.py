"""Conditions over the catalogue, whatever language they were written in: Filter Encoding 1.1 or 2.0, CQL, parameters of Records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_CONDITIONS: Final = 100
LONGEST_TEXT: Final = 500
"""Characters of a value that is compared."""

type Box = tuple[float, float, float, float]
"""West, south, east and north, in degrees; west is greater than east across the antimeridian."""


class Operator(StrEnum):
    """How a value is compared."""

    EQUAL = "="
    DIFFERENT = "<>"
    LESS = "<"
    GREATER = ">"
    LESS_OR_EQUAL = "<="
    GREATER_OR_EQUAL = ">="


class Relation(StrEnum):
    """How two rectangles lie."""

    INTERSECTS = "intersects"
    DISJOINT = "disjoint"
    WITHIN = "within"
    CONTAINS = "contains"
    EQUALS = "equals"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A property compared with a value."""

    property: str
    operator: Operator
    value: str
    match_case: bool = True


@dataclass(frozen=True, slots=True)
class Like:
    """A property whose text has the form of a pattern."""

    property: str
    pattern: str
    wildcard: str = "%"
    single: str = "_"
    escape: str = "\\"
    match_case: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A property that has no value."""

    property: str


@dataclass(frozen=True, slots=True)
class Spatial:
    """The rectangle of a record, and another."""

    relation: Relation
    box: Box


@dataclass(frozen=True, slots=True)
class Identified:
    """One of these identifiers."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class During:
    """The period that a record's data speak of meets that between two days or instants; one that is empty has no bound."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Every:
    """All of them."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of them."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    """Not that."""

    part: Predicate


type Predicate = Comparison | Like | Missing | Spatial | Identified | During | Every | Some | Opposite

ALWAYS: Final = Every(())


def between(name: str, lower: str, upper: str) -> Every:
    """A property between two values, both included."""
    return Every((Comparison(name, Operator.GREATER_OR_EQUAL, lower), Comparison(name, Operator.LESS_OR_EQUAL, upper)))


def all_of(*parts: Predicate) -> Predicate:
    """These conditions together; those that always hold left out."""
    telling = tuple(part for part in parts if part != ALWAYS)
    return telling[0] if len(telling) == 1 else Every(telling)
