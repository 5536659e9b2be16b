"""What a custom check is made of: its parameters as rows, and what builds its question once the columns are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parvis.core.schemas.model import CustomCheck, Field, TableSchema
from parvis.core.validation.cells import CellReader, cell_reader
from parvis.core.validation.headers import Columns
from parvis.core.validation.model import Rule
from parvis.core.validation.plan import Once, Question, Stage


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: ``shape`` is ``text`` or ``texts``; ``allowed`` its closed list of values, empty when free."""

    name: str
    shape: str = "text"
    required: bool = True
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """A check on a table: its parameters, its place among the checks, and the columns of the file."""

    check: CustomCheck
    rank: int
    schema: TableSchema
    columns: Columns

    def positions(self, names: Sequence[str]) -> tuple[int, ...] | None:
        """Where these columns stand; None when one of them is not in the file."""
        ranks = [self.columns.position(name) for name in names]
        return None if None in ranks else tuple(rank for rank in ranks if rank is not None)

    def field(self, position: int) -> Field:
        """The field of a column."""
        return self.columns.fields[position]

    def missing(self, position: int) -> tuple[str, ...]:
        """The texts that are no value there."""
        return self.schema.missing(self.field(position))

    def reader(self, position: int) -> CellReader:
        """The reader of the cells of a column."""
        return cell_reader(self.field(position), self.missing(position))

    def rule(self, kind: str, column: str | None, position: int | None, **more: Any) -> Rule:
        """A rule of the check; ``position`` from 0."""
        shown = None if position is None else position + 1
        details = {"name": self.check.declared, **self.check.params, **more}
        return Rule(kind, f"check:{self.check.name}", column, shown, details)


type Built = Sequence[Question | Once]
type Build = Callable[[Subject], Built]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check: its name in schemas, what it says in a few words, its parameters, and what builds it.

    ``kinds`` are the types of field it can read: on others it cannot work, which is told once.
    """

    name: str
    label: str
    parameters: tuple[Parameter, ...]
    build: Build
    kinds: frozenset[str] = frozenset()


def once_with_rows(subject: Subject, rule: Rule) -> Once:
    """A fault of the header that a check meets when it sees its first row."""
    return Once(rule, 1, with_first_row=True, rank=subject.rank)


def wrong_parameter(row: CheckRow, params: Mapping[str, Any]) -> str | None:
    """The first parameter that is absent, or of the wrong shape or value; None when all are right."""
    for item in row.parameters:
        if item.name not in params:
            if item.required:
                return item.name
            continue
        value = params[item.name]
        whole = (
            isinstance(value, str)
            if item.shape == "text"
            else isinstance(value, list) and all(isinstance(text, str) for text in value)
        )
        if not whole or (item.allowed and value not in item.allowed):
            return item.name
    return None


TEXTUAL = frozenset({"string", "any"})
COLUMN = Parameter("column")
CHECKS = Stage.CHECKS
