"""What jobs do each morning; safe to run twice."""

from __future__ import annotations

from parvis.hub.jobs.rules import JobContext
from parvis.hub.writing.expiry import warn_owners
from parvis.hub.writing.once import forget_answers


def morning(context: JobContext, day: str) -> None:
    """Warn those whose keys end soon or have ended; forget the answers of the days before."""
    warn_owners()
    forget_answers()
