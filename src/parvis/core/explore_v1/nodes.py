"""What a ``q`` says, before anything is known of the columns: frozen trees (specification, section 11.2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Words looked for in the whole row; in quotes they follow one another, else each may be a beginning."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Now:
    """``#now(name=number, …)``: the present instant, moved."""

    moves: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """A value as it was typed."""

    text: str
    quoted: bool


type Given = Typed | Now


@dataclass(frozen=True, slots=True)
class FieldIs:
    """``field operator value``; the operator is ``=``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``."""

    name: str
    operator: str
    value: Given


@dataclass(frozen=True, slots=True)
class FieldBetween:
    """``field:[low TO high]``; None is an open end."""

    name: str
    low: Given | None
    high: Given | None
    with_low: bool
    with_high: bool


@dataclass(frozen=True, slots=True)
class Call:
    """``#name(arguments)``; ``at`` is where it starts."""

    name: str
    arguments: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    """The exact complement of a condition."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Conditions joined by ``AND``, or merely written side by side."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Conditions joined by ``OR``."""

    conditions: tuple[Condition, ...]


type Condition = Words | FieldIs | FieldBetween | Call | Not | All | Any
