"""What jobs do with requests; safe to run twice."""

from __future__ import annotations

from datetime import date

from parvis.domains.requests.services import pass_day
from parvis.hub.jobs.rules import JobContext


def morning(context: JobContext, day: str) -> None:
    """Note the months that ended, remind who must answer, erase what is no longer needed."""
    pass_day(date.fromisoformat(day))
