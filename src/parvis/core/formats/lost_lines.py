"""Lines that a quoted cell swallowed because its quote was never closed where it should have been."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from parvis.core.formats.csv_layout import Layout
from parvis.core.formats.encodings import PreparedText
from parvis.core.formats.headers import is_number
from parvis.core.formats.job import Job
from parvis.core.formats.records import Flaw
from parvis.core.formats.refusals import LostLines
from parvis.core.formats.sink import EXAMPLE_LINES
from parvis.core.staging import REJECTS, ROWS, StagedTable

LOOKED_AT = 1000
"""Cells of several lines that are looked at one by one, in each column."""
COMPARED = 300
"""Rows that tell which columns hold numbers."""
CERTAIN_WIDTH = 4
"""From so many columns on, text cut as rows are is no chance."""
SELDOM = 50
"""In narrower tables without numbers, at most one row in so many may have such a cell for it to be an accident."""
_SIGNS = ("chr(10)", "chr(13)", "?")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class _Table:
    """What the other rows are like: ``numeric`` tells the numbers of the columns of numbers, ``spaced`` that cells begin with spaces."""

    width: int
    delimiter: str
    numeric: tuple[Callable[[str], bool] | None, ...]
    spaced: bool
    rows: int


def refuse_lost_lines(job: Job, staged: StagedTable, layout: Layout, text: PreparedText) -> None:
    """LostLines when lines of the text were set aside for their quotes, or stand inside a cell as rows do.

    Nobody is asked when a person said that cells go over several lines, nor when no row is left (which has its own refusal).
    Texts that have line ends of their own are told from swallowed lines by their shape: a swallowed line has the separators of
    a row, at the right places, and numbers where the other rows have numbers.
    """
    if not text.quotes or job.options.multiline is not None or not staged.rows:
        return
    connection = job.workspace.connection
    sql = f"SELECT line FROM {REJECTS} WHERE reason = ? ORDER BY line LIMIT {EXAMPLE_LINES + 1}"
    broken = connection.execute(sql, [Flaw.BROKEN]).fetchall()
    lines = [int(line) for (line,) in broken] or _header_line(connection, staged, layout)
    if not lines and _has_long_records(staged, layout, text):
        lines = _swallowing(connection, staged, layout)
    if lines:
        lines = sorted(lines)
        shown = ", ".join(map(str, lines[:EXAMPLE_LINES])) + ("…" if len(lines) > EXAMPLE_LINES else "")
        raise LostLines(file=job.name, line=lines[0], lines=shown)


def _has_long_records(staged: StagedTable, layout: Layout, text: PreparedText) -> bool:
    """Whether some record has several lines: rows, lines set aside and empty ones are then fewer than the lines of the text."""
    aside = len(layout.preamble) + (layout.second is not None)
    counts = [note.details["count"] for note in staged.notes if note.code == "empty-lines"]
    empty = int(str(counts[0])) - layout.empty_above.count if counts else 0
    records = layout.data_line - 1 + staged.rows + staged.rejects - aside + empty
    return text.lone_returns or records != text.breaks + text.open_end


def _swallowing(connection: duckdb.DuckDBPyConnection, staged: StagedTable, layout: Layout) -> list[int]:
    """Lines on which a row begins of which a cell holds other rows."""
    names = [column.name for column in staged.columns]
    if len(names) < 2:
        return []
    several = _cells_of_several_lines(connection, names, layout.delimiter)
    if not several:
        return []
    table = _table(connection, names, layout.delimiter, staged.rows)
    lines: list[int] = []
    for name, count in several.items():
        rank = names.index(name)
        suspect = f"{_broken(name)} AND {_cut(name, table)}"
        sql = f"SELECT line, {name} FROM {ROWS} WHERE {suspect} LIMIT {LOOKED_AT}"
        suspects = connection.execute(sql, [layout.delimiter]).fetchall()
        holding = [int(line) for line, cell in suspects if _holds_rows(cell, rank, table)]
        if holding and (_is_certain(table) or len(holding) == count <= max(1, table.rows // SELDOM)):
            lines += holding
    return lines


def _cells_of_several_lines(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], delimiter: str
) -> dict[str, int]:
    """How many cells of each column have a line end, for the columns of which one has a separator as well."""
    counts = ", ".join(
        f"count_if({_broken(name)}), count_if({_broken(name)} AND contains({name}, $delimiter))" for name in names
    )
    counted = connection.execute(f"SELECT {counts} FROM {ROWS}", {"delimiter": delimiter}).fetchone() or ()
    pairs = zip(names, counted[::2], counted[1::2], strict=True)
    return {name: int(several) for name, several, separated in pairs if separated}


def _header_line(connection: duckdb.DuckDBPyConnection, staged: StagedTable, layout: Layout) -> list[int]:
    """The line of the header when one of its cells holds rows."""
    if not any(map(_LINE_END.search, layout.headers)) or len(staged.columns) < 2:
        return []
    table = _table(connection, [column.name for column in staged.columns], layout.delimiter, staged.rows)
    holds = any(_holds_rows(header, rank, table) for rank, header in enumerate(layout.headers))
    return [layout.header_line] if holds and _is_certain(table) else []


def _broken(name: str) -> str:
    """SQL: whether the cell has a line end."""
    return f"(contains({name}, chr(10)) OR contains({name}, chr(13)))"


def _cut(name: str, table: _Table) -> str:
    """SQL: whether the cell has about as many separators as the rows it might hold; the separator is the parameter."""
    feeds, returns, separators = (f"length({name}) - length(replace({name}, {sign}, ''))" for sign in _SIGNS)
    return f"{separators} >= {0.8 * (table.width - 1)} * greatest({feeds}, {returns})"


def _table(connection: duckdb.DuckDBPyConnection, names: list[str], delimiter: str, rows: int) -> _Table:
    sample = connection.execute(f"SELECT {', '.join(names)} FROM {ROWS} LIMIT {COMPARED}").fetchall()
    columns = [
        [cell.strip() for cell in column if cell and not _LINE_END.search(cell)] for column in zip(*sample, strict=True)
    ]
    spaced = any(cell and cell.startswith(" ") for row in sample for cell in row)
    return _Table(len(names), delimiter, tuple(map(_numbers_like, columns)), spaced, rows)


def _numbers_like(cells: Sequence[str]) -> Callable[[str], bool] | None:
    """What tells a number like those of a column, whole when they are; None when it is no column of numbers."""
    filled = [cell for cell in cells if cell]
    for fits in (str.isdecimal, is_number):
        if filled and sum(map(fits, filled)) >= 0.9 * len(filled):
            return fits
    return None


def _holds_rows(cell: str, rank: int, table: _Table) -> bool:
    """True when the lines of a cell of the column ``rank`` are cut as rows are: its first one ends a row, its last one begins one.

    The signs of a sentence have a space after them, those of a table have none unless its other cells do: « 12, rue X » is no row.
    """
    if not table.spaced and f"{table.delimiter} " in cell:
        return False
    lines = [line.split(table.delimiter) for line in _LINE_END.split(cell)]
    first, *middle, last = lines if len(lines) > 1 else (lines[0], [])
    if not last or len(first) != table.width - rank or not rank < len(last) <= table.width:
        return False
    whole = [cells for cells in middle if len(cells) == table.width]
    if len(whole) < 0.8 * len(middle):
        return False
    placed = [(rank + place, text) for place, text in enumerate(first)]
    placed += [(place, text) for cells in (*whole, last[: rank + 1]) for place, text in enumerate(cells)]
    tests = [(table.numeric[place], text.strip('" ')) for place, text in placed]
    results = [fits(text) for fits, text in tests if fits is not None and text]
    return sum(results) >= 0.9 * len(results)


def _is_certain(table: _Table) -> bool:
    return table.width >= CERTAIN_WIDTH or any(fits is not None for fits in table.numeric)
