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
    QUANTITY = "quantity"
    """A number and a unit: ``5km``, ``1 day``."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value; dates, geometries and quantities keep their text."""

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
class Named:
    """An argument given by name, ``radius=40``: ``now`` and ``geo_cluster`` have some."""

    name: str
    value: Literal
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments; ``name`` is in lower case, ``text`` as written."""

    name: str
    arguments: tuple[Expression | Star | Named, ...]
    text: str
    at: int
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """``range(expression, step)`` or ``range(expression, bounds…)``; a bound that is None is open.

    ``step`` is a number, or a number and a unit (``1 day``); it is None when there are bounds.
    """

    expression: Expression
    step: Literal | None
    bounds: tuple[Literal | None, ...]
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Negative:
    """``-operand``."""

    operand: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``first`` then an operator and an operand, again and again, all of one precedence: read from left to right."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]
    at: int


type Expression = Literal | Field | Call | Range | Negative | Arithmetic


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
    values: tuple[Expression, ...]
    at: int


@dataclass(frozen=True, slots=True)
class InRange:
    """``expression in [low .. high]``; a bracket turned outwards excludes its bound."""

    expression: Expression
    low: Expression
    high: Expression
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
class Fields:
    """``include(…)`` or ``exclude(…)``: names of fields, and beginnings of names (those that were followed by ``*``)."""

    keeps: bool
    names: tuple[Field, ...]
    starts: tuple[Field, ...]
    at: int


@dataclass(frozen=True, slots=True)
class SelectItem:
    """One item of a select: everything, a choice of fields, or an expression with its key in the answer.

    ``key`` is the text as written when ``is_named`` is false.
    """

    expression: Expression | Star | Fields
    key: str
    at: int
    is_named: bool = False


type GroupItem = SelectItem
"""One item of a ``group_by``: an expression and its key."""


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One item of an order."""

    expression: Expression
    descending: bool
    at: int
