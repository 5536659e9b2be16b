"""Two versions of a dataset side by side."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.columns import Column
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.selectors import shape_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from ``old`` to ``new``: rows, columns added, removed, of another type."""

    old: Version
    new: Version
    columns_added: list[Column]
    columns_removed: list[Column]
    columns_changed: list[tuple[Column, Column]]

    @property
    def rows_difference(self) -> int:
        """How many more rows, less when negative."""
        return self.new.rows - self.old.rows


def compare(dataset: Dataset, old: Version, new: Version) -> Comparison:
    """The comparison; the caller checked the right to see the dataset."""
    before = {column.name: column for column in shape_of(dataset, old)}
    after = {column.name: column for column in shape_of(dataset, new)}
    return Comparison(
        old,
        new,
        [column for name, column in after.items() if name not in before],
        [column for name, column in before.items() if name not in after],
        [
            (before[name], column)
            for name, column in after.items()
            if name in before and before[name].type != column.type
        ],
    )
