"""Reading saved charts."""

from __future__ import annotations

from parvis.hub.accounts.rules import Actor
from parvis.hub.charts.models import Chart
from parvis.hub.records.selectors import record_at


def chart_at(actor: Actor, slug: str) -> Chart:
    """The chart of that address; NotFound when it does not exist for the actor, Moved when it has another address now."""
    return record_at(Chart, actor, slug)
