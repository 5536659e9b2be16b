"""DuckDB as an engine: one instance in memory, locked, that reads only the folder of versions."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from cachetools import LRUCache

from parvis.core.caches import ByteLRUCache
from parvis.core.connections import connect, lock
from parvis.core.engine.contract import (
    BATCH_ROWS,
    DEFAULT_SECONDS,
    AnySource,
    MemorySource,
    Source,
)
from parvis.core.engine.duckdb.fragments import Statement
from parvis.core.engine.duckdb.hot import HotTables
from parvis.core.engine.duckdb.relations import LONGEST_CHANGED, MACROS, TOO_LONG, memory_relation, rows_relation
from parvis.core.engine.duckdb.rooms import InMemory, OnDisk, Room
from parvis.core.engine.duckdb.statements import statement_of
from parvis.core.engine.duckdb.weights import rows_within
from parvis.core.engine.errors import EngineFailed, QueryRefused, QueryTimeout, QueryTooLarge, TextTooLong
from parvis.core.engine.plans import Plan
from parvis.core.engine.watchdog import GRACE, Watchdog

logger = logging.getLogger("parvis.engine")

_HOT_SHARE = 0.6
_REMEMBERED = 2_000
ANSWERS_ROOM = 16 * 1024 * 1024
LARGEST_ANSWER = 512 * 1024 * 1024
"""Bytes of the largest answer given whole; files are streamed."""
_VIEW = "memory_rows"


class DuckDBEngine:
    """Answers plans over the versions under ``root``; safe to call from many threads.

    ``memory`` is DuckDB's limit (``512MB``, ``2GB``…), of which loaded versions take the share ``loaded`` at most; those that do
    not fit go to a file of ``disk`` bytes at most. It lies in a folder of its own in ``work`` (the system's for what is temporary,
    unless it is given), where large questions spill too. ``locate`` tells where on this
    machine the files of a source's key are, below ``root`` unless it is given. ``on_loaded`` is told the keys of the loaded versions,
    the last asked first, each time one more is; ``on_stuck`` is called once for each query that goes on ``grace`` seconds after it
    should have ended (``watchdog.leave_process`` is for those who serve strangers); short answers (facet lists, groups, first pages)
    are kept within ``answers_room`` bytes. Each answer that is computed, not remembered, runs within what ``around`` gives for its
    rows: who counts or bounds the work does it there, and may refuse it by its own error. Nothing outside ``root`` can be read, no
    setting can be changed by a statement.
    """

    def __init__(
        self,
        root: Path,
        *,
        locate: Callable[[str], Path] | None = None,
        memory: str = "1GB",
        threads: int = 2,
        loaded: float = _HOT_SHARE,
        on_loaded: Callable[[list[str]], None] | None = None,
        on_stuck: Callable[[], None] | None = None,
        grace: float = GRACE,
        answers_room: int = ANSWERS_ROOM,
        around: Callable[[AnySource], AbstractContextManager[object]] = nullcontext,
        work: Path | None = None,
        disk: int = 0,
    ) -> None:
        self._spill = Path(tempfile.mkdtemp(prefix="parvis-engine-", dir=work))
        self._locate = locate or root.joinpath
        self._connection = _connected(self._spill, memory, threads)
        rooms: list[Room] = [InMemory(int(_bytes_of_limit(self._connection) * loaded))]
        rooms += [OnDisk(self._spill, disk)] if disk else []
        for room in rooms:
            room.attach(self._connection)
        lock(self._connection, root)
        self._hot = HotTables(self._connection, rooms, self._locate, on_loaded)
        self._watchdog = Watchdog(on_stuck, grace)
        self._values: LRUCache[tuple[object, ...], Any] = LRUCache(_REMEMBERED)
        self._tables: ByteLRUCache[pa.Table] = ByteLRUCache(answers_room)
        self._lock = threading.Lock()
        self._around = around

    def stream(
        self,
        source: AnySource,
        plan: Plan,
        *,
        seconds: float = DEFAULT_SECONDS,
        rows_per_batch: int = BATCH_ROWS,
    ) -> DuckDBBatches:
        """The answer as batches in constant memory; ``seconds`` is the longest wait for the next one."""
        # Whole files pass once over the rows: to load these meanwhile would cost more than the file itself.
        statement = statement_of(plan)
        if isinstance(source, Source):
            heavy = source.base or source
            rows_per_batch = rows_within(heavy, self._locate(heavy.place), rows_per_batch)
        around = partial(self._around, source)

        def begun(written: Statement) -> DuckDBBatches:
            return DuckDBBatches(self._cursor(source), self._watchdog, written, seconds, rows_per_batch, around)

        try:
            return begun(self._written(source, statement, counted=False))
        except _Dropped:
            return begun(self._written(source, statement, from_files=True))

    def table(self, source: AnySource, plan: Plan, *, seconds: float = DEFAULT_SECONDS) -> pa.Table:
        """A short answer, whole; kept in memory for sources that never change."""
        return self._table(source, statement_of(plan), seconds)

    def _table(self, source: AnySource, statement: Statement, seconds: float) -> pa.Table:
        key = _name_of(source, statement)
        if key and (cached := self._tables.get(key)) is not None:
            return cached
        with self._around(source):
            try:
                table = self._whole(source, self._written(source, statement), seconds)
            except _Dropped:
                table = self._whole(source, self._written(source, statement, from_files=True), seconds)
        if key:
            table, size = _compact(table)
            self._tables.put(key, table, size + len(statement.sql))
        return table

    def _whole(self, source: AnySource, written: Statement, seconds: float) -> pa.Table:
        with self._cursor(source) as cursor, _guarded(self._watchdog, cursor, seconds):
            return _all_rows(cursor.execute(written.sql, written.parameters).to_arrow_reader(BATCH_ROWS))

    def value(self, source: AnySource, plan: Plan, *, seconds: float = DEFAULT_SECONDS) -> Any:
        """The single cell of a one-row answer, remembered for sources that never change."""
        statement = statement_of(plan)
        key = _name_of(source, statement)
        with self._lock:
            if key in self._values:
                return self._values[key]
        cell = self._table(source, statement, seconds).column(0)[0].as_py()
        if key:
            with self._lock:
                self._values[key] = cell
        return cell

    def warm(self, source: Source) -> bool:
        """Load a version in memory now; False when it does not fit in the share of loaded versions."""
        with _translated():
            return self._hot.load(source.base or source)

    def warm_later(self, source: Source) -> None:
        """The same in the background."""
        self._hot.load_later(source.base or source)

    def forget(self, source: Source) -> None:
        """Free the memory of a version about to be deleted."""
        self._hot.forget(source.base or source)

    def close(self) -> None:
        """Free everything; the engine answers no more."""
        self._hot.stop(at_once=True)
        self._watchdog.stop()
        self._connection.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def _cursor(self, source: AnySource) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        if isinstance(source, MemorySource):
            cursor.register(_VIEW, source.table)
        return cursor

    def _written(
        self, source: AnySource, statement: Statement, *, counted: bool = True, from_files: bool = False
    ) -> Statement:
        """The statement with ``rows`` defined in front of it; ``counted`` among the questions that have rows loaded."""
        if isinstance(source, MemorySource):
            relation = memory_relation(_VIEW, source)
        else:
            with _translated():
                base, is_whole = source.base or source, source.base is None
                hot = None if from_files else self._hot.rows(base, statement, counted=counted, is_whole=is_whole)
            if hot is None or not is_whole:
                relation = rows_relation(source, self._locate, hot.select if hot else "")
            else:
                statement, relation = hot.statement, hot.select
        head, tail = f"WITH rows AS NOT MATERIALIZED ({relation})", statement.sql
        if tail.startswith("WITH "):
            return Statement(f"{head}, {tail.removeprefix('WITH ')}", statement.parameters)
        return Statement(f"{head} {tail}", statement.parameters)


class _Dropped(EngineFailed):
    """A loaded table that was dropped between the moment when a statement was written and that when it began; its files are there."""


def _all_rows(reader: pa.RecordBatchReader) -> pa.Table:
    """All the rows of a short answer; QueryTooLarge as soon as it is not short."""
    batches: list[pa.RecordBatch] = []
    size = 0
    for batch in reader:
        batches.append(batch)
        size += batch.nbytes
        if size > LARGEST_ANSWER:
            raise QueryTooLarge
    return pa.Table.from_batches(batches, reader.schema)


def _compact(table: pa.Table) -> tuple[pa.Table, int]:
    """The same table within bytes of its own size, and that size.

    As DuckDB gives it, each column has the room of a whole batch: twenty rows kept so took a hundred times what they hold.
    """
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    content = sink.getvalue().to_pybytes()
    return pa.ipc.open_stream(content).read_all(), len(content)


def _name_of(source: AnySource, statement: Statement) -> tuple[object, ...]:
    """What names an answer for ever; empty when nothing does.

    With the types of the values: 1, 1.0 and True are equal for Python and not for SQL.
    """
    if source.key is None or any(isinstance(value, list | dict | bytearray) for value in statement.parameters):
        return ()
    return (source.key, statement.sql, statement.parameters, *map(type, statement.parameters))


class DuckDBBatches:
    """An answer on its way; closed at its end, on error, or by anyone who leaves it."""

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        watchdog: Watchdog,
        statement: Statement,
        seconds: float,
        rows_per_batch: int,
        around: Callable[[], AbstractContextManager[object]],
    ) -> None:
        self._cursor: duckdb.DuckDBPyConnection | None = cursor
        self._around = around
        self._watchdog = watchdog
        self._seconds = seconds
        try:
            with around(), _guarded(watchdog, cursor, seconds):
                self._reader = cursor.execute(statement.sql, statement.parameters).to_arrow_reader(rows_per_batch)
        except BaseException:
            self.close()
            raise
        self.schema: pa.Schema = self._reader.schema

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return self

    def __next__(self) -> pa.RecordBatch:
        if self._cursor is None:
            raise StopIteration
        batch = None
        try:
            with self._around(), _guarded(self._watchdog, self._cursor, self._seconds):
                batch = self._next()
        finally:
            if batch is None:
                self.close()
        if batch is None:
            raise StopIteration
        return batch

    def _next(self) -> pa.RecordBatch | None:
        try:
            return self._reader.read_next_batch()
        except StopIteration:
            return None

    def close(self) -> None:
        """Stop the query and free what it holds; harmless when done twice."""
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            # A cursor of an engine that was closed first has nothing left to stop.
            with suppress(duckdb.ConnectionException):
                cursor.interrupt()
                cursor.close()

    def __del__(self) -> None:
        self.close()


def _connected(spill: Path, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    """A connection with the functions that statements may use."""
    connection = connect(
        memory,
        threads,
        spill,
        max_temp_directory_size="10GB",
        preserve_insertion_order="true",
        # What loading a version takes for a moment goes back to the machine: its allocator would keep twenty megabytes a process.
        allocator_flush_threshold="1MB",
        # A plain page takes three times as long with it; ordered pages of loaded rows say themselves what it would do.
        disabled_optimizers="late_materialization",
    )
    for macro in MACROS:
        connection.execute(macro)
    return connection


def _bytes_of_limit(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("SELECT current_setting('memory_limit')").fetchone()
    number, unit = str(row[0] if row else "0 bytes").split()
    return int(float(number) * {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}[unit])


@contextmanager
def _guarded(watchdog: Watchdog, cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Run the body under watch, with DuckDB's errors turned into ours."""
    with watchdog.watching(seconds, cursor.interrupt) as watched, _translated():
        try:
            yield
        except (duckdb.InterruptException, pa.ArrowException, OSError) as error:
            # Arrow wraps what happens while a stream is read in an error of its own.
            if watched.late:
                raise QueryTimeout(seconds=f"{seconds:g}") from error
            raise


@contextmanager
def _translated() -> Iterator[None]:
    """DuckDB's and Arrow's errors as those of this room."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise QueryTooLarge from error
    except (duckdb.OutOfRangeException, duckdb.ConversionException, duckdb.InvalidInputException) as error:
        if TOO_LONG in str(error):
            raise TextTooLong(limit=LONGEST_CHANGED) from error
        raise QueryRefused from error
    except UnicodeDecodeError as error:
        # DuckDB quotes the value it refuses and may cut it inside a character: its error cannot even be made.
        raise QueryRefused from error
    except duckdb.CatalogException as error:
        raise _Dropped from error
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        if "Out of Memory" in str(error):
            raise QueryTooLarge from error
        logger.warning("The engine failed: %s", error)
        raise EngineFailed from error
