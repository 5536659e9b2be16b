"""Where loaded tables are kept: in memory while they fit there, beyond that in a file of this process.

What is read of the file goes through DuckDB's memory, within its limit: a table of ten million rows has its identifiers, its orders
and the words of its searches, on a machine where it would never have fitted.
"""

from __future__ import annotations

import mmap
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Protocol

import duckdb
import pyarrow as pa

from parvis.core.connections import path_literal

RESERVE = 1024 * 1024 * 1024
"""Bytes that must stay free on the disk: what a portal receives and publishes comes first."""

_BATCH = 1_000_000


class Room(Protocol):
    """A database where tables are loaded, within ``budget`` bytes."""

    database: str
    budget: int

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Open it, before the connection is locked."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether one more table may be begun there."""
        ...

    def is_full(self, error: duckdb.Error) -> bool:
        """Whether a change failed because it had no room there."""
        ...

    def taken(self, cursor: duckdb.DuckDBPyConnection) -> int:
        """Bytes that its tables take, all together."""
        ...

    def numbers(self, answer: duckdb.DuckDBPyConnection) -> list[Sequence[int]]:
        """Each column of an answer, whole numbers of 32 bits without a sign, kept where the tables are."""
        ...


class InMemory:
    """The tables that are asked of most often."""

    database = "hot"
    is_open = True

    def __init__(self, budget: int) -> None:
        self.budget = budget

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Open it, before the connection is locked."""
        connection.execute(f"ATTACH ':memory:' AS {self.database} (COMPRESS)")

    def is_full(self, error: duckdb.Error) -> bool:
        """Whether a change failed because it had no room there."""
        return isinstance(error, duckdb.OutOfMemoryException)

    def taken(self, cursor: duckdb.DuckDBPyConnection) -> int:
        """Bytes that its tables take, all together."""
        return _number(cursor, "SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'")

    def numbers(self, answer: duckdb.DuckDBPyConnection) -> list[Sequence[int]]:
        """Each column of an answer, where Arrow has it."""
        return [_cells(column.combine_chunks()) for column in answer.to_arrow_table().columns]


class OnDisk:
    """The tables that are too large for that, in a file of ``folder``, which nobody else opens."""

    database = "disk"

    def __init__(self, folder: Path, budget: int) -> None:
        self.budget = budget
        self._folder = folder
        self._file = folder / "tables.duckdb"

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Open it, before the connection is locked."""
        connection.execute(f"ATTACH {path_literal(self._file)} AS {self.database} (STORAGE_VERSION 'latest')")
        self._file.unlink()  # so it ends with the process, killed or not

    @property
    def is_open(self) -> bool:
        """Whether the disk has room: to fill it would stop the whole portal."""
        return self.budget > 0 and shutil.disk_usage(self._folder).free > RESERVE

    def is_full(self, error: duckdb.Error) -> bool:
        """Whether a change failed because it had no room there: what is written of it fails, or its commit does."""
        return isinstance(error, duckdb.OutOfMemoryException) or (
            isinstance(error, duckdb.IOException | duckdb.TransactionException) and str(self._file) in str(error)
        )

    def taken(self, cursor: duckdb.DuckDBPyConnection) -> int:
        """Bytes that its tables take, all together."""
        return _number(
            cursor,
            f"SELECT used_blocks * block_size FROM pragma_database_size() WHERE database_name = '{self.database}'",
        )

    def numbers(self, answer: duckdb.DuckDBPyConnection) -> list[Sequence[int]]:
        """Each column of an answer, in a file without a name that is read as memory is: the system keeps what is looked at."""
        reader = answer.to_arrow_reader(_BATCH)
        with ExitStack() as ends:
            files = [ends.enter_context(TemporaryFile(dir=self._folder)) for _column in reader.schema]
            for batch in reader:
                for file, column in zip(files, batch.columns, strict=True):
                    file.write(_cells(column))
            return [_mapped(file) for file in files]


def _mapped(file: IO[bytes]) -> Sequence[int]:
    size = file.tell()
    file.flush()
    return memoryview(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)).cast("I") if size else ()


def _cells(array: pa.Array | pa.ChunkedArray) -> memoryview:
    if isinstance(array, pa.ChunkedArray):  # what combining none gives
        array = pa.concat_arrays([pa.array([], pa.uint32()), *array.chunks])
    whole = memoryview(array.buffers()[1] or b"").cast("I")
    return whole[array.offset : array.offset + len(array)]


def _number(cursor: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = cursor.execute(sql).fetchone()
    return int(row[0] or 0) if row else 0
