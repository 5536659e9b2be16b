"""What is asked of the rows of a table, in a form that whole columns can answer.

A ``Question`` looks at one or several columns. Its ``certain`` condition, in SQL, is true only where there is surely no fault: one
scan settles nearly all rows. The texts that remain are judged once each, whatever the number of rows that hold them, by a Python
function that gives the exact verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import pyarrow as pa

from parvis.core.validation.model import Rule

type Texts = Sequence[str | None]
"""One row's texts of the columns of a question; None where the row is too short to have the cell."""

type Judge = Callable[[Texts], Iterable[Finding]]
type Sift = Callable[[pa.Array], pa.Array]
"""Texts → booleans, true for texts that are surely without fault: a second sieve, faster than judging one by one."""


class Stage(IntEnum):
    """The order of faults inside a row."""

    CELLS = 0
    SHAPE = 1
    UNIQUE = 2
    PRIMARY_KEY = 3
    FOREIGN_KEY = 4
    CHECKS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of the texts judged: the rank of its rule among those of the question, and details of its own."""

    rule: int = 0
    more: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL that is true, false or NULL (not sure): ``{0}``, ``{1}``… stand for texts, ``?`` for ``parameters`` in order."""

    sql: str
    parameters: tuple[object, ...] = ()

    def on(self, columns: Sequence[str]) -> str:
        """The SQL for these columns, given as SQL."""
        return self.sql.format(*columns)

    def moved(self, rank: int) -> Condition:
        """The same about the text ``{rank}`` for one written about ``{0}``."""
        return Condition(self.sql.replace("{0}", f"{{{rank}}}"), self.parameters)


NEVER = Condition("false")
ALWAYS = Condition("true")


def all_of(*conditions: Condition) -> Condition:
    """True where all are."""
    return _joined(" AND ", [item for item in conditions if item is not ALWAYS], ALWAYS)


def any_of(*conditions: Condition) -> Condition:
    """True where one is."""
    return _joined(" OR ", [item for item in conditions if item is not NEVER], NEVER)


def _joined(word: str, conditions: Sequence[Condition], none: Condition) -> Condition:
    if not conditions:
        return none
    sql = word.join(f"({item.sql})" for item in conditions)
    return Condition(sql, tuple(value for item in conditions for value in item.parameters))


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked of every row: ``columns`` are positions in the file from 0; see the module."""

    stage: Stage
    rank: int
    columns: tuple[int, ...]
    rules: tuple[Rule, ...]
    certain: Condition
    judge: Judge
    value: int | None = 0
    """Rank among ``columns`` of the text that faults show; None for none."""
    sift: Sift | None = None
    told_once: bool = False
    """One fault for the whole table, at its end, however many rows have it."""


@dataclass(frozen=True, slots=True)
class Key:
    """Values that must be unique, or found elsewhere: ``columns`` are positions in the file from 0."""

    stage: Stage
    rank: int
    columns: tuple[int, ...]
    rule: Rule
    reference: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Once:
    """A fault that does not depend on rows; ``with_first_row`` places it among the checks of the first row, if there is one."""

    rule: Rule
    row: int | None
    value: str | None = None
    with_first_row: bool = False
    last: bool = False
    rank: int = 0
    """Its place among the checks, with the first row."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is asked of a table."""

    questions: tuple[Question, ...] = ()
    keys: tuple[Key, ...] = ()
    once: tuple[Once, ...] = ()
    shape: bool = True
    """Whether rows are looked at; a double label stops everything."""
    field_order: tuple[int, ...] = field(default=())
    """Positions in the order in which the cells of a row are read."""
