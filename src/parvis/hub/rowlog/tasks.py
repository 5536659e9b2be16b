"""What jobs do with pushed rows; each is safe to run twice."""

from __future__ import annotations

from parvis.hub.catalogue.models import Dataset
from parvis.hub.jobs.rules import JobContext
from parvis.hub.rowlog.services import folding


def fold(context: JobContext, dataset: int, base: str = "") -> None:
    """Make a version of what was pushed into a dataset, if it is there still."""
    row = Dataset.objects.select_related("current", "organisation").filter(pk=dataset).first()
    if row is not None and row.current is not None:
        folding.fold(context.actor, row, context.progress, base)
