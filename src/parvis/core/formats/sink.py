"""Where readers pour records: batches of text go to the staged table, what cannot be a row goes to the rejects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa

from parvis.core.columns import ColumnType
from parvis.core.errors import UnsafeFile
from parvis.core.formats.limits import Limits
from parvis.core.formats.refusals import CellTooLarge, TooManyColumns
from parvis.core.staging import REJECTS, ROWS, Note, StagedColumn, StagedTable, Workspace

RAW = "staged_raw"
"""Table behind the view ROWS when a reader left the numbering of lines to a view."""
BATCH_ROWS = 20_000
BATCH_CHARACTERS = 16 * 1024 * 1024
BATCH_CELLS = 5_000_000
REJECTED_CONTENT = 10_000
"""Characters of a refused line that are kept; the original file keeps the rest."""
EXAMPLE_LINES = 20
"""How many line numbers a note lists; its count is always whole."""


def staged_name(index: int) -> str:
    """The name of the staged column of that rank, from 0."""
    return f"c{index}"


def check_width(count: int, name: str, limits: Limits) -> None:
    """TooManyColumns when ``count`` is beyond the limit."""
    if count > limits.max_columns:
        raise TooManyColumns(file=name, count=count, limit=limits.max_columns)


def clear_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove the staged rows, whether they are in a table or behind a view."""
    views = {row[0] for row in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
    connection.execute(f"DROP VIEW {ROWS}" if ROWS in views else f"DROP TABLE IF EXISTS {ROWS}")
    connection.execute(f"DROP TABLE IF EXISTS {RAW}")


class Tally:
    """Counts lines that share a peculiarity, and keeps the first of them as examples."""

    def __init__(self, lines: Iterable[int] = ()) -> None:
        self.count = 0
        self.lines: list[int] = []
        for line in lines:
            self.add(line)

    def add(self, line: int) -> None:
        """One more, on that line."""
        self.count += 1
        if len(self.lines) < EXAMPLE_LINES:
            self.lines.append(line)

    def copy(self) -> Tally:
        """Another tally that starts with the same lines."""
        twin = Tally()
        twin.count, twin.lines = self.count, list(self.lines)
        return twin

    def note(self, code: str, **details: object) -> tuple[Note, ...]:
        """The note that says so; nothing when nothing was counted."""
        return (Note(code, {"count": self.count, "lines": self.lines, **details}),) if self.count else ()


class Sink:
    """Fills ROWS and REJECTS of a workspace batch by batch; columns may be added on the way.

    With a ``width`` of None it only takes rejects: the rows are there already.
    """

    def __init__(self, workspace: Workspace, name: str, limits: Limits, width: int | None = 0) -> None:
        self._connection = workspace.connection
        self._name, self._limits = name, limits
        self._lines: list[int] = []
        self._records: list[Sequence[str | None]] = []
        self._characters = 0
        self._rejected: list[tuple[int, str, str]] = []
        self.width = self._made = 0
        self.rows = 0
        self.rejects = 0
        if width is not None:
            clear_rows(self._connection)
            self._connection.execute(f"CREATE TABLE {ROWS} (line BIGINT)")
            self.widen(width)
            self._make_columns()

    def widen(self, width: int) -> None:
        """Make room for ``width`` columns; rows already there have nothing in the new ones.

        The table follows with the next batch: a text whose every record has a key of its own would change it at each of them.
        """
        check_width(width, self._name, self._limits)
        self.width = max(width, self.width)

    def _make_columns(self) -> None:
        for index in range(self._made, self.width):
            self._connection.execute(f"ALTER TABLE {ROWS} ADD COLUMN {staged_name(index)} VARCHAR")
        self._made = self.width

    def add(self, line: int, cells: Sequence[str | None], size: int) -> None:
        """One row; ``cells`` may be shorter than the table, ``size`` is its weight in characters."""
        if size > self._limits.max_cell_bytes // 4:
            self._check_cells(line, cells)
        self._lines.append(line)
        self._records.append(cells)
        self._characters += size
        count = len(self._records)
        if count >= BATCH_ROWS or self._characters >= BATCH_CHARACTERS or count * self.width >= BATCH_CELLS:
            self.flush()

    def _check_cells(self, line: int, cells: Sequence[str | None]) -> None:
        for cell in cells:
            if cell and len(cell.encode("utf-8", "surrogatepass")) > self._limits.max_cell_bytes:
                raise too_large(self._name, line, self._limits)

    def reject(self, line: int, reason: str, content: str) -> None:
        """One line that is not a row; its content is kept up to ``REJECTED_CONTENT`` characters."""
        self._rejected.append((line, reason, content.rstrip("\r\n")[:REJECTED_CONTENT]))
        self.rejects += 1
        if len(self._rejected) >= BATCH_ROWS // 10:
            self.flush()

    def flush(self) -> None:
        """Hand the pending rows and rejects to the database."""
        self._make_columns()
        if self._records:
            self._insert(ROWS, _columns(self._lines, self._records, self.width))
            self.rows += len(self._records)
            self._lines, self._records, self._characters = [], [], 0
        if self._rejected:
            lines, reasons, contents = zip(*self._rejected, strict=True)
            self._insert(
                REJECTS, [pa.array(lines, pa.int64()), pa.array(reasons, pa.string()), pa.array(contents, pa.string())]
            )
            self._rejected = []

    def _insert(self, table: str, arrays: list[pa.Array]) -> None:
        batch = pa.table(arrays, names=[str(rank) for rank in range(len(arrays))])
        self._connection.register("batch", batch)
        try:
            self._connection.execute(f"INSERT INTO {table} SELECT * FROM batch")
        finally:
            self._connection.unregister("batch")

    def finish(
        self, headers: Sequence[str], notes: Sequence[Note] = (), hints: Sequence[ColumnType | None] | None = None
    ) -> StagedTable:
        """Write what is pending; the staged table, under ``headers``."""
        self.flush()
        columns = tuple(
            StagedColumn(staged_name(rank), header, hints[rank] if hints else None)
            for rank, header in enumerate(headers)
        )
        return StagedTable(columns, self.rows, self.rejects, tuple(notes))


def too_large(name: str, line: int, limits: Limits) -> UnsafeFile:
    """The error for a cell beyond the limit, near ``line``."""
    return CellTooLarge(file=name, line=line, limit_mb=limits.max_cell_bytes // 1024**2)


def _columns(lines: list[int], records: list[Sequence[str | None]], width: int) -> list[pa.Array]:
    if any(len(record) != width for record in records):
        records = [[*record, *[None] * (width - len(record))] for record in records]
    arrays = [pa.array(lines, pa.int64())]
    arrays += [_column(column) for column in zip(*records, strict=True)]
    return arrays


def _column(cells: Sequence[str | None]) -> pa.Array:
    """Empty text is no value; halves of characters (JSON can escape them) become the sign of the unreadable."""
    try:
        return pa.array([cell or None for cell in cells], pa.string())
    except UnicodeEncodeError:
        whole = [
            cell.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if cell else None for cell in cells
        ]
        return pa.array(whole, pa.string())


def drop_empty_columns(workspace: Workspace, staged: StagedTable, *, trailing_only: bool) -> StagedTable:
    """Leave out columns without header and without any value, with a note; ROWS loses them too."""
    empty = []
    for column in reversed(staged.columns):
        if column.header.strip():
            if trailing_only:
                break
            continue
        filled = workspace.connection.execute(
            f"SELECT 1 FROM {ROWS} WHERE {column.name} IS NOT NULL LIMIT 1"
        ).fetchone()
        if filled is None:
            empty.append(column)
        elif trailing_only:
            break
    remaining = tuple(column for column in staged.columns if column not in empty)
    if not empty or not remaining:
        return staged
    _keep_only(workspace.connection, [column.name for column in remaining])
    note = Note("empty-columns-dropped", {"count": len(empty)})
    return StagedTable(remaining, staged.rows, staged.rejects, (*staged.notes, note))


def _keep_only(connection: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    """Leave only the columns ``names`` in ROWS, be it a table or a view over RAW."""
    described = connection.execute(f"DESCRIBE {ROWS}").fetchall()
    if connection.execute("SELECT 1 FROM duckdb_views() WHERE view_name = ?", [ROWS]).fetchone():
        first = connection.execute(f"SELECT line FROM {ROWS} LIMIT 1").fetchone()
        offset = int(first[0]) if first else 0
        columns = ", ".join(names)
        connection.execute(f"CREATE OR REPLACE VIEW {ROWS} AS SELECT rowid + {offset} AS line, {columns} FROM {RAW}")
        return
    for name in (row[0] for row in described if row[0] != "line" and row[0] not in names):
        connection.execute(f"ALTER TABLE {ROWS} DROP COLUMN {name}")
