"""The fields of the makers: lists of choices, each with the one that the address or the saved drawing says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from parvis.core.columns import Column


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A list of choices of the form."""

    name: str
    label: str
    options: list[Option]
    hint: str = ""


def select(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str, hint: str = "") -> Select:
    """A list of pairs of a value and its words."""
    return Select(name, label, [Option(value, text, value == chosen) for value, text in options], hint)


def column_select(name: str, label: str, columns: Iterable[Column], chosen: str, none: str = "") -> Select:
    """A list of columns, by their labels; ``none`` are the words of choosing none of them, when one may."""
    options = [("", none)] if none else []
    return select(name, label, [*options, *((column.name, column.label) for column in columns)], chosen)
