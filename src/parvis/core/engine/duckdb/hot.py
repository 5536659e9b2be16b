"""Versions kept loaded, in memory or on the disk, compressed, the least recently asked out first.

They are loaded slice by slice, each compressed before the next: texts of few values become dictionaries (which makes
filters and groups on them several times faster than on plain text), and no more than a slice is ever held uncompressed.
What takes longest, the words that a search looks at, comes last: until then, searches alone read the files.
"""

from __future__ import annotations

import itertools
import os
import queue
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.contract import SEARCH, Source
from parvis.core.engine.duckdb.fragments import PLACE, Statement
from parvis.core.engine.duckdb.keys import KEY_BYTES, Key, build_key, columns_worth_a_key, places
from parvis.core.engine.duckdb.rankings import Rankings
from parvis.core.engine.duckdb.relations import rows_slice, search_words
from parvis.core.engine.duckdb.rooms import Room
from parvis.core.errors import NotFound
from parvis.core.staging import quote_identifier

SLICE = 200_000
"""Rows loaded at a time; some row groups of Parquet and of DuckDB."""

SMALL = 8 * 1024 * 1024
"""Estimated bytes under which a version is loaded at its first question, while the caller waits some milliseconds; later when
another is being loaded, which may take seconds."""

GIVES_WAY = 10
"""Niceness of the loading thread: on two cores, pages took four times longer while a million rows were loaded."""

ASKED = 2
"""Questions after which a larger version is loaded, in the background."""

VARIOUS = 10_000
"""Distinct texts beyond which a column may be kept as it is."""

PLAIN_SHARE = 6
"""Of the room of loaded versions, what one version may have for such columns: a sixth."""

_TEXT_BYTES = 40
_PLAIN_TEXT, _MEASURED = 4, 2_048
"""Bytes that a text kept as it is takes beside its own, and rows from which the length of texts is measured."""
_REMEMBERED = 10_000


@dataclass(slots=True)
class _Loaded:
    table: str
    room: Room
    bytes: int
    rankings: Rankings
    keys: dict[str, Key] = field(default_factory=dict)
    is_searchable: bool = False
    is_complete: bool = False
    """Its keys and the words of searches were made, or could not be."""


@dataclass(frozen=True, slots=True)
class HotRows:
    """A SELECT over a loaded table, of all its rows or of the few that a statement may want, and how it is then put."""

    select: str
    statement: Statement


class HotTables:
    """Tables of loaded versions, in the first of ``rooms`` where each fits: databases attached to the connection.

    A query that reads a table while it is dropped keeps its snapshot; DuckDB frees it afterwards.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        rooms: Sequence[Room],
        locate: Callable[[str], Path],
        on_loaded: Callable[[list[str]], None] | None = None,
    ) -> None:
        self._connection = connection
        self._locate = locate
        self._rooms = rooms
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

    def rows(
        self, source: Source, statement: Statement, *, counted: bool = True, is_whole: bool = True
    ) -> HotRows | None:
        """Where a statement finds its rows loaded; None while the version is to be read from its files.

        A question that is not ``counted`` never has it loaded. Where the version is not the ``whole`` of what is asked, the statement
        stays as it was.
        """
        key = source.key
        with self._lock:
            loaded = self._loaded.get(key)
            if loaded:
                self._loaded.move_to_end(key)
            elif not counted or key in self._refused or key in self._waiting:
                return None
            else:
                # Counted by dataset: a new version of what is often asked is loaded at its first question.
                request_count = self._count(key.rpartition("/")[0])
        if loaded:
            return self._found(loaded, source, statement, counted=counted, is_whole=is_whole)
        small = estimate(source) <= min(SMALL, self._rooms[0].budget)
        if small and self._loading.acquire(blocking=False):
            try:
                self._load_once(source)
            finally:
                self._loading.release()
            with self._lock:
                loaded = self._loaded.get(key)
            if loaded is None:
                return None
            return self._found(loaded, source, statement, counted=counted, is_whole=is_whole)
        if small or request_count >= ASKED:
            self.load_later(source)
        return None

    def load(self, source: Source) -> bool:
        """Load now; False when the version fits nowhere."""
        with self._loading:
            return self._load_once(source)

    def _load_once(self, source: Source) -> bool:
        entry = self._entry(source)
        if entry:
            self._complete(entry, source, nullcontext())
        return entry is not None

    def _entry(self, source: Source) -> _Loaded | None:
        with self._lock:
            entry = self._loaded.get(source.key)
        return entry or self._load(source)

    def load_later(self, source: Source) -> None:
        """Load in the background, after what already waits."""
        with self._lock:
            self._waiting.add(source.key)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="parvis-loader", daemon=True)
                self._thread.start()
        self._queue.put(source)

    def forget(self, source: Source) -> None:
        """Free the room of a version that was deleted."""
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

    def _found(
        self, loaded: _Loaded, source: Source, statement: Statement, *, counted: bool, is_whole: bool
    ) -> HotRows | None:
        if SEARCH in statement.sql and not loaded.is_searchable:
            return None
        if statement.ranking and is_whole:
            page = loaded.rankings.page(statement.ranking)
            if page is not None:
                return HotRows(_at(loaded.table, page), statement.ranking.page)
            if counted and loaded.rankings.is_wanted(statement.ranking):
                self.load_later(source)
        if loaded.keys and statement.equalities:
            few = places(loaded.keys, statement.equalities)
            if few is not None:
                return HotRows(_at(loaded.table, few), statement)
        if statement.loaded is None or not is_whole:
            return HotRows(f"SELECT * FROM {loaded.table}", statement)
        return HotRows(f"SELECT *, rowid AS {PLACE} FROM {loaded.table}", statement.loaded)

    def _load(self, source: Source) -> _Loaded | None:
        rooms = () if _hides_places(source) else self._rooms
        entry = next(filter(None, (self._loaded_in(room, source) for room in rooms)), None)
        with self._lock:
            if entry is None:
                self._refused.add(source.key)
                return None
            self._loaded[source.key] = entry
        self._make_room(entry.room)
        with self._lock:
            keys = list(reversed(self._loaded))
        if self._on_loaded:
            self._on_loaded(keys)
        return entry

    def _loaded_in(self, room: Room, source: Source) -> _Loaded | None:
        table = f"{room.database}.hot_{next(self._numbers)}"
        size = self._filled(room, table, source)
        entry = _Loaded(table, room, size or 0, Rankings(table, source.rows, room))
        if size is None:
            self._drop([entry])
            return None
        return entry

    def _make_room(self, room: Room) -> None:
        left = []
        with self._lock:
            there = [key for key, entry in self._loaded.items() if entry.room is room]
            while there and sum(self._loaded[key].bytes for key in there) > room.budget:
                left.append(self._loaded.pop(there.pop(0)))
        self._drop(left)

    def _filled(self, room: Room, table: str, source: Source) -> int | None:
        """Make the table and fill it; its bytes, or None when it does not fit: then its files are read, in bounded memory."""
        with self._connection.cursor() as cursor:
            before, done, folder = room.taken(cursor), 0, self._locate(source.key)
            nothing = rows_slice(source, folder, source.manifest.parts[0], 0, 0)
            plain = self._plain(room, cursor, source, folder)
            # Its keys come after, then the words of searches and the orders that are asked again.
            left = room.budget // 2 - KEY_BYTES * source.rows * len(columns_worth_a_key(source))
            cursor.execute(f"CREATE TABLE {table} ({_definitions(cursor, nothing, plain)})")
            for part in source.manifest.parts:
                for first in range(0, part.rows, SLICE):
                    if self._stopping or not room.is_open:
                        return None
                    try:
                        cursor.execute(f"INSERT INTO {table} {rows_slice(source, folder, part, first, first + SLICE)}")
                        _compress(cursor, room)
                    except duckdb.Error as error:
                        if room.is_full(error):
                            return None
                        raise
                    done += min(SLICE, part.rows - first)
                    size = max(room.taken(cursor) - before, 0)
                    if size * source.rows > left * done:  # at this rate the whole, with its keys, would not fit
                        return None
        return size if done else 0

    @staticmethod
    def _plain(room: Room, cursor: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> set[str]:
        """The columns of texts which are kept as they are: a dictionary of texts nearly all different saves little, and a
        page of twenty rows would open twenty of them."""
        various = {
            column.name: facts.distinct
            for column in source.shape
            if column.type is ColumnType.TEXT
            and (facts := source.manifest.profile.get(column.name))
            and facts.distinct > VARIOUS
        }
        if not various:
            return set()
        ranked = sorted(various, key=lambda name: -various[name])
        lengths = ", ".join(f"avg(strlen({quote_identifier(name)}))" for name in ranked)
        first = rows_slice(source, folder, source.manifest.parts[0], 0, _MEASURED)
        widths = cursor.execute(f"SELECT {lengths} FROM ({first})").fetchall()[0]
        plain, left = set(), room.budget // PLAIN_SHARE
        for name, width in zip(ranked, widths, strict=True):
            size = source.rows * (int(width or 0) + _PLAIN_TEXT)
            if size <= left:
                plain.add(name)
                left -= size
        return plain

    def _complete(self, entry: _Loaded, source: Source, turn: AbstractContextManager[object]) -> None:
        """Add keys, the words of searches and the orders that are asked again to a loaded table, which answers meanwhile.

        By slices, each in its ``turn``: whoever asks of a small version meanwhile has it loaded between two of them.
        """
        if self._stopping:
            return
        with self._connection.cursor() as cursor:
            before = entry.rankings.bytes
            entry.rankings.complete(cursor, entry.room.budget - entry.bytes)
            entry.bytes += entry.rankings.bytes - before
            if not entry.is_complete:
                self._add_keys(cursor, entry, source)
                entry.is_searchable = self._worded(cursor, entry, source, turn)
                entry.is_complete = True
        self._make_room(entry.room)

    def _add_keys(self, cursor: duckdb.DuckDBPyConnection, entry: _Loaded, source: Source) -> None:
        for column in columns_worth_a_key(source):
            with suppress(duckdb.OutOfMemoryException):  # a table without a key answers too
                key = build_key(cursor, entry.table, column, entry.room)
                if key:
                    entry.keys = {**entry.keys, column.name: key}
                    entry.bytes += key.bytes

    def _worded(
        self,
        cursor: duckdb.DuckDBPyConnection,
        entry: _Loaded,
        source: Source,
        turn: AbstractContextManager[object],
    ) -> bool:
        """Write the words of each row; False when they do not fit, or nobody is there to read them any more."""
        words, size = search_words(source.shape), 0
        for first in range(0, source.rows, SLICE):
            with self._lock:
                is_gone = self._loaded.get(source.key) is not entry
            if self._stopping or is_gone:
                return False
            last = first + SLICE
            with turn:
                written = f"{entry.table} SET {SEARCH} = {words} WHERE rowid >= {first} AND rowid < {last}"
                size += self._update(cursor, entry.room, written)
                if entry.bytes + size * source.rows // min(last, source.rows) > entry.room.budget:
                    self._update(cursor, entry.room, f"{entry.table} SET {SEARCH} = NULL WHERE rowid < {last}")
                    return False
        entry.bytes += size
        return True

    @staticmethod
    def _update(cursor: duckdb.DuckDBPyConnection, room: Room, assignment: str) -> int:
        """Change cells of a table; the bytes it grew by, all the budget when there is no room for it."""
        before = room.taken(cursor)
        try:
            cursor.execute(f"UPDATE {assignment}")
        except duckdb.Error as error:
            if room.is_full(error):
                return room.budget
            raise
        _compress(cursor, room)
        return max(room.taken(cursor) - before, 0) if room.is_open else room.budget

    def _drop(self, entries: list[_Loaded]) -> None:
        """Free tables; those who still read one keep what they began with. Never under the lock: it may wait for a loading."""
        if entries:
            with self._connection.cursor() as cursor:
                for entry in entries:
                    try:
                        cursor.execute(f"DROP TABLE IF EXISTS {entry.table}")
                    except duckdb.Error as error:  # a disk without a byte left: it goes with the process
                        if not entry.room.is_full(error):
                            raise
                for room in {entry.room for entry in entries}:
                    _compress(cursor, room)

    def _count(self, key: str) -> int:
        self._asked[key] = self._asked.pop(key, 0) + 1
        if len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)
        return self._asked[key]

    def _work(self) -> None:
        _give_way()
        incomplete: deque[tuple[_Loaded, Source]] = deque()
        while (source := self._next(incomplete)) is not None:
            try:
                with self._loading:
                    entry = self._entry(source)
                if entry:
                    incomplete.append((entry, source))
            except (duckdb.Error, NotFound):
                # A version that cannot be read is reported to anyone who asks for it, not to this thread.
                with self._lock:
                    self._refused.add(source.key)
            finally:
                with self._lock:
                    self._waiting.discard(source.key)

    def _next(self, incomplete: deque[tuple[_Loaded, Source]]) -> Source | None:
        """What to load next; tables are completed while nothing waits, and before the end."""
        while incomplete:
            with suppress(queue.Empty):
                source = self._queue.get_nowait()
                if source is not None:
                    return source
                self._queue.put(None)  # the end, which comes after what is to be completed
            with suppress(duckdb.Error):
                self._complete(*incomplete.popleft(), self._loading)
        return self._queue.get()


def _hides_places(source: Source) -> bool:
    """Whether a column has the name by which DuckDB tells the places of rows: such a version is read from its files."""
    return any(column.name.lower() == "rowid" for column in source.shape)


def _give_way() -> None:
    """Let the threads that answer somebody go first; only Linux has a priority for each thread."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(GIVES_WAY, os.getpriority(os.PRIO_PROCESS, thread)))


def _definitions(cursor: duckdb.DuckDBPyConnection, select: str, plain: set[str]) -> str:
    described = cursor.execute(f"DESCRIBE {select}").fetchall()
    return ", ".join(
        f"{quote_identifier(name)} {kind}{' USING COMPRESSION uncompressed' if name in plain else ''}"
        for name, kind, *_rest in described
    )


def _at(table: str, few: list[int]) -> str:
    # A list of numbers would be looked for in each row; joined, it has the others skipped.
    return (
        f"SELECT * FROM {table} WHERE rowid IN (SELECT unnest({few}))" if few else f"SELECT * FROM {table} WHERE false"
    )


def _compress(cursor: duckdb.DuckDBPyConnection, room: Room) -> None:
    """Compress what was just inserted, give back what was dropped."""
    # Refused while another thread has begun to write: what it writes is compressed with the next slice.
    with suppress(duckdb.TransactionException):
        cursor.execute(f"CHECKPOINT {room.database}")


def estimate(source: Source) -> int:
    """Bytes the loaded table will take, from the manifest alone: an order of magnitude."""
    return source.rows * (sum(_width(source, column) for column in source.shape) + 60)


def _width(source: Source, column: Column) -> int:
    if column.type.is_geographic:
        shares = sum(part.bytes for part in source.manifest.parts) * 2 // max(source.rows, 1)
        return max(48, shares)
    return _TEXT_BYTES if column.type is ColumnType.TEXT else 8
