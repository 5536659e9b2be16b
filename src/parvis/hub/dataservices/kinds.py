"""The kinds of jobs of this room, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

NIGHT, CHECK = "dataservices.night", "dataservices.check"
KINDS = (
    Kind(NIGHT, "parvis.hub.dataservices.tasks.night"),
    Kind(CHECK, "parvis.hub.dataservices.tasks.check_service", queue="heavy"),
)
DAILY = (Daily(NIGHT, hour=4),)
