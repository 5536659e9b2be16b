"""A table that came in several files of one archive, or in several sheets, by year or by department: read one after another, as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.formats.archive_members import ALIKE, listed
from parvis.core.formats.job import Job, Outcome
from parvis.core.formats.options import ReadOptions
from parvis.core.formats.readers import READER_BY_NAME
from parvis.core.formats.refusals import SeveralTables
from parvis.core.formats.sink import check_width, clear_rows, staged_name
from parvis.core.staging import REJECTS, ROWS, Note, StagedColumn, StagedTable, Workspace, quote_identifier
from parvis.core.text import header_key

HEADER = "fichier"
"""Header of the column that says of which file each row is."""
SHEET_HEADER = "feuille"
_UNION, _FILE = "staged_parts", "part"


def read_parts(job: Job, parts: Sequence[tuple[str, Path, str]]) -> Outcome:
    """Stage the rows of all ``parts`` (format, file, name) and a last column with the name of their file.

    Lines go on from one file to the next. SeveralTables when a part has too many other columns, unless a pattern asked for all
    of them: the choice is not ours then.
    """
    union = _Union(job, [(name, path.stat().st_size) for _, path, name in parts])
    asked_for = job.options.parts_pattern() is not None
    reading: dict[str, Any] = {}
    for format_, path, name in parts:
        options = _as_before(job.options, reading) if format_ == "csv" and not asked_for else job.options
        part = replace(job, path=path, format=format_, name=name, options=options)
        staged, choices = READER_BY_NAME[format_].read(part)
        reading = reading or choices
        union.add(staged, name)
    return union.finish(), reading


def _as_before(options: ReadOptions, reading: Mapping[str, Any]) -> ReadOptions:
    """The options, with the layout that the first part had: files of one line say little of theirs."""
    if not reading:
        return options
    line = reading["header_line"] if options.header_line is None else options.header_line
    delimiter = reading["delimiter"] if options.delimiter is None else options.delimiter
    return replace(options, header_line=line, delimiter=delimiter)


def read_sheets(job: Job, sheets: Sequence[str]) -> Outcome:
    """Stage the rows of all these sheets of a workbook, and a last column with the name of their sheet."""
    size = job.path.stat().st_size
    union = _Union(job, [(sheet, size) for sheet in sheets], SHEET_HEADER)
    reading: dict[str, Any] = {}
    for sheet in sheets:
        staged, choices = READER_BY_NAME[job.format].read(replace(job, options=replace(job.options, sheet=sheet)))
        reading = reading or choices
        union.add(staged, sheet)
    return union.finish(), {**reading, "sheet": job.options.sheet}


class _Union:
    """The rows of the parts read so far, and their columns."""

    def __init__(self, job: Job, sizes: Sequence[tuple[str, int]], header: str = HEADER) -> None:
        self._header, self._is_asked_for = header, job.options.parts_pattern() is not None
        self._job, self._sizes, self._connection = job, sizes, job.workspace.connection
        self._columns: dict[str, str] = {}  # type by header
        self._hints: dict[str, ColumnType | None] = {}
        self._partial: dict[str, None] = {}
        self._folded: dict[str, str] = {}
        self._notes: dict[str, Note] = {}
        self._rows = self._rejects = self._line = self._first = 0
        self._connection.execute(f"CREATE OR REPLACE TABLE {_UNION} (line BIGINT, {_FILE} VARCHAR)")

    def add(self, staged: StagedTable, name: str) -> None:
        """One part more, which its reader has just left in the workspace."""
        staged = self._renamed(staged)
        here = _types(self._job.workspace, staged)
        common = here.keys() & self._columns.keys()
        alike = len(common) >= ALIKE * max(len(here), self._first or len(here))  # as many as the first part has, too
        if len(here) < len(staged.columns) or (
            self._columns and not self._is_asked_for and not (len(common) > 1 and alike)
        ):
            self._refuse()
        if any(here[header] != self._columns[header] for header in common):
            self._refuse()
        if self._columns:
            self._partial |= dict.fromkeys(header for header in (*self._columns, *here) if header not in common)
        self._first = self._first or len(here)
        self._widen(here)
        ranks = {header: rank for rank, header in enumerate(self._columns)}
        into = ", ".join(staged_name(ranks[column.header]) for column in staged.columns)
        taken = ", ".join(quote_identifier(column.name) for column in staged.columns)
        self._connection.execute(
            f"INSERT INTO {_UNION} (line, {_FILE}, {into}) SELECT line + $1, $2, {taken} FROM {ROWS}",
            [self._line, PurePosixPath(name).name],
        )
        self._connection.execute(
            f"UPDATE {REJECTS} SET line = line + $1 WHERE rowid >= $2", [self._line, self._rejects]
        )
        for column in staged.columns:
            before = self._hints.get(column.header, column.hint)
            self._hints[column.header] = _common(before, column.hint)
        self._notes = {note.code: note for note in staged.notes} | self._notes
        self._rows, self._rejects = self._rows + staged.rows, self._rejects + staged.rejects
        row = self._connection.execute(
            f"SELECT greatest((SELECT max(line) FROM {_UNION}), (SELECT max(line) FROM {REJECTS}), 0)"
        ).fetchone()
        self._line = int(row[0]) if row else 0

    def _renamed(self, staged: StagedTable) -> StagedTable:
        """The part, its columns called as those before are when the names differ by capitals and accents only."""
        here = {column.header for column in staged.columns}
        before = {header_key(header): header for header in reversed(self._columns) if header not in here}
        columns = []
        for column in staged.columns:
            former = None if column.header in self._columns else before.pop(header_key(column.header), None)
            if former is not None:
                self._folded[column.header] = former
            columns.append(column if former is None else replace(column, header=former))
        return replace(staged, columns=tuple(columns))

    def _widen(self, here: Mapping[str, str]) -> None:
        """Make room for columns that no part had before."""
        for header, kind in here.items():
            if header not in self._columns:
                name = staged_name(len(self._columns))
                self._connection.execute(f"ALTER TABLE {_UNION} ADD COLUMN {name} {kind}")
                self._columns[header] = kind
        check_width(len(self._columns) + 1, self._job.name, self._job.limits)

    def _refuse(self) -> None:
        clear_rows(self._connection)
        self._connection.execute(f"DROP TABLE IF EXISTS {_UNION}")
        raise SeveralTables(**listed(self._job.name, self._sizes))

    def finish(self) -> StagedTable:
        """The union in the place of the rows."""
        clear_rows(self._connection)
        names = [staged_name(rank) for rank in range(len(self._columns) + 1)]
        with_file = self._job.options.file_column is not False
        file = f", {_FILE} AS {names[-1]}" if with_file else ""
        self._connection.execute(f"CREATE TABLE {ROWS} AS SELECT line, {', '.join(names[:-1])}{file} FROM {_UNION}")
        self._connection.execute(f"DROP TABLE {_UNION}")
        title = self._header if self._header not in self._columns else f"{self._header} d’origine"
        columns = [
            StagedColumn(name, header, self._hints[header])
            for name, header in zip(names[:-1], self._columns, strict=True)
        ]
        if with_file:
            columns.append(StagedColumn(names[-1], title, ColumnType.TEXT))
        files = [PurePosixPath(name).name for name, _ in self._sizes]
        code = "archive-parts" if with_file and not self._is_asked_for else "parts-joined"
        notes = [Note(code, {"count": len(files), "files": files, "header": title})]
        if self._partial:
            notes.append(Note("archive-parts-differ", {"columns": list(self._partial)}))
        if self._folded:
            pairs = [f"{there} → {here}" for there, here in self._folded.items()]
            notes.append(Note("parts-columns-folded", {"columns": pairs}))
        return StagedTable(tuple(columns), self._rows, self._rejects, (*notes, *self._notes.values()))


def _types(workspace: Workspace, staged: StagedTable) -> dict[str, str]:
    """The type of each column in the database, by its header."""
    described = {row[0]: row[1] for row in workspace.connection.execute(f"DESCRIBE {ROWS}").fetchall()}
    return {column.header: str(described[column.name]) for column in staged.columns}


def _common(before: ColumnType | None, here: ColumnType | None) -> ColumnType | None:
    if {before, here} == {ColumnType.INT, ColumnType.DOUBLE}:
        return ColumnType.DOUBLE
    return before if before is here else None
