"""What every kind of database gives: columns of a reading, and its rows by batches, from a session that can be stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from parvis.core.databases.values import Column

KINDS = ("postgresql", "mysql")
"""Kinds of databases that are read; MariaDB speaks as MySQL does."""
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


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read: the Parquet file, its rows, and what people should know of it.

    ``left_out`` names the columns that no file of ours can hold, with their types; ``lost`` counts, by column, the values that could
    not be read as their type says (infinite dates, zeros for a day). ``cursor`` is the last value of the followed column, as text: what
    to give as ``since`` next time. ``complete`` is false when rows remain to be read from there.
    """

    path: Path
    rows: int
    left_out: tuple[tuple[str, str], ...] = ()
    lost: tuple[tuple[str, int], ...] = ()
    cursor: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read: a ``table`` (``schema.name`` or a name) or a ``query``, in the order of ``cursor`` from ``since`` on.

    The value ``since`` is read again: rows that came in the same instant as the last one would be missed otherwise.
    """

    table: str = ""
    query: str = ""
    cursor: str = ""
    since: str = ""


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
