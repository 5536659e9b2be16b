"""What jobs do with the ground of maps; safe to run twice."""

from __future__ import annotations

from parvis.hub.jobs.rules import JobContext
from parvis.hub.maps.ground_building import rebuild_ground, use_shipped_ground
from parvis.hub.territories.selectors import is_reference_shipped


def make_ground(context: JobContext) -> None:
    """Bring the ground to the territories: the shipped one when they are those shipped, else one of their own."""
    if is_reference_shipped():
        use_shipped_ground()
    else:
        rebuild_ground(context.progress)
