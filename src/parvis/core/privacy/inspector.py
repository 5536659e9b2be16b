"""Looking at each table received, at its examination and when its version is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parvis.core.columns import Column, ColumnType
from parvis.core.privacy.model import Finding
from parvis.core.privacy.search import search_table
from parvis.core.privacy.texts import search_text
from parvis.core.profiling.plans import ColumnGuess, ColumnPlan
from parvis.core.staging import REJECTS, StagedTable, Workspace

NAME = "privacy"
_REFUSED_LINES = 2_000


class PrivacyInspector:
    """Searches the table as it would be published, then what the received file holds beside it."""

    name = NAME
    folder = None

    def __call__(self, workspace: Workspace, staged: StagedTable, guesses: Sequence[ColumnGuess]) -> dict[str, Any]:
        """The report, with ``aside`` (kinds found in what is not published) and ``unseen`` (what was not searched)."""
        report = search_table(workspace, staged, guesses)
        aside = [*_left_out(workspace, staged, guesses), *_refused(workspace, staged)]
        others = [note for note in staged.notes if note.code in {"other-sheets", "other-records"}]
        return {
            **report.to_dict(),
            "aside": sorted({finding.kind for finding in aside if finding.blocks}),
            "unseen": ["sheets"] if others else [],
            "headers": _headers(staged, guesses),
        }


def _headers(staged: StagedTable, guesses: Sequence[ColumnGuess]) -> dict[str, str]:
    """The header of each column by its technical name; its staged name where the header is empty or borne twice."""
    headers = [column.header for column in staged.columns]
    by_name = {c.name: c.header if c.header and headers.count(c.header) == 1 else c.name for c in staged.columns}
    return {
        guess.plan.column.name: by_name[guess.plan.sources[0]]
        for guess in guesses
        if len(guess.plan.sources) == 1 and guess.plan.sources[0] in by_name
    }


def _left_out(workspace: Workspace, staged: StagedTable, guesses: Sequence[ColumnGuess]) -> tuple[Finding, ...]:
    """What columns that are not published hold: the received file has them."""
    published = {source for guess in guesses for source in guess.plan.sources}
    others = [column for column in staged.columns if column.name not in published]
    if not others:
        return ()
    plans = [
        ColumnGuess(
            ColumnPlan(Column(column.name, column.header, ColumnType.TEXT), (column.name,), "text"), 1.0, (), (), (), 0
        )
        for column in others
    ]
    return search_table(workspace, staged, plans).findings


def _refused(workspace: Workspace, staged: StagedTable) -> tuple[Finding, ...]:
    """What lines that became no row hold."""
    rows = workspace.connection.execute(f"SELECT content FROM {REJECTS} LIMIT {_REFUSED_LINES}").fetchall()
    rows += [(str(note.details.get("content", "")),) for note in staged.notes if note.code == "preamble"]
    return search_text("\n".join(str(content)[:2_000] for (content,) in rows if content)).findings if rows else ()
