"""What has become of the columns of a version beside those of the one before: from both shapes, without reading a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from parvis.core.columns import Column, TableShape

ALIKE = 0.6
"""From how alike two names are, one may have become the other."""


@dataclass(frozen=True, slots=True)
class ShapeChanges:
    """Columns that went, that came, that seem to have another name (before, now), that have another type (before, now)."""

    gone: tuple[Column, ...] = ()
    came: tuple[Column, ...] = ()
    renamed: tuple[tuple[Column, Column], ...] = ()
    retyped: tuple[tuple[Column, Column], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.gone or self.came or self.renamed or self.retyped)

    @property
    def breaks(self) -> bool:
        """Whether what was written for the former columns may fail: columns that only came break nothing."""
        return bool(self.gone or self.renamed or self.retyped)


def shape_changes(before: TableShape, after: TableShape) -> ShapeChanges:
    """What changed between two shapes; a column renamed is neither gone nor come."""
    former_by_name, present_names = {column.name: column for column in before}, set(after.names)
    gone = [column for column in before if column.name not in present_names]
    came = [column for column in after if column.name not in former_by_name]
    renamed = _renamed(gone, came)
    former, present = {old.name for old, _new in renamed}, {new.name for _old, new in renamed}
    common = ((old, column) for column in after if (old := former_by_name.get(column.name)) is not None)
    return ShapeChanges(
        gone=tuple(column for column in gone if column.name not in former),
        came=tuple(column for column in came if column.name not in present),
        renamed=tuple(renamed),
        retyped=tuple((old, column) for old, column in common if old.type is not column.type),
    )


def _renamed(gone: Sequence[Column], came: Sequence[Column]) -> list[tuple[Column, Column]]:
    """Pairs of a column that went and one that came in its place: alike in name, or alone to go and to come."""
    left = list(came)
    pairs: list[tuple[Column, Column]] = []
    for old in gone:
        best = max(left, key=lambda new: _likeness(old, new), default=None)
        if best is None:
            continue
        alone = len(gone) == len(came) == 1
        if _likeness(old, best) >= ALIKE or (alone and old.type is best.type):
            left.remove(best)
            pairs.append((old, best))
    return pairs


def _likeness(old: Column, new: Column) -> float:
    return SequenceMatcher(None, old.name, new.name).ratio()
