"""The line of totals under a table: no row like the others, it would be counted twice by every sum."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import duckdb

from parvis.core.formats.options import ReadOptions
from parvis.core.formats.sink import RAW, REJECTED_CONTENT
from parvis.core.staging import REJECTS, ROWS, Note, StagedTable, Workspace
from parvis.core.text import fold

_LABEL = re.compile(r"(sous-)?(totaux|total|ensemble|somme)\b")
"""How the last line says that it is a total."""
_ONLY = re.compile(r"(sous-)?(totaux|total|ensemble|somme)( general| generaux| global| resultat)?[ :.]*")
"""How it says so and says nothing else: a row that is called otherwise is told of only when it sums the others."""
_NUMBER = r"[-+−]?\d[\d \u00a0\u202f]*([.,]\d+)?\s*€?|[-+−]?\d+(\.\d+)?[eE][-+]?\d+"
LEAST_ROWS = 2
NAMELESS_ROWS = 3
"""Rows above a total that has no name; a named one may close a shorter table."""
SUBTOTALLED_ROWS = 3
"""Fewer rows have no subtotals; twice the mean of two rows is their sum."""
ROUNDED_ROWS = 20
"""Rows whose roundings may add up."""


def set_total_aside(
    workspace: Workspace, staged: StagedTable, options: ReadOptions, delimiter: str = ";"
) -> StagedTable:
    """The table without its last row when this is the sum of the others in a column of numbers; a note says so.

    A row that is called a total and sums nothing stays, with a note: it may be a mean, or a firm. So does any when a person said
    to keep it. The row goes to the rejects, where it can be read.
    """
    if options.keep_total or staged.rows <= LEAST_ROWS:
        return staged
    connection = workspace.connection
    names = [column.name for column in staged.columns]
    (line,) = connection.execute(f"SELECT max(line) FROM {ROWS}").fetchone() or (0,)
    last = connection.execute(f"SELECT {', '.join(names)} FROM {ROWS} WHERE line = {line:d}")
    cells = [str(cell or "").strip() for cell in last.fetchone() or ()]
    label = next((cell for cell in cells if _LABEL.match(fold(cell))), "")
    numbers = {name: cell for name, cell in zip(names, cells, strict=True) if re.fullmatch(_NUMBER, cell)}
    nameless = len(numbers) == sum(map(bool, cells)) < len(cells) and staged.rows > NAMELESS_ROWS
    if not numbers or not (label or nameless):
        return staged
    sums = _sums(connection, list(numbers), line)
    if not _is_total(sums, numbers, staged.rows - 1, named=bool(label)):
        if not _ONLY.fullmatch(fold(label)):
            return staged
        note = Note("total-line-kept", {"line": line, "label": label})
        return StagedTable(staged.columns, staged.rows, staged.rejects, (*staged.notes, note))
    if nameless and not _others_filled(connection, [name for name in names if name not in numbers]):
        return staged
    content = delimiter.join(cells)[:REJECTED_CONTENT]
    connection.execute(f"INSERT INTO {REJECTS} VALUES (?, 'total-line', ?)", [line, content])
    _drop_last(connection, line)
    shown = " ".join(cell for cell in cells if cell)[:500]
    note = Note("total-line", {"line": line, "content": shown})
    return StagedTable(staged.columns, staged.rows - 1, staged.rejects + 1, (*staged.notes, note))


def _value(cell: str) -> str:
    """SQL: the number that a cell holds, in French or in plain figures; nothing when it holds none."""
    plain = f"regexp_replace({cell}, '[\\s\\x{{a0}}\\x{{202f}}€]', '', 'g')"
    return f"TRY_CAST(replace(replace({plain}, ',', '.'), '−', '-') AS DOUBLE)"


def _sums(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], line: int
) -> dict[str, tuple[float, float, int]]:
    """Of each column: the sum of all rows, the last one included, the last value, and how many hold a number."""
    columns = ", ".join(
        f"sum({_value(name)}), max({_value(name)}) FILTER (line = {line:d}), count({_value(name)})" for name in names
    )
    row = connection.execute(f"SELECT {columns} FROM {ROWS}").fetchone() or ()
    triples = zip(row[::3], row[1::3], row[2::3], strict=True)
    return {
        name: (float(total), float(last), int(count))
        for name, (total, last, count) in zip(names, triples, strict=True)
        if total is not None and last is not None
    }


def _is_total(sums: dict[str, tuple[float, float, int]], numbers: dict[str, str], rows: int, *, named: bool) -> bool:
    """True when some column of numbers (all of them for a row without a name) has its sum, or its double under subtotals, there."""
    hits = [
        _matches(total - last, last, numbers[name], rows, rounded=named)
        for name, (total, last, count) in sums.items()
        if count - 1 >= LEAST_ROWS and count - 1 >= 0.5 * rows
    ]
    return any(hits) if named else len(hits) == len(numbers) and all(hits)


def _matches(above: float, last: float, written: str, rows: int, *, rounded: bool) -> bool:
    if not last or not math.isfinite(above):
        return False
    _whole, _point, decimals = re.sub(r"\s|€", "", written).replace(",", ".").partition(".")
    unit = 10.0 ** -len(decimals) if decimals.isdigit() or not decimals else 0
    allowed = 1e-6 * abs(last) + (unit * min(rows, ROUNDED_ROWS) / 2 if rounded else 0)
    allowed = min(allowed, 0.01 * abs(last))
    doubled = rounded and rows > SUBTOTALLED_ROWS and abs(above - 2 * last) <= allowed
    return abs(above - last) <= allowed or doubled


def _others_filled(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> bool:
    """True when some column that is empty in the last row is not in the others."""
    filled = " OR ".join(f"count({name}) >= 0.9 * (count(*) - 1)" for name in names)
    row = connection.execute(f"SELECT {filled} FROM {ROWS}").fetchone()
    return bool(row and row[0])


def _drop_last(connection: duckdb.DuckDBPyConnection, line: int) -> None:
    """Take the last row out of ROWS, be it a table or a view over RAW."""
    if connection.execute("SELECT 1 FROM duckdb_views() WHERE view_name = ?", [ROWS]).fetchone():
        connection.execute(f"DELETE FROM {RAW} WHERE rowid = (SELECT max(rowid) FROM {RAW})")
    else:
        connection.execute(f"DELETE FROM {ROWS} WHERE line = {line:d}")
