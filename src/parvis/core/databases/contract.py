"""What every kind of database gives: columns of a reading, and its rows by batches, from a session that can be stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from parvis.core.databases.values import Column

VERIFIED, ENCRYPTED, CLEAR = "verify", "require", "off"


@dataclass(frozen=True, slots=True)
class Database:
    """Where a database is. ``tls``: ``verify`` (encrypted, and the server proves its name), ``require`` (encrypted alone) or ``off``."""

    kind: str
    host: str
    name: str
    port: int = 0
    tls: str = VERIFIED


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one reading may take: rows, bytes of values in memory, seconds in all, seconds to be answered at all."""

    rows: int = 10_000_000
    bytes: int = 5_000_000_000
    seconds: float = 1800.0
    connect_seconds: float = 15.0


class Session(Protocol):
    """A conversation with one database, in a transaction that only reads."""

    def quoted(self, name: str) -> str:
        """A name as SQL of this server writes it."""

    def columns(self, reading: str) -> list[Column]:
        """The columns of a table (quoted) or of a query in brackets."""

    def batches(self, sql: str, parameters: Sequence[Any]) -> Iterator[list[Sequence[Any]]]:
        """The rows of a statement, some at a time, from a cursor of the server."""

    def tables(self) -> list[tuple[str, str]]:
        """Schema and name of the tables and views that may be read."""

    def cursor_type(self, column: Column) -> str:
        """The SQL type that a value of a followed column is read as; empty when it cannot be ordered."""

    def text_of(self, sql: str) -> str:
        """An expression as text."""

    def cancel(self) -> None:
        """Stop what the server does, from another thread, and the connection if it does not heed that."""
