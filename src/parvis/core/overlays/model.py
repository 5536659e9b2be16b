"""What an overlay is: cells corrected, rows added, rows removed, each with the row as its author saw it.

Values are canonical texts (``canonical``), so that a file that writes « 1 234,50 » and one that writes « 1234.5 » say the same;
None is an empty cell. Rows are told apart by the values of the key columns, in their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

type Key = tuple[str | None, ...]

MOST_CHANGES = 20_000
"""Of one dataset; the whole overlay is in the memory of the child that merges it."""


class CellState(StrEnum):
    """What became of one change when the source came again."""

    APPLIED = "applied"
    """The source says what it said: the accepted value is in its place."""
    SAME = "same"
    """The source says it by itself now: the overlay has no more to do."""
    CONFLICT = "conflict"
    """The source says something else than before: its value stays until somebody chooses."""
    GONE = "gone"
    """The source has no such row any more."""
    AMBIGUOUS = "ambiguous"
    """Several rows have that key."""
    MISSING = "missing"
    """The source has no such column any more, or none that tells rows apart."""
    UNWRITABLE = "unwritable"
    """No text that this column would read as the accepted value."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: what the source said when it was corrected, and what was accepted."""

    change: str
    key: Key
    column: str
    base: str | None
    ours: str | None


@dataclass(frozen=True, slots=True)
class Addition:
    """A row that the source did not have: ``values`` by column, the key columns among them."""

    change: str
    key: Key
    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Removal:
    """A row that is none: ``base`` is what the source said of it, by column."""

    change: str
    key: Key
    base: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Overlay:
    """All that was accepted for a dataset and that its source does not say; ``key`` names the columns that tell rows apart."""

    key: tuple[str, ...]
    cells: tuple[CellChange, ...] = ()
    additions: tuple[Addition, ...] = ()
    removals: tuple[Removal, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to lay."""
        return bool(self.cells or self.additions or self.removals)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> Overlay:
        """The overlay that ``to_dict`` wrote."""
        return cls(
            tuple(body["key"]),
            tuple(CellChange(**{**row, "key": tuple(row["key"])}) for row in body["cells"]),
            tuple(Addition(**{**row, "key": tuple(row["key"])}) for row in body["additions"]),
            tuple(Removal(**{**row, "key": tuple(row["key"])}) for row in body["removals"]),
        )


@dataclass(frozen=True, slots=True)
class CellVerdict:
    """What became of a change in one column (empty for a whole row): ``theirs`` is what the source says now."""

    change: str
    key: Key
    column: str
    theirs: str | None
    base: str | None
    ours: str | None
    state: CellState


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What the merge did: one verdict a cell, an added or a removed row."""

    key: tuple[str, ...]
    verdicts: tuple[CellVerdict, ...] = field(default=())
    last_line: int = 0
    """The last line of the source: rows beyond it were added."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form of the counts, as the lineage of a manifest has it; verdicts are in a file beside the rows."""
        applied = [verdict for verdict in self.verdicts if verdict.state is CellState.APPLIED]
        counts = {str(state): sum(verdict.state is state for verdict in self.verdicts) for state in CellState}
        return {
            "name": "overlay",
            "parameters": {"key": list(self.key)},
            "rows": len({verdict.key for verdict in applied}),
            "cells": sum(bool(verdict.column) for verdict in applied),
            "details": {"last_line": self.last_line, **{state: count for state, count in counts.items() if count}},
        }
