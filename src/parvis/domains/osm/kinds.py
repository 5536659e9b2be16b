"""The kinds of jobs of this subject."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

EXTRACT = "osm.extract"
COMPARE = "osm.compare"
NIGHT = "osm.night"

KINDS = (
    Kind(EXTRACT, "parvis.domains.osm.tasks.receive", queue="heavy", priority=30),
    Kind(COMPARE, "parvis.domains.osm.tasks.compare", queue="heavy", priority=20),
    Kind(NIGHT, "parvis.domains.osm.tasks.night"),
)
DAILY = (Daily(NIGHT, hour=4),)
"""Before anybody works, and after nightly imports."""
