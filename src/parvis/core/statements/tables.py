"""The tables that a statement names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableName:
    """A table that a statement reads, as written, with its place in the text (bytes from 0; None when unknown)."""

    name: str
    position: int | None = None
