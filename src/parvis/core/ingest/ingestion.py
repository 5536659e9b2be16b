"""From a file to a version in one call, and the same way without publishing, to show what would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.identifiers import new_version_id
from parvis.core.ingest.inspectors import Inspector, inspect
from parvis.core.notes import NOTES, sentence
from parvis.core.overlays import Overlay, merge_overlay
from parvis.core.overlays.merge import VERDICTS
from parvis.core.overlays.writing import DELIVERED
from parvis.core.profiling.plans import ColumnGuess, Override
from parvis.core.profiling.type_inference import guess, unknown_overrides
from parvis.core.progress import Progress, no_progress
from parvis.core.staging import ROWS, Note, StagedTable, Workspace, open_workspace, quote_identifier
from parvis.core.transforms import Outcome, Step, apply_steps
from parvis.core.transforms.model import NO_TABLES, SideTable
from parvis.core.transforms.preparation.work import first_failures
from parvis.core.translation import languages
from parvis.core.versions.manifest import Manifest
from parvis.core.versions.misfits import MisfitPolicy, MisfitReport, MisfitValues, find_misfits
from parvis.core.versions.missing import count_missing, with_missing_notes
from parvis.core.versions.writer import Account, ValuesLost, lines_aside, write_version

_SHOWN_ROWS = 20
_SHOWN_CELL = 200
_NO_OPTIONS = ReadOptions()
_SMALL = 256 * 1024
"""Bytes below which a second thread of DuckDB costs more, to be started and waited for, than it does."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a file holds, before anything is published: the assistant shows it and collects corrections."""

    format: str
    reading: dict[str, Any]
    rows: int
    rejects: int
    """Lines that could not become rows; those around the table are ``aside``."""
    aside: int
    notes: tuple[Note, ...]
    headers: tuple[str, ...]
    guesses: tuple[ColumnGuess, ...]
    misfits: MisfitReport
    first_rows: tuple[tuple[str | None, ...], ...]
    """The first rows as text, one cell per staged column, in the order of ``headers``."""
    lineage: tuple[Outcome, ...] = ()
    """What the steps changed."""
    failures: tuple[tuple[int, int, str, str, str], ...] = ()
    """The first failures of steps of preparation: line, rank of the step, column, value, reason."""
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What each inspector found, by its name."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form; notes of the profiler have their sentence in every language, by its code (``fr``, ``en``)."""
        return {
            "format": self.format,
            "reading": self.reading,
            "rows": self.rows,
            "rejects": self.rejects,
            "aside": self.aside,
            "notes": [_note(note) for note in self.notes],
            "headers": list(self.headers),
            "columns": [_column(g, self.misfits) for g in self.guesses],
            "misfits": self.misfits.to_dict(),
            "first_rows": [list(row) for row in self.first_rows],
            "lineage": [outcome.to_dict() for outcome in self.lineage],
            "failures": [list(failure) for failure in self.failures],
            "checks": {name: dict(found) for name, found in self.checks.items()},
        }


def ingest(
    original: Path,
    *,
    name: str,
    destination: Path,
    work: Path,
    version: str | None = None,
    options: ReadOptions = _NO_OPTIONS,
    overrides: Mapping[str, Override] | None = None,
    policy: MisfitPolicy = MisfitPolicy.STOP,
    source: str = "upload",
    progress: Progress = no_progress,
    memory: str = "384MB",
    threads: int | None = None,
    steps: Sequence[Step] = (),
    secret: bytes = b"",
    inspectors: Sequence[Inspector] = (),
    copied: bool = True,
    overlay: Overlay | None = None,
    tables: Mapping[str, SideTable] = NO_TABLES,
) -> Manifest:
    """Read ``original`` (called ``name`` by people), change it by ``steps``, lay the ``overlay`` over it, type it, have it looked
    at by ``inspectors`` and write ``destination/<version>/``; its manifest.

    ``work`` is for temporary files; ``memory`` is DuckDB's share (384 MB keep the process under 1 GB for a 1 GB file). ``secret`` keys
    pseudonyms, steps read ``tables`` beside the file; unless ``copied``, the version has not the original yet (``core.versions.adoption``).
    Raises the refusals of readers and steps, MisfitValues, WriteFailed, or what ``progress`` raises; nothing is left then.
    """
    with open_workspace(work, memory=memory, threads=threads or _threads_for(original)) as workspace:
        staged, detected = read(original, workspace, options, progress=progress, name=name)
        staged, lineage = _changed(workspace, staged, steps, secret, tables)
        if overlay:
            staged, merge = merge_overlay(workspace, staged, guess(workspace, staged, overrides), overlay)
            lineage.append(merge.to_dict())

        def write(thorough: bool) -> Manifest:
            guesses = guess(workspace, staged, overrides, progress=progress, thorough=thorough)
            checks = inspect(inspectors, workspace, staged, guesses)
            return write_version(
                workspace,
                staged,
                guesses,
                detected_format=detected.format,
                reading=detected.reading,
                original=original,
                source=source,
                destination=destination,
                version=version or new_version_id(),
                policy=policy,
                progress=progress,
                name=name,
                notes=unknown_overrides(staged, overrides or {}),
                account=Account(lineage, checks, (VERDICTS, DELIVERED) if overlay else None),
                copied=copied,
            )

        try:
            return write(thorough=False)
        except (ValuesLost, MisfitValues):  # most files follow their sample, and are then written in half the time
            return write(thorough=True)


def _threads_for(original: Path) -> int:
    return 1 if original.stat().st_size < _SMALL else 2


def _changed(
    workspace: Workspace, staged: StagedTable, steps: Sequence[Step], secret: bytes, tables: Mapping[str, SideTable]
) -> tuple[StagedTable, list[dict[str, Any]]]:
    """The table as the steps leave it, and their lineage."""
    staged, outcomes = apply_steps(workspace, staged, steps, secret=secret, tables=tables)
    return staged, [outcome.to_dict() for outcome in outcomes]


def examine(
    original: Path,
    *,
    name: str,
    work: Path,
    options: ReadOptions = _NO_OPTIONS,
    overrides: Mapping[str, Override] | None = None,
    progress: Progress = no_progress,
    memory: str = "384MB",
    threads: int | None = None,
    steps: Sequence[Step] = (),
    secret: bytes = b"",
    inspectors: Sequence[Inspector] = (),
    overlay: Overlay | None = None,
    tables: Mapping[str, SideTable] = NO_TABLES,
) -> Examination:
    """Read, change and type ``original`` as ``ingest`` would, and say what was found; raises the same refusals."""
    with open_workspace(work, memory=memory, threads=threads or _threads_for(original)) as workspace:
        staged, detected = read(original, workspace, options, progress=progress, name=name)
        staged, lineage = apply_steps(workspace, staged, steps, secret=secret, tables=tables)
        if overlay:
            staged, _merge = merge_overlay(workspace, staged, guess(workspace, staged, overrides), overlay)
        guesses = guess(workspace, staged, overrides, progress=progress)
        guesses = with_missing_notes(guesses, count_missing(workspace, guesses))
        aside = lines_aside(workspace) if staged.rejects else 0
        return Examination(
            format=detected.format,
            reading=detected.reading,
            rows=staged.rows,
            rejects=staged.rejects - aside,
            aside=aside,
            notes=(*staged.notes, *unknown_overrides(staged, overrides or {})),
            headers=tuple(column.header for column in staged.columns),
            guesses=guesses,
            misfits=find_misfits(workspace, guesses),
            first_rows=_first_rows(workspace, staged),
            lineage=lineage,
            failures=first_failures(workspace.connection),
            checks=inspect(inspectors, workspace, staged, guesses),
        )


def _first_rows(workspace: Workspace, staged: StagedTable) -> tuple[tuple[str | None, ...], ...]:
    cells = ", ".join(f"left({quote_identifier(column.name)}::VARCHAR, {_SHOWN_CELL})" for column in staged.columns)
    rows: Sequence[tuple[str | None, ...]] = workspace.connection.execute(
        f"SELECT {cells} FROM {ROWS} LIMIT {_SHOWN_ROWS}"
    ).fetchall()
    return tuple(rows)


def _note(note: Note) -> dict[str, Any]:
    sentences = {language: sentence(note, language) for language in languages()} if note.code in NOTES else {}
    return {"code": note.code, "details": note.details, **sentences}


def _column(guess: ColumnGuess, misfits: MisfitReport) -> dict[str, Any]:
    plan = asdict(guess.plan)
    return {
        **guess.plan.column.to_dict(),
        "sources": list(plan["sources"]),
        "parser": plan["parser"],
        "derived": plan["derived"],
        "missing": plan["missing"],
        "confidence": guess.confidence,
        "filled": guess.filled,
        "misfits": misfits.of(guess.plan.column.name),
        "examples": list(guess.examples),
        "alternatives": list(guess.alternatives),
        "notes": [_note(note) for note in guess.notes],
    }
