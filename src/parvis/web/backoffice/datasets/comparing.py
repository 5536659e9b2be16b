"""Two versions of a dataset side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from parvis.core.columns import Column
from parvis.core.versions.comparison import Comparison, compare_versions
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.folders import versions_folder, work_folder
from parvis.hub.datastore.selectors import shape_of

MOST_ROWS = 500_000
"""Rows of both versions together beyond which they are only compared when a person asks."""


@dataclass(frozen=True, slots=True)
class VersionsCompared:
    """What changes from ``old`` to ``new``; ``rows`` is None when they are too many to be compared unasked."""

    old: Version
    new: Version
    columns_added: list[Column]
    columns_removed: list[Column]
    columns_changed: list[tuple[Column, Column]]
    rows: Comparison | None

    @property
    def rows_difference(self) -> int:
        """How many more rows, less when negative."""
        return self.new.rows - self.old.rows


@lru_cache(maxsize=64)
def _rows(old: Path, new: Path, work: Path) -> Comparison:
    """Versions never change, so neither does their difference."""
    work.mkdir(parents=True, exist_ok=True)
    return compare_versions(old, new, work=work)


def compare(dataset: Dataset, old: Version, new: Version, *, however_many: bool = False) -> VersionsCompared:
    """The comparison; the caller checked the right to see the dataset."""
    before = {column.name: column for column in shape_of(dataset, old)}
    after = {column.name: column for column in shape_of(dataset, new)}
    folder = versions_folder(dataset.uid)
    few = old.rows + new.rows <= MOST_ROWS
    return VersionsCompared(
        old,
        new,
        [column for name, column in after.items() if name not in before],
        [column for name, column in before.items() if name not in after],
        [
            (before[name], column)
            for name, column in after.items()
            if name in before and before[name].type != column.type
        ],
        _rows(folder / old.name, folder / new.name, work_folder()) if few or however_many else None,
    )
