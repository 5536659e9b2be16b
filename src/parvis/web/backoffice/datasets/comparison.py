"""Two versions of a dataset side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from parvis.core.columns import Column
from parvis.core.errors import OperationError, ParvisError
from parvis.core.versions.comparison import Comparison
from parvis.hub.datastore.selectors import shape_of, whole_source_of
from parvis.hub.datastore.services import comparison_of
from parvis.hub.jobs.selectors import error_of
from parvis.hub.quotas.rules import Refusal

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version
    from parvis.hub.jobs.models import Job

MOST_ROWS = 500_000
"""Rows of both versions together beyond which they are only compared when a person asks."""


@dataclass(frozen=True, slots=True)
class VersionsCompared:
    """What changes from ``old`` to ``new``; without ``rows`` nor ``job``, they are too many to be compared unasked."""

    old: Version
    new: Version
    columns_added: list[Column]
    columns_removed: list[Column]
    columns_changed: list[tuple[Column, Column]]
    rows: Comparison | None
    job: Job | None = None
    """What compares the rows, or failed to."""
    refusal: ParvisError | None = None

    @property
    def error(self) -> dict[str, str] | None:
        """Why the rows could not be compared."""
        if self.refusal is not None:
            language = get_language() or "fr"
            return {"message": self.refusal.message(language), "hint": self.refusal.hint(language)}
        return error_of(self.job) if self.job else None

    @property
    def rows_difference(self) -> int:
        """How many more rows, less when negative."""
        return self.new.rows - self.old.rows


def compare(dataset: Dataset, old: Version, new: Version, *, however_many: bool = False) -> VersionsCompared:
    """The comparison; the caller checked the right to see the dataset."""
    before = {column.name: column for column in shape_of(dataset, old)}
    after = {column.name: column for column in shape_of(dataset, new)}
    outcome, refusal = None, None
    if however_many or old.rows + new.rows <= MOST_ROWS:
        try:
            outcome = comparison_of(whole_source_of(dataset, old), whole_source_of(dataset, new))
        except (Refusal, OperationError) as error:  # the page, which may publish, goes without
            refusal = error
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
        outcome if isinstance(outcome, Comparison) else None,
        None if outcome is None or isinstance(outcome, Comparison) else outcome,
        refusal,
    )
