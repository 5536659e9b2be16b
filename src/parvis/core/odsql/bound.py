"""What a clause means on given columns: checked trees, without positions, ready for any dialect of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from parvis.core.columns import Column
from parvis.core.odsql.functions import Function
from parvis.core.odsql.valuetypes import ValueType


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of a column."""

    column: Column
    type: ValueType


@dataclass(frozen=True, slots=True)
class Value:
    """A value given by the asker; it travels as a parameter, always."""

    value: object
    type: ValueType


@dataclass(frozen=True, slots=True)
class Local:
    """An instant as the clock shows it in a time zone."""

    expression: Bound
    timezone: str
    type: ValueType = ValueType.DATETIME


@dataclass(frozen=True, slots=True)
class AsNumber:
    """A text read as a number; null where it is none."""

    expression: Bound
    type: ValueType = ValueType.NUMBER


@dataclass(frozen=True, slots=True)
class Result:
    """What a function gives."""

    function: Function
    arguments: tuple[Bound, ...]
    type: ValueType


type Bound = Cell | Value | Local | AsNumber | Result


@dataclass(frozen=True, slots=True)
class Compare:
    """Two expressions of one family; false as soon as one is null."""

    left: Bound
    operator: str
    right: Bound


@dataclass(frozen=True, slots=True)
class Null:
    """The expression has no value."""

    expression: Bound


@dataclass(frozen=True, slots=True)
class Among:
    """The expression equals one of the values."""

    expression: Bound
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """One of the values of a multivalued column equals ``value``."""

    cell: Cell
    value: Value


@dataclass(frozen=True, slots=True)
class Starts:
    """The text, or one of the texts, starts with ``value``, case included."""

    expression: Bound
    value: Value


class Part(StrEnum):
    """How much of a word is given."""

    WHOLE = "whole"
    START = "start"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Word:
    """A word looked for, as typed; the engine folds it as it folds the rows."""

    text: str
    part: Part


@dataclass(frozen=True, slots=True)
class HasWord:
    """The words of an expression, or of the whole row when it is None, include this one."""

    expression: Bound | None
    word: Word


@dataclass(frozen=True, slots=True)
class IsTrue:
    """A boolean expression is true."""

    expression: Bound


@dataclass(frozen=True, slots=True)
class No:
    """The exact complement: true wherever the condition is not true, nulls included."""

    condition: Test


@dataclass(frozen=True, slots=True)
class Every:
    """All conditions hold; true when there is none."""

    conditions: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One condition holds; false when there is none."""

    conditions: tuple[Test, ...]


type Test = Compare | Null | Among | Has | Starts | HasWord | IsTrue | No | Every | Some

ALWAYS = Every(())
NEVER = Some(())


@dataclass(frozen=True, slots=True)
class Output:
    """One column of the answer: its key, what it holds, and the column it comes from when it is one."""

    key: str
    expression: Bound
    column: Column | None


@dataclass(frozen=True, slots=True)
class Order:
    """One level of the order; nulls come last whatever the direction."""

    expression: Bound
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A whole question on one source."""

    outputs: tuple[Output, ...]
    where: Test = ALWAYS
    order_by: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
