"""Delimited text as validators read it: every record a row, with the cells it has; the first record is the header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from parvis.core.connections import exact_pattern
from parvis.core.formats.csv_layout import open_text
from parvis.core.formats.encodings import PreparedText, count_byte
from parvis.core.formats.limits import DEFAULT_LIMITS
from parvis.core.formats.regular_text import LONGEST, UNREADABLE, holds, number, reader_sql
from parvis.core.formats.sink import check_width, staged_name
from parvis.core.staging import Workspace
from parvis.core.validation.runner import Rows

TABLE = "validation_rows"
SAMPLE_LINES = 100
SAMPLE_CHARACTERS = 1024 * 1024
DELIMITERS = ",\t;|"
_BATCH = 20_000


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
    with open_text(text) as stream:
        sample = "".join(islice(stream, SAMPLE_LINES))[:SAMPLE_CHARACTERS]
    try:
        sniffed = csv.Sniffer().sniff(sample, "\t" if tabs else DELIMITERS)
    except csv.Error:
        return Dialect("\t" if tabs else ",")
    return Dialect(sniffed.delimiter, bool(sniffed.skipinitialspace))


def read_text(workspace: Workspace, text: PreparedText, dialect: Dialect, *, skip: int = 0) -> Table:
    """Every record of ``text`` but the ``skip`` first, in a table of the workspace; the records are numbered from the header, 1 + skip."""
    header = read_header(text, dialect, skip)
    rows = _quick(workspace, text, dialect, header) if not skip else None
    return Table(tuple(header), rows or _careful(workspace, text, dialect, len(header), skip))


def read_header(text: PreparedText, dialect: Dialect, skip: int = 0) -> list[str]:
    """The labels of the record after the ``skip`` first ones; none of an empty text."""
    header = next(islice(_records(text, dialect), skip, None), [])
    check_width(len(header), text.path.name, DEFAULT_LIMITS)
    return [header[0].removeprefix("\ufeff"), *header[1:]] if header else header


def as_stream(text: PreparedText, dialect: Dialect, header: list[str]) -> Rows | None:
    """The rows of a text without quotes, read as they are asked for, empty cells as NULL; None when it is not regular enough
    to be sure of them.

    Each of its lines is a record, and there are as many delimiters as that takes; DuckDB refuses lines of another width.
    """
    lines, width = text.breaks + text.open_end - 1, len(header)
    if (
        text.quotes
        or _is_odd(text, dialect, header)
        or _count(text.path, dialect.delimiter) != (lines + 1) * (width - 1)
    ):
        return None
    path, delimiter = (value.replace("'", "''") for value in (exact_pattern(text.path), dialect.delimiter))
    relation = f"(SELECT * FROM {reader_sql(width, f"'{path}'", f"'{delimiter}'")})"
    return Rows(relation, tuple(staged_name(rank) for rank in range(width)), None, lines)


def _is_odd(text: PreparedText, dialect: Dialect, header: list[str]) -> bool:
    """True for what only Python's reader reads as Python does."""
    lines = any("\n" in label or "\r" in label for label in header)
    return dialect.skip_blanks or text.lone_returns or text.longest > LONGEST or len(header) < 2 or lines


def _records(text: PreparedText, dialect: Dialect) -> Iterator[list[str]]:
    """The records, cells as they are; a line feed inside quotes belongs to its cell."""
    csv.field_size_limit(256 * 1024 * 1024)
    with open_text(text) as stream:
        yield from csv.reader(stream, delimiter=dialect.delimiter, skipinitialspace=dialect.skip_blanks)


def _quick(workspace: Workspace, text: PreparedText, dialect: Dialect, header: list[str]) -> Rows | None:
    """The rows as DuckDB reads them, when it surely reads what Python reads: regular lines and plain quotes. None otherwise."""
    width = len(header)
    if _is_odd(text, dialect, header) or (text.quotes and _has_odd_quotes(text, dialect.delimiter)):
        return None
    connection = workspace.connection
    names = [staged_name(rank) for rank in range(width)]
    connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
    try:
        connection.execute(
            f"CREATE TABLE {TABLE} AS SELECT * FROM {reader_sql(width)}",
            {"path": exact_pattern(text.path), "delimiter": dialect.delimiter},
        )
    except UNREADABLE:
        connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
        return None
    count = number(connection, f"SELECT count(*) FROM {TABLE}")
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
    """True when a quote is elsewhere than at both ends of a cell, or doubled inside: readers differ on those."""
    cut = re.escape(delimiter.encode())
    edge = rb"[\r\n" + cut + rb"]"
    blanks = rb"|".join(rb"(?<=" + edge + rb"[ \t]" * count + rb'")' for count in range(1, 5))
    odd = rb'"(?:(?<![\r\n"' + cut + rb']")(?<!\A")(?![\r\n"' + cut + rb"]|\Z)|" + blanks + rb")"
    return holds(text, odd)


def _inside(connection: duckdb.DuckDBPyConnection, names: list[str], delimiter: str) -> tuple[int, int]:
    """How many line feeds, and how many delimiters, are inside cells."""
    inside = "CASE WHEN contains({0}, ?) THEN length({0}) - length(replace({0}, ?, '')) ELSE 0 END"
    sums = [f"coalesce(sum({' + '.join(inside.format(name) for name in names)}), 0)"] * 2
    parameters = ["\n"] * (2 * len(names)) + [delimiter] * (2 * len(names))
    row = connection.execute(f"SELECT {', '.join(sums)} FROM {TABLE}", parameters).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _count(path: Path, delimiter: str) -> int:
    """How many times the delimiter is in the file."""
    sign, total = delimiter.encode(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            total += count_byte(chunk, sign) if len(sign) == 1 else chunk.count(sign)
    return total


def _careful(workspace: Workspace, text: PreparedText, dialect: Dialect, width: int, skip: int) -> Rows:
    """The rows as Python reads them, each with its own number of cells."""
    records = islice(_records(text, dialect), skip + 1, None)
    return stage_records(workspace, records, width, skip + 2)


def stage_records(workspace: Workspace, records: Iterator[Sequence[str | None]], width: int, first: int) -> Rows:
    """Put records in the table; the first one is numbered ``first``. Absent cells are NULL, cells beyond ``width`` are kept apart."""
    names = [staged_name(rank) for rank in range(width)]
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


def _batch(records: list[Sequence[str | None]], width: int, first: int, schema: pa.Schema) -> pa.Table:
    padded = [[*record[:width], *[None] * (width - len(record))] for record in records]
    columns = list(zip(*padded, strict=True)) or [()] * width
    beyond = [record[width:] or None for record in records]
    arrays = [
        pa.array(range(first, first + len(records)), pa.int64()),
        pa.array([len(record) for record in records], pa.int32()),
        pa.array(beyond, pa.list_(pa.string())),
        *(pa.array(column, pa.string()) for column in columns),
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
