"""The shape of a parser: a row that turns the text of a cell into a typed value, in SQL, or into NULL when it does not fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.text import SPACES

BLANKS = " \t\r\n\v\f\ufeff\u200b" + SPACES
"""What may be around a value without being part of it; a cell of nothing else is empty."""


def trimmed(cell: str) -> str:
    """SQL: the text of ``cell`` without blanks around it. Trimming a set of characters is slow: only where there are some."""
    return (
        f"(CASE WHEN regexp_matches({cell}, '^[{BLANKS}]|[{BLANKS}]$') THEN trim({cell}, '{BLANKS}') ELSE {cell} END)"
    )


def filled(cell: str) -> str:
    """SQL: true when ``cell`` holds something; a plain ASCII sign at its beginning is enough to know."""
    return f"(CASE WHEN {cell} >= '!' AND {cell} < '\x7f' THEN true ELSE trim({cell}, '{BLANKS}') <> '' END)"


def when(pattern: str, text: str, value: str) -> str:
    """SQL: ``value`` when the whole of ``text`` matches the regular expression ``pattern``, else NULL."""
    return f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN {value} END"


def once(value: str, name: str, result: str) -> str:
    """SQL: ``result``, in which ``name`` is what ``value`` gives.

    A long expression that is written ten times is planned ten times, and computed as often in the branches of a CASE.
    """
    return f"list_transform([{value}], lambda {name}: {result})[1]"


@dataclass(frozen=True, slots=True)
class Words:
    """How a parser's values are named to people, one and many."""

    one: str
    many: str


@dataclass(frozen=True, slots=True)
class Parser:
    """One way to read a column. ``sql`` takes quoted identifiers and gives an SQL expression, NULL for what does not fit.

    ``good`` pairs texts with the value expected (as DuckDB shows it in text), ``bad`` lists texts refused; both are tested.
    ``headers``: when not empty, the parser is only proposed unless the header matches this regular expression.
    ``strict``: taken by itself only when every value fits.
    """

    name: str
    type: ColumnType
    sql: Callable[..., str]
    words: Words
    good: tuple[tuple[str, str], ...]
    bad: tuple[str, ...]
    annotations: dict[str, Any] = field(default_factory=dict)
    arity: int = 1
    headers: str = ""
    strict: bool = False
    automatic: bool = True
    note: str = ""
