"""What is done each night with counts; safe to run twice."""

from __future__ import annotations

from datetime import date

from parvis.hub.jobs.rules import JobContext
from parvis.hub.usage.services import fold_months


def fold_usage(context: JobContext, day: str) -> None:
    """Sum up what is old."""
    fold_months(date.fromisoformat(day))
