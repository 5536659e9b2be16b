"""Versions kept loaded in memory, the least recently asked out first."""

from __future__ import annotations

import itertools
import queue
import threading
from collections import OrderedDict
from dataclasses import dataclass

import duckdb

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.contract import Source
from parvis.core.engine.relations import rows_relation

SMALL = 32 * 1024 * 1024
"""Estimated bytes under which a version is loaded at its first question, while the asker waits some milliseconds."""

ASKED = 2
"""Questions after which a larger version is loaded, in the background."""

_REMEMBERED = 10_000


@dataclass(slots=True)
class _Loaded:
    table: str
    bytes: int


class HotTables:
    """Tables of loaded versions in a DuckDB database, within ``budget`` bytes.

    A query that reads a table while it is dropped keeps its snapshot; DuckDB frees it afterwards.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, budget: int) -> None:
        self._connection = connection
        self._budget = budget
        self._loaded: OrderedDict[str, _Loaded] = OrderedDict()
        self._asked: OrderedDict[str, int] = OrderedDict()
        self._refused: set[str] = set()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._queue: queue.SimpleQueue[Source | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def relation(self, source: Source) -> str | None:
        """A SELECT over the loaded table; None while the version is to be read from its files."""
        key = str(source.folder)
        with self._lock:
            found = self._loaded.get(key)
            if found:
                self._loaded.move_to_end(key)
                return f"SELECT * FROM {found.table}"
            if key in self._refused:
                return None
            asked = self._count(key)
        if estimate(source) <= min(SMALL, self._budget):
            self.load(source)
            return self._relation_now(key)
        if asked == ASKED:
            self._later(source)
        return None

    def load(self, source: Source) -> bool:
        """Load now; False when the version does not fit in the budget."""
        key = str(source.folder)
        with self._loading:
            with self._lock:
                if key in self._loaded:
                    return True
            if estimate(source) > self._budget:
                self._refused.add(key)
                return False
            return self._load(key, source)

    def forget(self, source: Source) -> None:
        """Free the memory of a version that was deleted."""
        with self._lock:
            self._drop(str(source.folder))

    def stop(self) -> None:
        """End the loading thread once what it loads is loaded."""
        if self._thread:
            self._queue.put(None)
            self._thread.join()

    def _relation_now(self, key: str) -> str | None:
        with self._lock:
            found = self._loaded.get(key)
        return f"SELECT * FROM {found.table}" if found else None

    def _load(self, key: str, source: Source) -> bool:
        table = f"hot_{next(self._numbers)}"
        with self._connection.cursor() as cursor:
            before = _bytes_in_tables(cursor)
            try:
                cursor.execute(f"CREATE TABLE {table} AS {rows_relation(source)}")
            except duckdb.OutOfMemoryException:
                # Kept cold: its files can still be read in bounded memory.
                self._refused.add(key)
                return False
            size = max(_bytes_in_tables(cursor) - before, 0)
        with self._lock:
            self._loaded[key] = _Loaded(table, size)
            while sum(entry.bytes for entry in self._loaded.values()) > self._budget:
                oldest = next(iter(self._loaded))
                self._drop(oldest)
                if oldest == key:
                    self._refused.add(key)
        return key in self._loaded

    def _drop(self, key: str) -> None:
        entry = self._loaded.pop(key, None)
        if entry:
            with self._connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {entry.table}")

    def _count(self, key: str) -> int:
        self._asked[key] = self._asked.pop(key, 0) + 1
        if len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)
        return self._asked[key]

    def _later(self, source: Source) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="parvis-loader", daemon=True)
                self._thread.start()
        self._queue.put(source)

    def _work(self) -> None:
        while (source := self._queue.get()) is not None:
            try:
                self.load(source)
            except duckdb.Error:
                # A version that cannot be read is reported to whoever asks for it, not to this thread.
                self._refused.add(str(source.folder))


def estimate(source: Source) -> int:
    """Bytes the loaded table will take, from the manifest alone: an order of magnitude."""
    return source.rows * (sum(_width(source, column) for column in source.shape) + 60)


def _width(source: Source, column: Column) -> int:
    if column.type.is_geographic:
        shares = sum(part.bytes for part in source.manifest.parts) * 2 // max(source.rows, 1)
        return max(48, shares)
    return 40 if column.type is ColumnType.TEXT else 8


def _bytes_in_tables(cursor: duckdb.DuckDBPyConnection) -> int:
    found = cursor.execute(
        "SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'"
    ).fetchone()
    return int(found[0] or 0) if found else 0
