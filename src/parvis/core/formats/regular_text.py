"""Delimited text that DuckDB reads whole: what an import and a validation share, although they do not number rows alike."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from parvis.core.formats.encodings import PreparedText
from parvis.core.formats.sink import staged_name

LONGEST = 2 * 1024 * 1024
"""Bytes of a line beyond which DuckDB would need larger buffers than the memory we give it."""
UNREADABLE = (
    duckdb.InvalidInputException,
    duckdb.ConversionException,
    duckdb.OutOfMemoryException,
    duckdb.IOException,
)
"""What DuckDB raises for lines that it does not take: a slower reader then has its turn."""


def reader_sql(width: int, path: str = "$path", delimiter: str = "$delimiter", skip: str = "1") -> str:
    """DuckDB's reader of a text of that many columns, all texts; the arguments are SQL."""
    columns = ", ".join(f"'{staged_name(rank)}': 'VARCHAR'" for rank in range(width))
    return f"""read_csv({path}, auto_detect = false, columns = {{{columns}}}, delim = {delimiter}, quote = '"', escape = '"',
        skip = {skip}, header = false, nullstr = '', strict_mode = true, null_padding = false, ignore_errors = false,
        compression = 'none', hive_partitioning = false)"""


@contextmanager
def mapped(path: Path) -> Iterator[mmap.mmap | bytes]:
    """The bytes of a file, mapped rather than held."""
    if not path.stat().st_size:
        yield b""
        return
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        yield content


def holds(text: PreparedText, pattern: bytes) -> bool:
    """Whether the pattern is somewhere in the file."""
    with mapped(text.path) as content:
        return re.search(pattern, content) is not None


def number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The whole number that a statement gives."""
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
