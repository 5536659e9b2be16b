"""What steps make of the first rows of a file, shown before anything is imported; called in a confined child."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.connections import parquet_rows, path_literal
from parvis.core.errors import ParvisError
from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.formats.sink import clear_rows
from parvis.core.staging import ROWS, StagedColumn, StagedTable, Workspace, open_workspace, quote_identifier
from parvis.core.transforms import Step, apply_steps
from parvis.core.transforms.model import NO_TABLES, SideTable
from parvis.core.transforms.preparation.national import AddressesToAsk
from parvis.core.transforms.preparation.work import first_failures

SAMPLE = 5_000
"""Rows of the file on which steps are tried."""
SHOWN = 20
_LONGEST = 200
_AT_WORK = "step-at-work"


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows as text: headers, the line of each row, its cells."""

    headers: list[str]
    lines: list[int]
    cells: list[list[str]]
    total: int = 0
    """Rows of the whole sample."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows before and after a step, what each step did, where it failed, and the error that stopped it if one did."""

    before: Rows
    after: Rows
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    failures: list[list[Any]] = field(default_factory=list)
    """Line, rank of the step, column, value, reason."""
    failed_step: int = 0
    """Rank of the step that could not be done, from 1; 0 when all were."""
    error: str = ""
    is_sample: bool = False


def preview(
    path: Path,
    *,
    name: str,
    work: Path,
    steps: Sequence[Step],
    options: ReadOptions | None = None,
    tables: Mapping[str, SideTable] = NO_TABLES,
    secret: bytes = b"",
    memory: str = "384MB",
    language: str = "fr",
    sample: Path | None = None,
    new_sample: Path | None = None,
    seconds: float = 0,
) -> Preview:
    """The table before the last of the steps and after it; a step that will not do is told with the rows as it left them.

    The first rows are written to ``new_sample``, so that the next preview, given them as ``sample``, does without the file.
    Each step has ``seconds``, if they are given; ``step_at_work`` tells which one a child that was ended was at.
    """
    with open_workspace(work, memory=memory) as workspace:
        if sample is not None:
            staged, is_sample = _read_sample(workspace, sample)
        else:
            staged, _detected = read(path, workspace, options or ReadOptions(), name=name)
            is_sample = staged.rows > SAMPLE
            staged = _cut(workspace, staged)
            if new_sample is not None:
                _write_sample(workspace, staged, new_sample, is_sample=is_sample)
        before = after = _first(workspace, staged)
        outcomes: list[dict[str, Any]] = []
        failed, error = 0, ""
        for rank, step in enumerate(steps, 1):
            before = after
            (work / _AT_WORK).write_text(str(rank))
            try:
                staged, (outcome,) = apply_steps(
                    workspace, staged, [step], secret=secret, tables=tables, first_rank=rank, seconds=seconds
                )
            except AddressesToAsk:
                raise
            except ParvisError as reason:
                failed, error = rank, f"{reason.message(language)} {reason.hint(language)}".strip()
                break
            outcomes.append(outcome.to_dict())
            after = _first(workspace, staged)
        failures = [list(failure) for failure in first_failures(workspace.connection)]
        return Preview(before, after, outcomes, failures, failed, error, is_sample)


def step_at_work(work: Path) -> int:
    """The rank of the step that a preview in that folder had begun; 0 when it still read the file."""
    path = work / _AT_WORK
    text = path.read_text() if path.is_file() else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _cut(workspace: Workspace, staged: StagedTable) -> StagedTable:
    if staged.rows <= SAMPLE:
        return staged
    connection = workspace.connection
    connection.execute(f"CREATE TABLE first_rows AS SELECT * FROM {ROWS} LIMIT {SAMPLE}")
    clear_rows(connection)
    connection.execute(f"ALTER TABLE first_rows RENAME TO {ROWS}")
    return StagedTable(staged.columns, SAMPLE, staged.rejects, staged.notes)


def _write_sample(workspace: Workspace, staged: StagedTable, path: Path, *, is_sample: bool) -> None:
    columns = [[column.name, column.header, column.hint and column.hint.value] for column in staged.columns]
    facts = json.dumps({"columns": columns, "rejects": staged.rejects, "is_sample": is_sample})
    literal = "'" + facts.replace("'", "''") + "'"
    workspace.connection.execute(
        f"COPY (SELECT * FROM {ROWS}) TO {path_literal(path)} (FORMAT parquet, KV_METADATA {{parvis: {literal}}})"
    )


def _read_sample(workspace: Workspace, path: Path) -> tuple[StagedTable, bool]:
    connection = workspace.connection
    row = connection.execute(
        f"SELECT decode(value) FROM parquet_kv_metadata({path_literal(path)}) WHERE decode(key) = 'parvis'"
    ).fetchone()
    facts = json.loads(row[0] if row else "{}")
    clear_rows(connection)
    connection.execute(f"CREATE TABLE {ROWS} AS SELECT * FROM {parquet_rows([path])}")
    columns = [
        StagedColumn(name, header, ColumnType(hint) if hint else None) for name, header, hint in facts["columns"]
    ]
    count = connection.execute(f"SELECT count(*) FROM {ROWS}").fetchone()
    return StagedTable(tuple(columns), int(count[0]) if count else 0, facts["rejects"]), facts["is_sample"]


def _first(workspace: Workspace, staged: StagedTable) -> Rows:
    kinds = dict(workspace.connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {ROWS})").fetchall())
    cells = ", ".join(_text(column.name, str(kinds[column.name])) for column in staged.columns)
    rows = workspace.connection.execute(f"SELECT coalesce(line, 0), {cells} FROM {ROWS} LIMIT {SHOWN}").fetchall()
    return Rows(
        [column.header or column.name for column in staged.columns],
        [int(row[0]) for row in rows],
        [["" if cell is None else str(cell) for cell in row[1:]] for row in rows],
        staged.rows,
    )


def _text(name: str, kind: str) -> str:
    cell = quote_identifier(name)
    return f"left({f'ST_AsText({cell})' if kind.startswith('GEOMETRY') else cell + '::VARCHAR'}, {_LONGEST})"
