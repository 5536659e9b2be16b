"""A staged table and its plan become a version: Parquet, manifest, original, in a folder that then never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pyarrow.parquet as pq

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.connections import parquet_rows, path_literal
from parvis.core.errors import OperationError, RequestError
from parvis.core.long_statements import execute_watched
from parvis.core.profiling.plans import ColumnGuess, ColumnPlan
from parvis.core.profiling.table import parser_named
from parvis.core.progress import Progress, no_progress
from parvis.core.staging import REJECTS, ROWS, SET_ASIDE, Note, StagedTable, Workspace, quote_identifier
from parvis.core.transforms.preparation.work import FAILURES
from parvis.core.translation import gettext_noop
from parvis.core.versions.folders import RowsLost, copy_with_digest, file_digest, new_folder, safe_name
from parvis.core.versions.manifest import ColumnProfile, Manifest, Original, Part, write_manifest
from parvis.core.versions.misfits import (
    MisfitPolicy,
    MisfitReport,
    MisfitValues,
    find_misfits,
    keep_as_text,
    misfit_condition,
    missing_condition,
)
from parvis.core.versions.missing import MissingCounts, count_missing, listed_cells, with_missing_notes
from parvis.core.versions.statistics import profile_columns, read_extent, worth_a_facet

PART = "part-0.parquet"
NULLED = "nulled.parquet"
REJECTED = "rejects.parquet"
FAILED = "failures.parquet"
OVERLAID, DELIVERED = "overlay.parquet", "delivered.parquet"
"""What became of accepted contributions; the rows that they changed or removed, as the source delivered them."""
ROW, LINE = "__row", "__line"
ROW_GROUP = 100_000
HILBERT_FROM = 50_000
"""From this many shapes on, rows are sorted so that neighbours lie together; below, the order of the source is kept."""

_PARQUET = f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, GEOPARQUET_VERSION 'BOTH')"
"""Both forms of GeoParquet in one file: readers of the first find its notes, and the second holds the box of each group of
rows, which lets the engine skip those that a tile does not need."""


_DICTIONARIES, _DICTIONARY = 96 * 1024 * 1024, 1024 * 1024
"""Bytes that the writer may take for the dictionaries of all columns of text, and for one of them: DuckDB takes the latter at once
for each, so that six hundred columns of sixty rows did not fit in an import's memory."""


class NoColumns(RequestError):
    """Every column was dropped."""

    code: ClassVar[str] = "no-columns"
    sentence: ClassVar[str] = gettext_noop("Aucune colonne n’est gardée.")


class ValuesLost(OperationError):
    """A cell that holds something came out empty: the plan was made on a sample and the table does not follow it."""

    code: ClassVar[str] = "values-lost"
    sentence: ClassVar[str] = gettext_noop(
        "{count} valeurs de la colonne « {column} » n’ont pas été retrouvées après l’écriture."
    )


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a table came from: the original file and its name, its format and how it was read, its source."""

    original: Path
    name: str
    format: str
    source: str
    reading: Mapping[str, Any] = field(default_factory=dict)
    copied: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """What the manifest tells beside the rows: changes made since the original, and what inspectors found."""

    lineage: Sequence[Mapping[str, Any]] = ()
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    overlay: tuple[str, str] | None = None
    """The tables of what became of accepted contributions and of the rows as they were delivered; None when none were laid."""


NO_ACCOUNT = Account()


def write_version(
    workspace: Workspace,
    staged: StagedTable,
    guesses: Sequence[ColumnGuess],
    *,
    detected_format: str,
    reading: Mapping[str, Any],
    original: Path,
    source: str,
    destination: Path,
    version: str,
    policy: MisfitPolicy = MisfitPolicy.STOP,
    progress: Progress = no_progress,
    name: str | None = None,
    notes: Sequence[Note] = (),
    account: Account = NO_ACCOUNT,
    copied: bool = True,
) -> Manifest:
    """Write ``destination/<version>/`` in one step and return its manifest; ``name`` is the original's name for people.

    Unless ``copied``, the original is told in the manifest and left where it is: see ``core.versions.adoption``.

    MisfitValues when values do not fit and ``policy`` is STOP; ValuesLost when a guess said to be certain was not;
    WriteFailed when the machine could not; what ``progress`` raises stops the work. In each case nothing is left.
    """
    if not guesses:
        raise NoColumns
    workspace.connection.execute("SET TimeZone = 'UTC'")
    provenance = Provenance(original, name or original.name, detected_format, source, reading, copied)
    report = find_misfits(workspace, guesses)
    if report.total and policy is MisfitPolicy.STOP:
        raise MisfitValues(file=provenance.name, report=report)
    if policy is MisfitPolicy.TEXT:
        guesses, report = keep_as_text(guesses, report), MisfitReport()
    # What is adopted is brought to the disk by its store, once.
    with new_folder(destination, version, synchronised=copied) as folder:
        _write_rows(workspace, staged, [g.plan for g in guesses], folder / PART, progress)
        missing = count_missing(workspace, guesses)
        _write_side_tables(workspace, staged, guesses, report, missing, folder)
        _write_failures(workspace, folder)
        if account.overlay is not None:
            _write_overlay(workspace, [g.plan for g in guesses], *account.overlay, folder)
        stored_original = _keep_original(folder, provenance)
        manifest = _describe(
            workspace, staged, guesses, report, missing, folder, version, stored_original, notes, account
        )
        write_manifest(folder, manifest, synchronised=copied)
        progress("write", staged.rows, staged.rows)
    return manifest


def _write_rows(
    workspace: Workspace, staged: StagedTable, plans: Sequence[ColumnPlan], target: Path, progress: Progress
) -> None:
    rows = f"SELECT {_rank(workspace, staged.rows)} AS {ROW}, line AS {LINE}, {_typed(plans)} FROM {ROWS}"
    rows = (
        f"SELECT * FROM ({rows}) ORDER BY {order}" if (order := _neighbours_first(workspace, staged, plans)) else rows
    )
    texts = sum(plan.column.type is ColumnType.TEXT for plan in plans)
    share = min(_DICTIONARY, _DICTIONARIES // max(texts, 1))
    options = _PARQUET.replace(")", f", STRING_DICTIONARY_PAGE_SIZE_LIMIT {share})")
    sql = f"COPY ({rows}) TO {path_literal(target)} {options}"
    execute_watched(workspace.connection, sql, stage="write", progress=progress, total=staged.rows)
    written = pq.read_metadata(target).num_rows
    if written != staged.rows:
        raise RowsLost(written=written, read=staged.rows)


def _typed(plans: Sequence[ColumnPlan]) -> str:
    """SQL: the columns of a version, from those of a staged table."""
    return ", ".join(
        f"{parser_named(plan.parser).sql(*map(quote_identifier, plan.sources))} AS {quote_identifier(plan.column.name)}"
        for plan in plans
    )


def _write_overlay(
    workspace: Workspace, plans: Sequence[ColumnPlan], verdicts: str, delivered: str, folder: Path
) -> None:
    connection = workspace.connection
    connection.execute(f"COPY {verdicts} TO {path_literal(folder / OVERLAID)} {_PARQUET}")
    exists = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [delivered]).fetchone()
    if exists and exists[0]:
        rows = f"SELECT line AS {LINE}, {_typed(plans)} FROM {delivered}"
        connection.execute(f"COPY ({rows}) TO {path_literal(folder / DELIVERED)} {_PARQUET}")


def _rank(workspace: Workspace, rows: int) -> str:
    """SQL: the rank of a row in the source, from 1; read from the table itself where its rows are numbered without a gap.

    A view numbers the lines of such a table one by one. A window function gives the rank always, but on one thread.
    """
    connection = workspace.connection
    is_table = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [ROWS]).fetchone()
    if is_table and is_table[0]:
        last = connection.execute(f"SELECT max(rowid) FROM {ROWS}").fetchone()
        return "rowid + 1" if last and last[0] == rows - 1 else "row_number() OVER ()"
    line_range = connection.execute(f"SELECT min(line), max(line) FROM {ROWS}").fetchone()
    consecutive = line_range and rows and line_range[1] - line_range[0] + 1 == rows
    return f"line - {line_range[0] - 1}" if line_range and consecutive else "row_number() OVER ()"


def _neighbours_first(workspace: Workspace, staged: StagedTable, plans: Sequence[ColumnPlan]) -> str:
    """SQL: the order that puts neighbours together; empty to keep the order of the source."""
    shown = TableShape(tuple(plan.column for plan in plans)).geometry
    if shown is None or staged.rows <= HILBERT_FROM:
        return ""
    plan = next(plan for plan in plans if plan.column is shown)
    shape = parser_named(plan.parser).sql(*map(quote_identifier, plan.sources))
    box = workspace.connection.execute(
        f"SELECT min(ST_XMin(g)), min(ST_YMin(g)), max(ST_XMax(g)), max(ST_YMax(g)), count(g) FROM (SELECT {shape} AS g FROM {ROWS})"
    ).fetchone()
    if box is None or box[4] <= HILBERT_FROM:
        return ""
    corners = f"{{'min_x': {box[0]!r}, 'min_y': {box[1]!r}, 'max_x': {box[2]!r}, 'max_y': {box[3]!r}}}::BOX_2D"
    return f"ST_Hilbert({quote_identifier(shown.name)}, {corners}), {ROW}"


def _write_side_tables(
    workspace: Workspace,
    staged: StagedTable,
    guesses: Sequence[ColumnGuess],
    report: MisfitReport,
    missing: MissingCounts,
    folder: Path,
) -> None:
    """The refused lines and the emptied cells, when there are any."""
    connection = workspace.connection
    if staged.rejects:
        connection.execute(
            f"COPY (SELECT * FROM {REJECTS} ORDER BY line) TO {path_literal(folder / REJECTED)} {_PARQUET}"
        )
    plans = [g.plan for g in guesses if not g.plan.derived]
    emptied = [(plan, misfit_condition(plan)) for plan in plans if report.of(plan.column.name)]
    if listed_cells(missing):
        emptied += [(plan, missing_condition(plan)) for plan in plans if plan.column.name in missing]
    if not emptied:
        return
    connection.execute('CREATE OR REPLACE TEMP TABLE nulled (line BIGINT, "column" VARCHAR, value VARCHAR)')
    for plan, condition in emptied:
        connection.execute(
            f"INSERT INTO nulled SELECT line, ?, {quote_identifier(plan.sources[0])} FROM {ROWS} WHERE {condition}",
            [plan.column.name],
        )
    connection.execute(
        f'COPY (SELECT * FROM nulled ORDER BY line, "column") TO {path_literal(folder / NULLED)} {_PARQUET}'
    )


def _write_failures(workspace: Workspace, folder: Path) -> None:
    """What steps of preparation could not do, row by row, when there is some."""
    connection = workspace.connection
    exists = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [FAILURES]).fetchone()
    if exists and exists[0]:
        connection.execute(
            f"COPY (SELECT * FROM {FAILURES} ORDER BY line, step) TO {path_literal(folder / FAILED)} {_PARQUET}"
        )


def _keep_original(folder: Path, provenance: Provenance) -> Original:
    """Copy the source, never link it: anyone who owns it may still write into it."""
    name = safe_name(provenance.name)
    if provenance.copied:
        (folder / "original").mkdir()
        digest = copy_with_digest(provenance.original, folder / "original" / name)
    else:
        digest = file_digest(provenance.original)
    return Original(
        file=f"original/{name}",
        bytes=provenance.original.stat().st_size,
        sha256=digest,
        format=provenance.format,
        reading=dict(provenance.reading),
        source=provenance.source,
    )


def _describe(
    workspace: Workspace,
    staged: StagedTable,
    guesses: Sequence[ColumnGuess],
    report: MisfitReport,
    missing: MissingCounts,
    folder: Path,
    version: str,
    original: Original,
    notes: Sequence[Note],
    account: Account,
) -> Manifest:
    part = folder / PART
    relation = parquet_rows([part])
    columns = [g.plan.column for g in guesses]
    profile = {
        name: replace(facts, missing=dict(missing.get(name, {})))
        for name, facts in profile_columns(workspace.connection, relation, columns).items()
    }
    _check_nothing_lost(guesses, profile, staged.rows)
    shape = TableShape(tuple(_finished(c, worth_a_facet(c, profile[c.name], staged.rows)) for c in columns))
    extent = read_extent(part, shape.geometry)
    headers = {column.name: column.header for column in staged.columns}
    return Manifest(
        version=version,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        rows=staged.rows,
        shape=shape,
        parsing={
            g.plan.column.name: {"sources": [headers[s] for s in g.plan.sources], "parser": g.plan.parser}
            for g in guesses
        },
        parts=(Part(PART, staged.rows, part.stat().st_size, file_digest(part)),),
        original=original,
        rejects=staged.rejects,
        aside=lines_aside(workspace) if staged.rejects else 0,
        nulled=report.total + listed_cells(missing),
        missing=listed_cells(missing),
        profile=profile,
        bbox=extent.bbox,
        geometry_types=extent.geometry_types,
        notes=_notes(staged, with_missing_notes(guesses, missing), report, notes),
        lineage=[dict(outcome) for outcome in account.lineage],
        checks={name: dict(found) for name, found in account.checks.items()},
    )


def lines_aside(workspace: Workspace) -> int:
    """How many of the lines set apart were around the table (titles, notes, totals, headers that come again): they are no fault."""
    reasons = ", ".join(f"'{reason}'" for reason in sorted(SET_ASIDE))
    row = workspace.connection.execute(f"SELECT count(*) FROM {REJECTS} WHERE reason IN ({reasons})").fetchone()
    return int(row[0]) if row else 0


def _check_nothing_lost(guesses: Sequence[ColumnGuess], profile: Mapping[str, ColumnProfile], rows: int) -> None:
    """Each column said to fit wholly must hold as many values as its source, whatever the guess was made on."""
    for g in guesses:
        facts = profile[g.plan.column.name]
        lost = facts.nulls - (rows - g.filled) - sum(facts.missing.values())
        if lost and g.confidence == 1 and not g.plan.derived:
            raise ValuesLost(column=g.plan.column.label, count=lost)


def _finished(column: Column, facet: bool) -> Column:
    """The column with a facet proposed where nobody decided; an annotation set to false is a refusal and is left out."""
    annotations = dict(column.annotations)
    if facet:
        annotations.setdefault("facet", True)
    return column.with_changes(annotations={key: value for key, value in annotations.items() if value is not False})


def _notes(
    staged: StagedTable, guesses: Sequence[ColumnGuess], report: MisfitReport, notes: Sequence[Note]
) -> list[dict[str, Any]]:
    every = [*staged.notes, *notes]
    for g in guesses:
        every += [Note(note.code, {"column": g.plan.column.name, **note.details}) for note in g.notes]
        if emptied := report.of(g.plan.column.name):
            every.append(Note("cells-nulled", {"column": g.plan.column.name, "count": emptied}))
    return [{"code": note.code, "details": note.details} for note in every]
