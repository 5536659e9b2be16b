"""What an expression of OData says, before anything is known of the properties."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LiteralKind(StrEnum):
    """What a literal looks like."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"
    MOMENT = "moment"
    """A date or an instant, as written."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value."""

    kind: LiteralKind
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """A name that should be a property."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments; ``name`` in lower case."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """``not`` or ``-``."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands of a comparison or of arithmetic."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands all joined by ``and``, or all by ``or``."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Among:
    """``operand in (values)``."""

    operand: Node
    values: tuple[Node, ...]


type Node = Literal | Name | Call | Unary | Binary | Chain | Among


@dataclass(frozen=True, slots=True)
class Order:
    """One level of ``$orderby``."""

    expression: Node
    descending: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase of ``$search``."""

    text: str


@dataclass(frozen=True, slots=True)
class Search:
    """Searches joined by ``AND``, ``OR``, or one of which the contrary is searched (``NOT``)."""

    operator: str
    operands: tuple[Search | Term, ...]


@dataclass(frozen=True, slots=True)
class Aggregation:
    """One value over the rows of a group: the method over the expression, or how many rows there are when it has none."""

    name: str
    method: str
    expression: Node | None


@dataclass(frozen=True, slots=True)
class Kept:
    """``filter(…)`` of ``$apply``."""

    condition: Node


@dataclass(frozen=True, slots=True)
class Grouped:
    """``groupby((…),aggregate(…))``, or ``aggregate(…)`` alone when nothing is grouped by (``keys`` is None)."""

    keys: tuple[str, ...] | None
    aggregations: tuple[Aggregation, ...]


type Transformation = Kept | Grouped
