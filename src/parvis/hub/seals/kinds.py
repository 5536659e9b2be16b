"""The work of this room that is done in the background."""

from __future__ import annotations

from parvis.hub.jobs.daily import Awaited, Daily
from parvis.hub.jobs.rules import Kind
from parvis.hub.seals.services import next_stamp

CLOSE, STAMP = "seals.close", "seals.stamp"

KINDS = (Kind(CLOSE, "parvis.hub.seals.tasks.close"), Kind(STAMP, "parvis.hub.seals.tasks.stamp"))
DAILY = (Daily(CLOSE, hour=3),)
"""At three of Paris, the day of UTC is over in summer too."""
AWAITED = (Awaited(STAMP, next_stamp),)
