"""What of maps follows the territories."""

from __future__ import annotations

from typing import Any

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import enqueue
from parvis.hub.maps.kinds import GROUND
from parvis.hub.maps.own_ground import folder
from parvis.hub.territories.selectors import is_reference_shipped


def territories_changed(*_models: Any, **_facts: Any) -> None:
    """Have the ground made anew in the background; the shipped one serves the shipped territories, and is there already."""
    is_needed = not is_reference_shipped() or any(folder().glob("*.pmtiles"))
    if is_needed and not Job.objects.filter(kind=GROUND, state=Job.State.QUEUED).exists():
        enqueue(OPERATOR, GROUND)
