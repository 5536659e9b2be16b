"""What a clause means on given columns: checked trees, without positions, that any engine answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from parvis.core.columns import Column
from parvis.core.odsql.functions import Function
from parvis.core.odsql.valuetypes import ValueType


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of a column."""

    PARTS: ClassVar = ()
    column: Column
    type: ValueType


@dataclass(frozen=True, slots=True)
class Value:
    """A value given by the caller; it travels as a parameter, always."""

    PARTS: ClassVar = ()
    value: object
    type: ValueType


@dataclass(frozen=True, slots=True)
class Local:
    """An instant as the clock shows it in a time zone."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    timezone: str
    type: ValueType = ValueType.DATETIME


@dataclass(frozen=True, slots=True)
class AsNumber:
    """A text read as a number; null where it is none."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    type: ValueType = ValueType.NUMBER


@dataclass(frozen=True, slots=True)
class AsText:
    """Any plain value as text."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    type: ValueType = ValueType.TEXT


@dataclass(frozen=True, slots=True)
class Result:
    """What a function gives."""

    PARTS: ClassVar = ("arguments",)
    function: Function
    arguments: tuple[Bound, ...]
    type: ValueType


@dataclass(frozen=True, slots=True)
class Sum:
    """Numbers joined by ``operators`` from left to right; null when one is null or when one divides by zero."""

    PARTS: ClassVar = ("operands",)
    operands: tuple[Bound, ...]
    operators: tuple[str, ...]
    type: ValueType = ValueType.NUMBER


@dataclass(frozen=True, slots=True)
class Minus:
    """The opposite of a number."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    type: ValueType = ValueType.NUMBER


@dataclass(frozen=True, slots=True)
class Written:
    """A date as text: each piece is a symbol of ``date_format`` or, when ``symbol`` is empty, a text to copy."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    pieces: tuple[Piece, ...]
    lang: str
    type: ValueType = ValueType.TEXT


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a ``date_format`` pattern."""

    symbol: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class JsonText:
    """A text that JSON answers give as the JSON it holds, else as ``fallback`` when there is one."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    fallback: Value | None
    type: ValueType = ValueType.JSON


@dataclass(frozen=True, slots=True)
class Day:
    """A date as the text of its midnight in UTC: ``2018-01-01T00:00:00+00:00`` (specification, section 7.5)."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    type: ValueType = ValueType.TEXT


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What an aggregation gives over the rows of a group, or over all; without arguments, it counts rows."""

    PARTS: ClassVar = ("arguments",)
    function: Function
    arguments: tuple[Bound, ...]
    distinct: bool
    type: ValueType


@dataclass(frozen=True, slots=True)
class NumberStep:
    """The start of the tranche of ``step`` that holds a number."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    step: int | float
    type: ValueType = ValueType.NUMBER


@dataclass(frozen=True, slots=True)
class MomentStep:
    """The start, on the clock of the time zone, of the period of ``amount`` units that holds a moment."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    amount: int
    unit: str
    type: ValueType = ValueType.DATETIME


@dataclass(frozen=True, slots=True)
class Tranche:
    """The rank, from 0, of the interval between two bounds that holds a value; the lower bound is in, the upper out."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    bounds: tuple[Value | None, ...]
    texts: tuple[str, ...]
    type: ValueType = ValueType.NUMBER


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cell of ``radius`` pixels at a zoom level that holds a point."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    zoom: int
    radius: float
    type: ValueType = ValueType.JSON


type Bucket = NumberStep | MomentStep | Tranche | Cluster
BUCKETS = (NumberStep, MomentStep, Tranche, Cluster)


@dataclass(frozen=True, slots=True)
class Key:
    """The value of the ``rank``-th group key, as it is grouped and ordered."""

    PARTS: ClassVar = ()
    rank: int
    type: ValueType
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """The key of a bucket, or of a date, as the answer shows it; ``zone`` is that of its bounds."""

    PARTS: ClassVar = ()
    rank: int
    bucket: Bucket
    zone: str
    type: ValueType = ValueType.TEXT


@dataclass(frozen=True, slots=True)
class Total:
    """The ``rank``-th aggregate over all matching rows, of an answer without groups."""

    PARTS: ClassVar = ()
    rank: int
    type: ValueType


@dataclass(frozen=True, slots=True)
class SharedWords:
    """The words of an expression that several conditions look at, computed once outside of them (``shared_words``)."""

    PARTS: ClassVar = ()
    rank: int
    type: ValueType = ValueType.TEXT


class RowFact(StrEnum):
    """What is known of a row besides its columns; the value is how an error names it."""

    RANK = "rank"
    """Its place in its source, from 1."""
    ID = "recordid"
    """Its identifier: the cell of the column annotated ``id``, else its digest and its rank (8 hexadecimal digits)."""
    DIGEST = "digest"
    """The MD5, 32 hexadecimal digits, of its values as one text: separated by U+001F, a missing one written U+0000."""
    SIZE = "record_size"
    """The bytes of that text."""


@dataclass(frozen=True, slots=True)
class OfRow:
    """One of these facts, told of the row's ``columns``; ``marked`` is the one annotated ``id``."""

    PARTS: ClassVar = ()
    fact: RowFact
    columns: tuple[Column, ...] = ()
    marked: Column | None = None

    @property
    def type(self) -> ValueType:
        """Text, but for what is counted."""
        return ValueType.NUMBER if self.fact in (RowFact.RANK, RowFact.SIZE) else ValueType.TEXT


@dataclass(frozen=True, slots=True)
class PathStart:
    """The first ``depth`` parts, between ``mark``, of a path or of several; of these, those alone that start with ``start``."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    mark: str
    depth: int
    start: str
    type: ValueType


@dataclass(frozen=True, slots=True)
class Placed:
    """A geometry as GeoJSON in a coordinate ``system`` (``OGC:CRS84``, ``EPSG:2154``…); null where it has no place there."""

    PARTS: ClassVar = ("expression",)
    expression: Bound
    system: str
    north_first: bool
    type: ValueType = ValueType.TEXT


type Bound = (
    Cell
    | Value
    | Local
    | AsNumber
    | AsText
    | Result
    | Sum
    | Minus
    | Written
    | JsonText
    | Day
    | Aggregate
    | NumberStep
    | MomentStep
    | Tranche
    | Cluster
    | Key
    | Shown
    | Total
    | SharedWords
    | OfRow
    | PathStart
    | Placed
)


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
    """One of the values of a multivalued expression equals ``value``."""

    cell: Bound
    value: Bound


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
    NEAR = "near"
    """Whole, some letters more, less or other: two beyond five characters, one beyond two (specification, 7.4)."""


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


@dataclass(frozen=True, slots=True)
class Beyond:
    """Rows that come after a given one in an order: ``values`` are those of its levels, then its rank in the source."""

    orders: tuple[Order, ...]
    values: tuple[object, ...]
    row: int


@dataclass(frozen=True, slots=True)
class AtRow:
    """The row of that rank in the source."""

    row: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows whose rank in the source is after ``first`` and not after ``last``."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class AtRows:
    """The rows of these ranks, one at least."""

    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MeetsBox:
    """A geometry meets the box (west, south, east, north) given in a coordinate system, x or longitude first.

    In degrees, a box whose west is greater than its east crosses the antimeridian.
    """

    expression: Bound
    box: tuple[float, float, float, float]
    system: str


type RowTest = Beyond | AtRow | AtRows | Ranked
type Test = Compare | Null | Among | Has | Starts | HasWord | IsTrue | No | Every | Some | MeetsBox | RowTest

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
class Group:
    """One level of grouping: its key in the answer, what it groups by, and what the answer shows of it."""

    key: str
    expression: Bound
    shown: Bound
    column: Column | None


@dataclass(frozen=True, slots=True)
class Query:
    """A whole question on one source.

    With ``groups``, outputs and orders speak of ``Key``, ``Shown`` and ``Aggregate`` only. With ``totals``, each matching
    row repeats those aggregates (specification, section 7.6).
    """

    outputs: tuple[Output, ...]
    where: Test = ALWAYS
    order_by: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    groups: tuple[Group, ...] = ()
    totals: tuple[Aggregate, ...] = ()
    after: RowTest | None = None

    @property
    def is_grouped(self) -> bool:
        """True when the rows of the answer are groups."""
        return bool(self.groups)
