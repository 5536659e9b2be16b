"""The work of this room that is done in the background."""

from __future__ import annotations

from parvis.hub.fulltext.writing import forget_removed
from parvis.hub.jobs.rules import JobContext


def forget(context: JobContext, day: str) -> None:
    """Leave on the disk no word of documents that were withdrawn or corrected before that day."""
    forget_removed(context.progress)
