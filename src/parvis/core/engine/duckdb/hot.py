"""Versions kept loaded in memory, compressed, the least recently asked out first.

They are loaded slice by slice, each compressed before the next: texts of few values become dictionaries (which makes
filters and groups on them several times faster than on plain text), and no more than a slice is ever held uncompressed.
"""

from __future__ import annotations

import itertools
import os
import queue
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.contract import Source
from parvis.core.engine.duckdb.fragments import PLACE
from parvis.core.engine.duckdb.relations import rows_slice
from parvis.core.errors import NotFound

DATABASE = "hot"
"""The database in memory that holds the tables; attached by the engine before it is locked."""

SLICE = 200_000
"""Rows loaded at a time; some row groups of Parquet and of DuckDB."""

SMALL = 8 * 1024 * 1024
"""Estimated bytes under which a version is loaded at its first question, while the caller waits some milliseconds; later when
another is being loaded, which may take seconds."""

GIVES_WAY = 10
"""Niceness of the loading thread: on two cores, pages took four times longer while a million rows were loaded."""

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

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        budget: int,
        locate: Callable[[str], Path],
        on_loaded: Callable[[list[str]], None] | None = None,
    ) -> None:
        self._connection = connection
        self._locate = locate
        self._budget = budget
        self._on_loaded = on_loaded
        self._loaded: OrderedDict[str, _Loaded] = OrderedDict()
        self._asked: OrderedDict[str, int] = OrderedDict()
        self._waiting: set[str] = set()
        self._refused: set[str] = set()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._queue: queue.SimpleQueue[Source | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopping = False

    def relation(self, source: Source, *, counted: bool = True) -> str | None:
        """A SELECT over the loaded table; None while the version is to be read from its files.

        A question that is not ``counted`` never has it loaded.
        """
        key = source.key
        with self._lock:
            loaded = self._loaded.get(key)
            if loaded:
                self._loaded.move_to_end(key)
                return _select(loaded.table)
            if not counted or key in self._refused or key in self._waiting:
                return None
            # Counted by dataset: a new version of what is often asked is loaded at its first question.
            request_count = self._count(key.rpartition("/")[0])
        small = estimate(source) <= min(SMALL, self._budget)
        if small and self._loading.acquire(blocking=False):
            try:
                self._load_once(source)
            finally:
                self._loading.release()
            return self._relation_now(key)
        if small or request_count >= ASKED:
            self.load_later(source)
        return None

    def load(self, source: Source) -> bool:
        """Load now; False when the version does not fit in the budget."""
        with self._loading:
            return self._load_once(source)

    def _load_once(self, source: Source) -> bool:
        key = source.key
        with self._lock:
            if key in self._loaded:
                return True
        return self._load(key, source)

    def load_later(self, source: Source) -> None:
        """Load in the background, after what already waits."""
        with self._lock:
            self._waiting.add(source.key)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="parvis-loader", daemon=True)
                self._thread.start()
        self._queue.put(source)

    def forget(self, source: Source) -> None:
        """Free the memory of a version that was deleted."""
        with self._lock:
            entry = self._loaded.pop(source.key, None)
        self._drop([entry] if entry else [])

    def stop(self, *, at_once: bool = False) -> None:
        """End the loading thread once what waits is loaded; ``at_once``: after the slice it is at, the rest left out.

        It must have ended before the process does: a thread that Python kills within DuckDB takes the process down.
        """
        self._stopping = self._stopping or at_once
        if self._thread:
            self._queue.put(None)
            self._thread.join()

    def _relation_now(self, key: str) -> str | None:
        with self._lock:
            loaded = self._loaded.get(key)
        return _select(loaded.table) if loaded else None

    def _load(self, key: str, source: Source) -> bool:
        table = f"{DATABASE}.hot_{next(self._numbers)}"
        size = self._filled(table, source)
        if size is None:
            with self._lock:
                self._refused.add(key)
            self._drop([_Loaded(table, 0)])
            return False
        with self._lock:
            self._loaded[key] = _Loaded(table, size)
            left = []
            while sum(entry.bytes for entry in self._loaded.values()) > self._budget:
                left.append(self._loaded.popitem(last=False)[1])
            keys = list(reversed(self._loaded))
        self._drop(left)
        if self._on_loaded:
            self._on_loaded(keys)
        return True

    def _filled(self, table: str, source: Source) -> int | None:
        """Make the table and fill it; its bytes, or None when it does not fit: then its files are read, in bounded memory."""
        with self._connection.cursor() as cursor:
            before, done, folder = _bytes_in_tables(cursor), 0, self._locate(source.key)
            cursor.execute(f"CREATE TABLE {table} AS {rows_slice(source, folder, source.manifest.parts[0], 0, 0)}")
            for part in source.manifest.parts:
                for first in range(0, part.rows, SLICE):
                    if self._stopping:
                        return None
                    try:
                        cursor.execute(f"INSERT INTO {table} {rows_slice(source, folder, part, first, first + SLICE)}")
                        _compress(cursor)
                    except duckdb.OutOfMemoryException:
                        return None
                    done += min(SLICE, part.rows - first)
                    size = max(_bytes_in_tables(cursor) - before, 0)
                    if size * source.rows > self._budget * done:  # at this rate the whole would not fit
                        return None
        return size if done else 0

    def _drop(self, entries: list[_Loaded]) -> None:
        """Free tables; those who still read one keep what they began with. Never under the lock: it may wait for a loading."""
        if entries:
            with self._connection.cursor() as cursor:
                for entry in entries:
                    cursor.execute(f"DROP TABLE IF EXISTS {entry.table}")
                _compress(cursor)

    def _count(self, key: str) -> int:
        self._asked[key] = self._asked.pop(key, 0) + 1
        if len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)
        return self._asked[key]

    def _work(self) -> None:
        _give_way()
        while (source := self._queue.get()) is not None:
            try:
                self.load(source)
            except (duckdb.Error, NotFound):
                # A version that cannot be read is reported to anyone who asks for it, not to this thread.
                with self._lock:
                    self._refused.add(source.key)
            finally:
                with self._lock:
                    self._waiting.discard(source.key)


def _give_way() -> None:
    """Let the threads that answer somebody go first; only Linux has a priority for each thread."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(GIVES_WAY, os.getpriority(os.PRIO_PROCESS, thread)))


def _select(table: str) -> str:
    return f"SELECT * FROM {table}"


def with_place(relation: str) -> str:
    """The same SELECT with ``PLACE``; only of what ``HotTables.relation`` gave."""
    return relation.replace("SELECT *", f"SELECT *, rowid AS {PLACE}", 1)


def _compress(cursor: duckdb.DuckDBPyConnection) -> None:
    """Compress what was just inserted, give back what was dropped."""
    # Refused while another thread has begun to write: what it writes is compressed with the next slice.
    with suppress(duckdb.TransactionException):
        cursor.execute(f"CHECKPOINT {DATABASE}")


def estimate(source: Source) -> int:
    """Bytes the loaded table will take, from the manifest alone: an order of magnitude."""
    return source.rows * (sum(_width(source, column) for column in source.shape) + 60)


def _width(source: Source, column: Column) -> int:
    if column.type.is_geographic:
        shares = sum(part.bytes for part in source.manifest.parts) * 2 // max(source.rows, 1)
        return max(48, shares)
    return 40 if column.type is ColumnType.TEXT else 8


def _bytes_in_tables(cursor: duckdb.DuckDBPyConnection) -> int:
    row = cursor.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'").fetchone()
    return int(row[0] or 0) if row else 0
