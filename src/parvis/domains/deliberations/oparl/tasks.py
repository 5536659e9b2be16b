"""What is done each night for harvesters; safe to run twice."""

from __future__ import annotations

from parvis.domains.deliberations.oparl.ledger import reconcile
from parvis.hub.jobs.rules import JobContext


def look_at_everything(context: JobContext, day: str) -> None:
    """Have harvesters be told of what was written past the signals, and of what waits for an answer to be looked at."""
    reconcile()
