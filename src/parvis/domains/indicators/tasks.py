"""What jobs do with indicators; safe to run twice: the same versions give the same computation, kept once."""

from __future__ import annotations

from parvis.domains.indicators.models import Indicator
from parvis.domains.indicators.services import compute_indicator
from parvis.domains.indicators.subscriptions import tell_owners
from parvis.hub.jobs.rules import JobContext


def compute_values(context: JobContext, indicator: int) -> None:
    """Compute an indicator from the versions that readers see now."""
    row = Indicator.objects.select_related("organisation", "latest").filter(pk=indicator).first()
    if row is not None:
        compute_indicator(context.actor, row)


def watch_day(context: JobContext, day: str) -> None:
    """Tell owners of silent sources."""
    tell_owners()
