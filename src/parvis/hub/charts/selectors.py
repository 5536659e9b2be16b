"""Reading saved charts."""

from __future__ import annotations

from parvis.hub.accounts.rules import Actor
from parvis.hub.charts.models import Chart
from parvis.hub.drawings.selectors import drawings_of_readable_data
from parvis.hub.records.selectors import record_at


def chart_at(actor: Actor, slug: str) -> Chart:
    """The chart of that address; NotFound when it does not exist for the actor, Moved when it has another address now."""
    return record_at(Chart, actor, slug)


def charts_of_readable_data(actor: Actor) -> list[Chart]:
    """The published charts, latest first, whose datasets the actor may all read: of the others not even a title is told."""
    return drawings_of_readable_data(Chart, actor)
