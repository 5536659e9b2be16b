"""Checking a table against a schema: what looks at each table of an import, and the same for a file alone or typed rows."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.mapping import Mapping as ColumnMapping
from parvis.core.mapping import Portrait, detect_schema, portray, propose_mapping
from parvis.core.profiling.plans import ColumnGuess
from parvis.core.progress import Progress, no_progress
from parvis.core.readings.model import Certainty
from parvis.core.repairs import propose, steps_of
from parvis.core.schemas import TableSchema
from parvis.core.schemas.references import SchemaRef
from parvis.core.staging import ROWS, StagedColumn, StagedTable, Workspace, open_workspace
from parvis.core.transforms import Step, apply_steps
from parvis.core.transforms.model import NO_TABLES, SideTable
from parvis.core.validation.messages import sentence
from parvis.core.validation.model import Report
from parvis.core.validation.reports.files import SHOWN_CELL, rows_around, write_reports
from parvis.core.validation.reports.rows import open_rows, rows_of_staged
from parvis.core.validation.validator import MEMORY, validate, validate_staged

CORRECTED = "corrige.csv"
"""The name of a corrected file among those of its report."""
MOST_PROPOSALS = 300
SAMPLES = 3
_NO_OPTIONS = ReadOptions()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A schema that a file may follow, and how people call it."""

    schema: TableSchema
    title: str


@dataclass(frozen=True, slots=True)
class SchemaInspector:
    """Looks at a table through a schema; without one, tells which schemas it may follow.

    ``folder`` receives the full report as ``rapport.csv``, ``.json`` and ``.xlsx``; ``assist`` adds what helps to mend the
    file: how its columns match, corrections, which of the ``candidates`` it may follow. ``raw`` is the file as it came, known
    from an earlier look, where a mapping has already been applied.
    """

    against: tuple[SchemaRef, TableSchema] | None
    folder: Path | None = None
    assist: bool = False
    raw: Mapping[str, Any] | None = None
    candidates: tuple[Candidate, ...] = ()
    name: str = "schema"

    def __call__(self, workspace: Workspace, staged: StagedTable, guesses: Sequence[ColumnGuess]) -> dict[str, Any]:
        """``{"name", "version", "title", "report", "around", …}``, ready for JSON."""
        portrait = portray(workspace, staged) if self.assist else None
        inspection: dict[str, Any] = {}
        if portrait is not None:
            inspection["file"] = dict(self.raw) if self.raw else _file_of(portrait)
            if self.against is None:
                inspection["detected"] = _detected(portrait, self.candidates)
        if self.against is None:
            return inspection
        ref, schema = self.against
        folder = self.folder or workspace.folder / "faults"
        report = validate_staged(workspace, staged, schema, folder)
        inspection |= described(ref, schema, report)
        rows = rows_of_staged(workspace, staged)
        inspection["around"] = rows_around(report, rows)
        if portrait is not None:
            inspection["mapping"] = _mapping(propose_mapping(portrait, schema))
            inspection["proposals"] = [proposal.to_dict() for proposal in propose(workspace, staged, schema)][
                :MOST_PROPOSALS
            ]
        if self.folder is not None:
            write_reports(report, schema, self.folder, rows)
        return inspection


def described(ref: SchemaRef, schema: TableSchema, report: Report) -> dict[str, Any]:
    """A report with the schema it is about, ready for JSON."""
    title = schema.title or ref.name
    return {
        "origin": str(ref.origin),
        "name": ref.name,
        "version": ref.version,
        "title": title,
        "report": {**report.to_dict(), "schema": ref.name, "version": ref.version},
    }


def check_file(
    path: Path,
    *,
    name: str,
    work: Path,
    inspector: SchemaInspector,
    options: ReadOptions = _NO_OPTIONS,
    steps: Sequence[Step] = (),
    secret: bytes = b"",
    memory: str = "384MB",
    progress: Progress = no_progress,
    tables: Mapping[str, SideTable] = NO_TABLES,
) -> dict[str, Any]:
    """Read a file, apply the steps, and give what the inspector finds; raises the refusals of the readers and of the steps.

    Nothing of the file is left in ``work``.
    """
    with open_workspace(work, memory=memory) as workspace:
        staged, _found = read(path, workspace, options, progress=progress, name=name)
        staged, _outcomes = apply_steps(workspace, staged, steps, secret=secret, tables=tables)
        return inspector(workspace, staged, ())


def _file_of(portrait: Portrait) -> dict[str, Any]:
    """The file as it came: its headers, and a few values of each column."""
    samples = {
        header: [value[:SHOWN_CELL] for value in values[:SAMPLES]]
        for header, values in zip(portrait.headers, portrait.values, strict=True)
    }
    return {"headers": list(portrait.headers), "samples": samples}


def _detected(portrait: Portrait, candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    titles = {(row.schema.name, row.schema.version): row.title for row in candidates}
    return [
        {
            "name": match.schema.name,
            "version": match.schema.version,
            "title": titles[match.schema.name, match.schema.version],
            "score": match.score,
            "reasons": [{"code": reason.code, "details": dict(reason.details)} for reason in match.reasons],
        }
        for match in detect_schema(portrait, [row.schema for row in candidates])
    ]


def _mapping(mapping: ColumnMapping) -> dict[str, Any]:
    return {
        "matches": [
            {
                "field": match.field,
                "required": match.required,
                "source": dict(match.source),
                "score": match.score,
                "reasons": [{"code": reason.code, "details": dict(reason.details)} for reason in match.reasons],
                "others": list(match.others),
            }
            for match in mapping.matches
        ],
        "left": list(mapping.left),
        "missing": list(mapping.missing),
        "needed": mapping.is_needed,
    }


def check_upload(
    path: Path,
    *,
    name: str,
    work: Path,
    against: tuple[SchemaRef, TableSchema],
    strict: bool,
    report_folder: Path,
    endings: Sequence[str],
    language: str = "fr",
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Check a file as it is, the files of the full report in ``report_folder``; with all endings, excerpts and corrections too."""
    ref, schema = against
    report = validate(path, schema, work / "faults", strict=strict, name=name, progress=progress)
    inspection = described(ref, schema, report)
    if "xlsx" not in endings or not report.rows:
        write_reports(report, schema, report_folder, None, language, endings)
        return inspection
    with open_rows(path, schema, work, name=name, strict=strict) as rows:
        inspection["around"] = rows_around(report, rows)
        write_reports(report, schema, report_folder, rows, language, endings)
    with open_workspace(work, memory=MEMORY) as workspace:
        staged, _detected = read(path, workspace, _NO_OPTIONS, progress=progress, name=name)
        proposals = propose(workspace, staged, schema)
    inspection["proposals"] = [proposal.to_dict() for proposal in proposals[:MOST_PROPOSALS]]
    return inspection


def correct_upload(
    path: Path,
    *,
    name: str,
    work: Path,
    schema: TableSchema,
    target: Path,
    progress: Progress = no_progress,
) -> int:
    """Write the file as CSV (UTF-8, commas) with every sure correction made, and no other; how many kinds of them."""
    with open_workspace(work, memory=MEMORY) as workspace:
        staged, _detected = read(path, workspace, _NO_OPTIONS, progress=progress, name=name)
        sure = [
            row for row in propose(workspace, staged, schema) if row.certainty is Certainty.SURE and not row.choices
        ]
        steps = steps_of([(proposal, "") for proposal in sure])
        staged, _outcomes = apply_steps(workspace, staged, steps)
        with target.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\r\n")
            writer.writerow([column.header for column in staged.columns])
            writer.writerows(cells for _number, cells in rows_of_staged(workspace, staged))
    return len(steps)


@dataclass(frozen=True, slots=True)
class CellFault:
    """A fault of typed rows, in words: ``row`` counts from 2, the header being 1; ``column`` None for the whole row."""

    row: int
    column: str | None
    text: str


@dataclass(frozen=True, slots=True)
class RowFaults:
    """The faults of typed rows, the first ``MOST_TOLD`` in words."""

    items: list[CellFault]
    total: int


MOST_TOLD = 2_000


def check_rows(
    columns: Sequence[str], rows: Sequence[Sequence[str]], schema: TableSchema | None, work: Path, language: str = "fr"
) -> RowFaults:
    """Check rows that a person is typing; nothing is asked of them without a schema. Rows of which every cell is empty do not count."""
    filled = [(place, row) for place, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)]
    if schema is None or not filled:
        return RowFaults([], 0)
    names = [f"c{rank}" for rank in range(len(columns))]
    with open_workspace(work, memory="128MB") as workspace:
        table = pa.table(
            {
                "line": pa.array([place for place, _row in filled], pa.int64()),
                **{
                    name: pa.array(
                        [row[rank] if rank < len(row) and row[rank] else None for _place, row in filled], pa.string()
                    )
                    for rank, name in enumerate(names)
                },
            }
        )
        workspace.connection.register("typed", table)
        workspace.connection.execute(f"CREATE TABLE {ROWS} AS SELECT * FROM typed")
        staged = StagedTable(
            tuple(StagedColumn(name, header) for name, header in zip(names, columns, strict=True)), len(filled), 0
        )
        report = validate_staged(workspace, staged, schema, workspace.folder / "faults")
        shown_faults = itertools.islice((fault for fault in report.faults if fault.row), MOST_TOLD)
        items = [CellFault(fault.row or 0, fault.column, sentence(fault, schema, language)) for fault in shown_faults]
    return RowFaults(items, report.total)
