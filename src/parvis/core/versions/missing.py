"""Cells whose word says that there is no value: empty in the version, each word counted and told by its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from parvis.core.profiling.missing_words import MISSING_WORDS, REASON_OF
from parvis.core.profiling.parsers import trimmed
from parvis.core.profiling.plans import ColumnGuess
from parvis.core.staging import ROWS, Note, Workspace, quote_identifier
from parvis.core.versions.misfits import missing_condition

type MissingCounts = Mapping[str, Mapping[str, int]]
"""By the technical name of a column, how many cells hold each word, as it is written."""

LISTED_CELLS = 1_000_000
"""Up to this many, the cells are listed with the emptied ones, each with its line; above, their words are only counted."""

_BATCH = 100


def count_missing(workspace: Workspace, guesses: Sequence[ColumnGuess]) -> MissingCounts:
    """The words of each column that reads them as no value, the most frequent first; a column without any is left out."""
    plans = [guess.plan for guess in guesses if guess.plan.missing]
    counts: dict[str, dict[str, int]] = {}
    for start in range(0, len(plans), _BATCH):
        batch = plans[start : start + _BATCH]
        histograms = ", ".join(
            f"histogram({trimmed(quote_identifier(plan.sources[0]))}) FILTER (WHERE {missing_condition(plan)})"
            for plan in batch
        )
        row = workspace.connection.execute(f"SELECT {histograms} FROM {ROWS}").fetchone()
        for plan, words in zip(batch, row or (), strict=True):
            if words:
                counts[plan.column.name] = dict(sorted(words.items(), key=lambda pair: (-pair[1], pair[0])))
    return counts


def listed_cells(counts: MissingCounts) -> int:
    """How many of the counted cells are listed: all of them, or none of too many."""
    total = sum(sum(words.values()) for words in counts.values())
    return total if total <= LISTED_CELLS else 0


def with_missing_notes(guesses: Sequence[ColumnGuess], counts: MissingCounts) -> tuple[ColumnGuess, ...]:
    """The guesses, each with a note for every reason why values are missing: a secret is not an absence."""
    return tuple(replace(g, notes=(*g.notes, *_notes(counts.get(g.plan.column.name, {})))) for g in guesses)


def _notes(words: Mapping[str, int]) -> list[Note]:
    by_reason = {
        code: {word: count for word, count in words.items() if REASON_OF.get(word.lower(), "values-absent") == code}
        for code in MISSING_WORDS
    }
    return [
        Note(code, {"count": sum(counted.values()), "words": counted}) for code, counted in by_reason.items() if counted
    ]
