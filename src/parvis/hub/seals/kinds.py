"""The work of this room that is done in the background."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

CLOSE, STAMP = "seals.close", "seals.stamp"

KINDS = (Kind(CLOSE, "parvis.hub.seals.tasks.close"), Kind(STAMP, "parvis.hub.seals.tasks.stamp"))
DAILY = (Daily(CLOSE, hour=3),)
"""At three of Paris, the day of UTC is over in summer too."""
