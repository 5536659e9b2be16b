"""What a clause says, before anything is known of the columns: frozen trees with positions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LiteralKind(StrEnum):
    """What a literal looks like."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"
    DATE = "date"
    GEOMETRY = "geometry"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value; dates, geometries and distances keep their text."""

    kind: LiteralKind
    value: str | int | float | bool | None
    at: int


@dataclass(frozen=True, slots=True)
class Field:
    """A name that should be a column."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Star:
    """``*``: every field."""

    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments; ``name`` is in lower case, ``text`` as written."""

    name: str
    arguments: tuple[Expression | Star, ...]
    text: str
    at: int


type Expression = Literal | Field | Call


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right``, with ``:`` already read as ``=``."""

    left: Expression
    operator: str
    right: Expression
    at: int


@dataclass(frozen=True, slots=True)
class IsNull:
    """``expression is null``."""

    expression: Expression
    at: int


@dataclass(frozen=True, slots=True)
class IsBoolean:
    """``expression is true`` or ``is false``."""

    expression: Expression
    wanted: bool
    at: int


@dataclass(frozen=True, slots=True)
class InList:
    """``expression in (values)``."""

    expression: Expression
    values: tuple[Literal, ...]
    at: int


@dataclass(frozen=True, slots=True)
class InRange:
    """``expression in [low .. high]``; a bracket turned outwards excludes its bound."""

    expression: Expression
    low: Literal
    high: Literal
    with_low: bool
    with_high: bool
    at: int


@dataclass(frozen=True, slots=True)
class ValueIn:
    """``literal in field``, for multivalued fields."""

    value: Literal
    field: Field
    at: int


@dataclass(frozen=True, slots=True)
class Like:
    """``expression like "words"``."""

    expression: Expression
    pattern: str
    at: int


@dataclass(frozen=True, slots=True)
class FullText:
    """A string alone: every word of it, anywhere in the row."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Truth:
    """An expression alone, taken as true or false."""

    expression: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    """The exact complement of a condition."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Conditions joined by ``and``."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Conditions joined by ``or``."""

    conditions: tuple[Condition, ...]


type Condition = (
    Comparison | IsNull | IsBoolean | InList | InRange | ValueIn | Like | FullText | Truth | Not | All | Any
)


@dataclass(frozen=True, slots=True)
class SelectItem:
    """One item of a select: everything, or an expression with its key in the answer."""

    expression: Expression | Star
    key: str
    at: int


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One item of an order."""

    expression: Expression
    descending: bool
    at: int
