"""The one door of the room: a file in, a staged table out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from parvis.core.formats.detection import detect
from parvis.core.formats.job import Detected, Job
from parvis.core.formats.limits import DEFAULT_LIMITS, Limits
from parvis.core.formats.options import ReadOptions
from parvis.core.formats.parts import read_parts, read_sheets
from parvis.core.formats.readers import READER_BY_NAME
from parvis.core.formats.refusals import NoRow
from parvis.core.formats.sheet_reader import matching_sheets
from parvis.core.formats.sink import clear_rows
from parvis.core.progress import Progress, no_progress
from parvis.core.staging import REJECTS, SET_ASIDE, Note, StagedTable, Workspace
from parvis.core.translation import Sentence

NO_OPTIONS = ReadOptions()


def read(
    path: Path,
    workspace: Workspace,
    options: ReadOptions = NO_OPTIONS,
    *,
    progress: Progress = no_progress,
    limits: Limits = DEFAULT_LIMITS,
    name: str | None = None,
) -> tuple[StagedTable, Detected]:
    """Fill ROWS and REJECTS of ``workspace`` from ``path``, called ``name`` in messages; every input line is in one of them.

    Only header lines and empty lines are in neither: notes tell how many. Raises the refusals of ``core.formats.refusals``.
    """
    label = name or path.name
    clear_rows(workspace.connection)
    workspace.connection.execute(f"DELETE FROM {REJECTS}")
    detected = detect(path, options, workspace.folder / "unpacked", name=label, limits=limits, parted=True)
    job = Job(detected.path, label, detected.format, workspace, options, limits, progress)
    if detected.parts:
        staged, reading = read_parts(job, detected.parts)
    elif sheets := matching_sheets(job):
        staged, reading = read_sheets(job, sheets)
    else:
        staged, reading = READER_BY_NAME[detected.format].read(job)
    if not staged.rows:
        _refuse_without_row(workspace, staged, label)
    return _with_member(staged, detected), replace(detected, reading={**detected.reading, **reading})


def _with_member(staged: StagedTable, detected: Detected) -> StagedTable:
    """The table, with a note when its archive has others."""
    member = detected.reading.get("member")
    others = [one for one in detected.reading.get("members", ()) if one != member]
    if member is None or not others:
        return staged
    return replace(staged, notes=(Note("archive-members", {"read": member, "others": others}), *staged.notes))


def _refuse_without_row(workspace: Workspace, staged: StagedTable, name: str) -> None:
    """NoRow when lines were refused and none kept, or when all there is is one line of text; a header alone is a table."""
    aside = ", ".join(f"'{reason}'" for reason in sorted(SET_ASIDE))
    row = workspace.connection.execute(
        f"SELECT count(*), min(line) FROM {REJECTS} WHERE reason NOT IN ({aside})"
    ).fetchone()
    refused, first = row or (0, None)
    if refused:
        values = {"refused": refused, "first": first}
        raise NoRow(file=name, why=Sentence(" : {refused} lignes rejetées, à partir de la ligne {first}", values))
    if len(staged.columns) == 1:
        raise NoRow(file=name, why=Sentence(" : une seule ligne de texte"))
