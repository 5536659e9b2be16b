"""Cells of spreadsheets that are numbers, dates or booleans, carried in a table of texts and returned as what they are.

A typed cell is written as ``SIGN``, a letter for its kind, and its value; a text that begins with ``SIGN`` is written as one, so that
nothing in a file can pass for a typed cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

SIGN = "\x01"
"""XML forbids it in texts, so no sheet holds it but by an escape of its own."""

_KINDS: Mapping[type, tuple[str, Callable[[Any], str], Callable[[str], Any]]] = {
    bool: ("b", str, lambda text: text == "True"),
    int: ("i", str, int),
    float: ("f", repr, float),
    dt.datetime: ("t", str, dt.datetime.fromisoformat),
    dt.date: ("d", str, dt.date.fromisoformat),
    dt.time: ("h", str, dt.time.fromisoformat),
    dt.timedelta: ("p", lambda value: str(value.total_seconds()), lambda text: dt.timedelta(seconds=float(text))),
    str: ("s", str, str),
}
"""Type → letter, how it is written, how it is read."""

_READERS = {letter: read for letter, _, read in _KINDS.values()}


def written_cell(value: Any, missing: frozenset[str] = frozenset()) -> str | None:
    """The text that carries ``value``; None for nothing. What shows as one of ``missing`` is that text, whatever its type."""
    if value is None:
        return None
    if isinstance(value, str):
        return f"{SIGN}s{value}" if value.startswith(SIGN) else value
    if str(value) in missing:
        return str(value)
    letter, write, _ = _KINDS[type(value)]
    return f"{SIGN}{letter}{write(value)}"


def read_cell(text: str | None) -> Any:
    """The value that ``text`` carries."""
    if text is None or not text.startswith(SIGN):
        return text
    return _READERS[text[1]](text[2:])


def shown(column: str) -> str:
    """SQL that gives the cells of ``column`` (SQL) as they are shown."""
    return f"CASE WHEN starts_with({column}, '{SIGN}') THEN substr({column}, 3) ELSE {column} END"


def is_text(column: str) -> str:
    """SQL: the cell is a text, or nothing."""
    return f"coalesce(NOT starts_with({column}, '{SIGN}'), true)"
