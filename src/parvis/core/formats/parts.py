"""A table that came in several files of one archive, by year or by department: read one after another, as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.formats.archive_members import listed
from parvis.core.formats.job import Job, Outcome
from parvis.core.formats.options import ReadOptions
from parvis.core.formats.readers import READER_BY_NAME
from parvis.core.formats.refusals import SeveralTables
from parvis.core.formats.sink import check_width, clear_rows, staged_name
from parvis.core.staging import REJECTS, ROWS, Note, StagedColumn, StagedTable, Workspace, quote_identifier

HEADER = "fichier"
"""Header of the column that says of which file each row is."""
_UNION = "staged_parts"


def read_parts(job: Job, parts: Sequence[tuple[str, Path, str]]) -> Outcome:
    """Stage the rows of all ``parts`` (format, file, name) and a last column with the name of their file.

    Lines go on from one file to the next. SeveralTables when a part has other columns than the first: the choice is not ours then.
    """
    union = _Union(job, [(name, path.stat().st_size) for _, path, name in parts])
    reading: dict[str, Any] = {}
    for format_, path, name in parts:
        options = _as_before(job.options, reading) if format_ == "csv" else job.options
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


class _Union:
    """The rows of the parts read so far."""

    def __init__(self, job: Job, sizes: Sequence[tuple[str, int]]) -> None:
        self._job, self._sizes = job, sizes
        self._first: StagedTable | None = None
        self._types: list[str] = []
        self._hints: list[ColumnType | None] = []
        self._notes: dict[str, Note] = {}
        self._rows = self._rejects = self._line = 0

    def add(self, staged: StagedTable, name: str) -> None:
        """One part more, which its reader has just left in the workspace."""
        connection = self._job.workspace.connection
        headers = [column.header for column in staged.columns]
        if self._first is None:
            check_width(len(headers) + 1, self._job.name, self._job.limits)
            self._first, self._hints = staged, [column.hint for column in staged.columns]
            self._types = _types(self._job.workspace, staged)
            definitions = ", ".join(
                f"{staged_name(rank)} {kind}" for rank, kind in enumerate((*self._types, "VARCHAR"))
            )
            connection.execute(f"CREATE OR REPLACE TABLE {_UNION} (line BIGINT, {definitions})")
        expected = [column.header for column in self._first.columns]
        if sorted(headers) != sorted(expected) or len(set(headers)) < len(headers):
            self._refuse()
        columns = [staged.columns[headers.index(header)] for header in expected]
        if _types(self._job.workspace, replace(staged, columns=tuple(columns))) != self._types:
            self._refuse()
        taken = ", ".join(f"{quote_identifier(column.name)}" for column in columns)
        connection.execute(
            f"INSERT INTO {_UNION} SELECT line + $1, {taken}, $2 FROM {ROWS}", [self._line, PurePosixPath(name).name]
        )
        connection.execute(f"UPDATE {REJECTS} SET line = line + $1 WHERE rowid >= $2", [self._line, self._rejects])
        self._hints = [_common(*pair) for pair in zip(self._hints, [column.hint for column in columns], strict=True)]
        self._notes = {note.code: note for note in staged.notes} | self._notes
        self._rows, self._rejects = self._rows + staged.rows, self._rejects + staged.rejects
        row = connection.execute(
            f"SELECT greatest((SELECT max(line) FROM {_UNION}), (SELECT max(line) FROM {REJECTS}), 0)"
        ).fetchone()
        self._line = int(row[0]) if row else 0

    def _refuse(self) -> None:
        clear_rows(self._job.workspace.connection)
        self._job.workspace.connection.execute(f"DROP TABLE IF EXISTS {_UNION}")
        raise SeveralTables(**listed(self._job.name, self._sizes))

    def finish(self) -> StagedTable:
        """The union in the place of the rows."""
        connection = self._job.workspace.connection
        first = self._first or StagedTable((), 0, 0)
        clear_rows(connection)
        connection.execute(f"ALTER TABLE {_UNION} RENAME TO {ROWS}")
        headers = [column.header for column in first.columns]
        title = HEADER if HEADER not in headers else "fichier de l’archive"
        columns = [
            StagedColumn(staged_name(rank), header, hint)
            for rank, (header, hint) in enumerate(zip((*headers, title), (*self._hints, ColumnType.TEXT), strict=True))
        ]
        files = [PurePosixPath(name).name for name, _ in self._sizes]
        note = Note("archive-parts", {"count": len(files), "files": files, "header": title})
        return StagedTable(tuple(columns), self._rows, self._rejects, (note, *self._notes.values()))


def _types(workspace: Workspace, staged: StagedTable) -> list[str]:
    described = {row[0]: row[1] for row in workspace.connection.execute(f"DESCRIBE {ROWS}").fetchall()}
    return [str(described[column.name]) for column in staged.columns]


def _common(before: ColumnType | None, here: ColumnType | None) -> ColumnType | None:
    if {before, here} == {ColumnType.INT, ColumnType.DOUBLE}:
        return ColumnType.DOUBLE
    return before if before is here else None
