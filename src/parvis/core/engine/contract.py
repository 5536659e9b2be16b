"""What every engine takes and gives; nothing above this line may assume DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from parvis.core.columns import TableShape
from parvis.core.engine.plans import Plan
from parvis.core.versions.manifest import Manifest

ROW = "__row"
"""Column of every source: rank of the row in its origin, from 1."""

SEARCH = "__search"
"""Column of every source: all readable words of the row, folded (``core.text.fold``), with one space before, between and
after them, so that a whole word is found by looking for it between two spaces."""

UNSEARCHED = "unsearched"
"""Annotation of the columns of a table in memory whose words a full-text search passes over: codes, addresses."""

DEFAULT_SECONDS = 20.0
BATCH_ROWS = 32_768


@dataclass(frozen=True, slots=True)
class Source:
    """A version as the engine sees it: what names its rows in the store, and its manifest.

    ``key`` is a POSIX path such as ``datasets/<uid>/versions/<version>`` or that of a lens's subset; it names these rows for
    ever. Where their bytes are is the engine's business, which is told how to reach them.

    Rows that came since a version was written are laid over it: ``base`` is then that version, whose rows are there but those whose
    rank is in a file of ``gone``, by their names in the store; the parts of ``manifest`` are those of the rows that came, which may be
    gone too, in the folder named ``folder``; ``key`` names the whole of it at one moment.
    """

    key: str
    manifest: Manifest
    base: Source | None = None
    gone: tuple[str, ...] = ()
    folder: str = ""

    @property
    def shape(self) -> TableShape:
        """The columns, without the engine's own (``ROW``, ``SEARCH``)."""
        return self.manifest.shape

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.manifest.rows

    @property
    def place(self) -> str:
        """The name of the folder where its files are."""
        return self.folder or self.key


@dataclass(frozen=True, slots=True)
class MemorySource:
    """A small table in memory, seen as a version is: the catalogue itself, for one.

    ``table`` has the columns of ``shape``; the engine adds its own (``ROW``, ``SEARCH``), unless the table has them: words that many
    questions look through are made once.
    """

    table: pa.Table
    shape: TableShape

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.table.num_rows)

    @property
    def key(self) -> str | None:
        """None: nothing about it may be remembered."""
        return None


type AnySource = Source | MemorySource


class Batches(Protocol):
    """An answer on its way: Arrow batches, to be closed when it is left before its end."""

    @property
    def schema(self) -> pa.Schema:
        """Columns and types of every batch."""

    def __iter__(self) -> Iterator[pa.RecordBatch]: ...

    def __next__(self) -> pa.RecordBatch: ...

    def close(self) -> None:
        """Stop the query and free what it holds; harmless when done twice."""


class Engine(Protocol):
    """What answers plans, under its own limits of time and memory.

    Every method that answers may raise the errors of ``core.engine.errors``, TooComplex of the language, those of who meters
    the work, and no other.
    """

    def stream(
        self,
        source: AnySource,
        plan: Plan,
        *,
        seconds: float = DEFAULT_SECONDS,
        rows_per_batch: int = BATCH_ROWS,
    ) -> Batches:
        """The answer as batches in constant memory; ``seconds`` is the longest wait for the next one."""

    def table(self, source: AnySource, plan: Plan, *, seconds: float = DEFAULT_SECONDS) -> pa.Table:
        """A short answer, whole."""

    def value(self, source: AnySource, plan: Plan, *, seconds: float = DEFAULT_SECONDS) -> Any:
        """The single cell of a one-row answer, remembered for sources that never change."""

    def warm(self, source: Source) -> bool:
        """Make ready for many questions on a version now; False when there is no room for it."""

    def warm_later(self, source: Source) -> None:
        """The same in the background."""

    def forget(self, source: Source) -> None:
        """Free what is held of a version about to be deleted."""

    def close(self) -> None:
        """Free everything; the engine answers no more."""
