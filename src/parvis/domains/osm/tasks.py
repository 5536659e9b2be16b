"""What jobs do with OpenStreetMap; safe to run twice."""

from __future__ import annotations

from parvis.domains.osm.comparison import compare_conflation
from parvis.domains.osm.extracts import receive_extract
from parvis.domains.osm.models import Conflation
from parvis.domains.osm.schedule import ask_for_stale
from parvis.hub.jobs.rules import JobContext


def receive(context: JobContext, deposit: str, order: dict[str, str]) -> None:
    """Make a dataset of a received extract."""
    receive_extract(context.actor, deposit, order, context.progress)


def compare(context: JobContext, conflation: int) -> None:
    """Compare again, unless the conflation was removed meanwhile."""
    row = Conflation.objects.select_related("organisation").filter(pk=conflation).first()
    if row is not None:
        compare_conflation(context.actor, row, context.progress)


def night(context: JobContext, day: str) -> None:
    """Have what changed without being compared since compared in the night."""
    ask_for_stale(day)
