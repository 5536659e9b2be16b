"""What is done each night with counts; safe to run twice."""

from __future__ import annotations

from datetime import date

from parvis.hub.jobs.rules import JobContext
from parvis.hub.usage.publishing import publish_counts
from parvis.hub.usage.services import fold_months


def publish_usage(context: JobContext, day: str) -> None:
    """Sum up what is old, then publish all that was counted before ``day`` as a dataset."""
    today = date.fromisoformat(day)
    publish_counts(context.actor, today, context.progress)
    fold_months(today)
