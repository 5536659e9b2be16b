"""Delimited text as validators read it: every record a row, with the cells it has; the first record is the header."""

from __future__ import annotations

import csv
import io
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from parvis.core.formats.encodings import PreparedText
from parvis.core.formats.limits import DEFAULT_LIMITS
from parvis.core.formats.sink import check_width
from parvis.core.staging import Workspace
from parvis.core.validation.running import Rows

TABLE = "validation_rows"
SAMPLE_LINES = 100
SAMPLE_CHARACTERS = 1024 * 1024
DELIMITERS = ",\t;|"
_BATCH = 20_000
_LONGEST = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a line are told apart."""

    delimiter: str = ","
    skip_blanks: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table read: its header as written, and its rows."""

    header: tuple[str, ...]
    rows: Rows


def sniff(text: PreparedText, *, tabs: bool) -> Dialect:
    """The dialect that Python's ``csv.Sniffer`` finds on the first hundred lines; commas when it finds none."""
    with _opened(text) as stream:
        sample = "".join(islice(stream, SAMPLE_LINES))[:SAMPLE_CHARACTERS]
    try:
        found = csv.Sniffer().sniff(sample, "\t" if tabs else DELIMITERS)
    except csv.Error:
        return Dialect("\t" if tabs else ",")
    return Dialect(found.delimiter, bool(found.skipinitialspace))


def read_text(workspace: Workspace, text: PreparedText, dialect: Dialect, *, skip: int = 0) -> Table:
    """Every record of ``text`` but the ``skip`` first, in a table of the workspace; the records are numbered from the header, 1 + skip."""
    header = next(islice(_records(text, dialect), skip, None), [])
    check_width(len(header), text.path.name, DEFAULT_LIMITS)
    rows = _quick(workspace, text, dialect, header) if not skip else None
    return Table(tuple(header), rows or _careful(workspace, text, dialect, len(header), skip))


def _opened(text: PreparedText) -> io.TextIOWrapper:
    raw = text.path.open("rb")
    raw.seek(text.skip)
    return io.TextIOWrapper(raw, encoding="utf-8", newline="")


def _records(text: PreparedText, dialect: Dialect) -> Iterator[list[str]]:
    """The records, cells as they are; a line feed inside quotes belongs to its cell."""
    csv.field_size_limit(256 * 1024 * 1024)
    with _opened(text) as stream:
        yield from csv.reader(stream, delimiter=dialect.delimiter, skipinitialspace=dialect.skip_blanks)


def _quick(workspace: Workspace, text: PreparedText, dialect: Dialect, header: list[str]) -> Rows | None:
    """The rows as DuckDB reads them, when it surely reads what Python reads: regular lines and plain quotes. None otherwise."""
    width = len(header)
    odd = dialect.skip_blanks or text.lone_returns or text.longest > _LONGEST or width < 2
    if odd or (text.quotes and _has_odd_quotes(text, dialect.delimiter)) or any("\n" in label or "\r" in label for label in header):
        return None
    connection = workspace.connection
    names = [f"c{rank}" for rank in range(width)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
    try:
        connection.execute(
            f"""CREATE TABLE {TABLE} AS SELECT * FROM read_csv($path, auto_detect = false, columns = {{{columns}}},
            delim = $delimiter, quote = '"', escape = '"', skip = 1, header = false, nullstr = '', strict_mode = true,
            null_padding = false, ignore_errors = false, compression = 'none', hive_partitioning = false)""",
            {"path": _literal(text.path), "delimiter": dialect.delimiter},
        )
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.OutOfMemoryException, duckdb.IOException):
        connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
        return None
    count = _one(connection, f"SELECT count(*) FROM {TABLE}")
    lines, cuts = (
        text.breaks + text.open_end - 1,
        _count(text.path, dialect.delimiter) - sum(label.count(dialect.delimiter) for label in header),
    )
    inner = (0, 0)
    if (count, count * (width - 1)) != (lines, cuts - width + 1):
        inner = _inside(connection, names, dialect.delimiter)
    if (count + inner[0], count * (width - 1) + inner[1]) != (lines, cuts - width + 1):
        connection.execute(f"DROP TABLE {TABLE}")
        return None
    return Rows(TABLE, tuple(f"coalesce({name}, '')" for name in names), "(rowid + 2)", count)


def _has_odd_quotes(text: PreparedText, delimiter: str) -> bool:
    """True when a quote stands elsewhere than at both ends of a cell, or doubled inside: readers differ on those."""
    cut = re.escape(delimiter.encode())
    edge = rb"[\r\n" + cut + rb"]"
    blanks = rb"|".join(rb"(?<=" + edge + rb"[ \t]" * count + rb'")' for count in range(1, 5))
    odd = rb'"(?:(?<![\r\n"' + cut + rb']")(?<!\A")(?![\r\n"' + cut + rb"]|\Z)|" + blanks + rb")"
    with text.path.open("rb") as stream:
        if not text.path.stat().st_size:
            return False
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return re.search(odd, content) is not None


def _inside(connection: duckdb.DuckDBPyConnection, names: list[str], delimiter: str) -> tuple[int, int]:
    """How many line feeds, and how many delimiters, stand inside cells."""
    inside = "CASE WHEN contains({0}, ?) THEN length({0}) - length(replace({0}, ?, '')) ELSE 0 END"
    sums = [f"coalesce(sum({' + '.join(inside.format(name) for name in names)}), 0)"] * 2
    parameters = ["\n"] * (2 * len(names)) + [delimiter] * (2 * len(names))
    row = connection.execute(f"SELECT {', '.join(sums)} FROM {TABLE}", parameters).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _count(path: Path, delimiter: str) -> int:
    """How many times the delimiter stands in the file."""
    sign, total = delimiter.encode(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            total += chunk.count(sign)
    return total


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _literal(path: Path) -> str:
    """The path with the signs that DuckDB would expand made harmless."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def _careful(workspace: Workspace, text: PreparedText, dialect: Dialect, width: int, skip: int) -> Rows:
    """The rows as Python reads them, each with its own number of cells."""
    records = islice(_records(text, dialect), skip + 1, None)
    return stage_records(workspace, records, width, skip + 2)


def stage_records(workspace: Workspace, records: Iterator[list[str]], width: int, first: int) -> Rows:
    """Put records in the table; the first one is numbered ``first``. Absent cells are NULL, cells beyond ``width`` are kept apart."""
    names = [f"c{rank}" for rank in range(width)]
    schema = pa.schema(
        [
            ("n", pa.int64()),
            ("width", pa.int32()),
            ("more", pa.list_(pa.string())),
            *((name, pa.string()) for name in names),
        ]
    )
    connection = workspace.connection
    connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
    connection.register("validation_batch", schema.empty_table())
    connection.execute(f"CREATE TABLE {TABLE} AS SELECT * FROM validation_batch")
    count = 0
    while batch := list(islice(records, _BATCH)):
        connection.register("validation_batch", _batch(batch, width, first + count, schema))
        connection.execute(f"INSERT INTO {TABLE} SELECT * FROM validation_batch")
        count += len(batch)
    connection.unregister("validation_batch")
    return Rows(TABLE, tuple(names), "n", count, "width", "coalesce(more, [])")


def _batch(records: list[list[str]], width: int, first: int, schema: pa.Schema) -> pa.Table:
    padded = [record[:width] + [None] * (width - len(record)) for record in records]
    columns = list(zip(*padded, strict=True)) or [()] * width
    beyond = [record[width:] or None for record in records]
    arrays = [
        pa.array(range(first, first + len(records)), pa.int64()),
        pa.array([len(record) for record in records], pa.int32()),
        pa.array(beyond, pa.list_(pa.string())),
        *(pa.array(column, pa.string()) for column in columns),
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
