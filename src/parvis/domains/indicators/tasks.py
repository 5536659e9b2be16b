"""What jobs do with indicators; safe to run twice: the same versions give the same computation, kept once."""

from __future__ import annotations

from datetime import date

from parvis.domains.indicators.digests import ask_for_digests, tell_owners
from parvis.domains.indicators.following import forget_unconfirmed
from parvis.domains.indicators.models import Indicator
from parvis.domains.indicators.posting import post_due
from parvis.domains.indicators.services import compute_indicator
from parvis.hub.jobs.rules import JobContext


def compute_values(context: JobContext, indicator: int) -> None:
    """Compute an indicator from the versions that readers see now."""
    found = Indicator.objects.select_related("organisation", "latest").filter(pk=indicator).first()
    if found is not None:
        compute_indicator(context.actor, found)


def post_mails(context: JobContext, *, later: bool = False) -> None:
    """Send the mails that wait; ``later`` only tells a new try from a first one."""
    post_due()


def watch_day(context: JobContext, day: str) -> None:
    """Erase what nobody confirmed, tell owners of silent sources, write the digests of the week, send what waits."""
    forget_unconfirmed()
    tell_owners()
    ask_for_digests(date.fromisoformat(day))
    post_due()
