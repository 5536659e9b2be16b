"""What is done each night with the chain; safe to run twice."""

from __future__ import annotations

from datetime import UTC

from django.utils import timezone

from parvis.hub.jobs.rules import JobContext
from parvis.hub.seals.services import close_days
from parvis.hub.seals.stamping import ask_for_stamp


def close(context: JobContext, day: str) -> None:
    """Write the roots of the days that are over."""
    close_days(timezone.now().astimezone(UTC).date())


def stamp(context: JobContext, due: str) -> None:
    """Ask the timestamp server about the last root."""
    ask_for_stamp()
