"""The kinds of jobs of this subject."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

EXTRACT = "osm.extract"
COMPARE = "osm.compare"

KINDS = (
    Kind(EXTRACT, "parvis.domains.osm.tasks.receive", queue="heavy", priority=30),
    Kind(COMPARE, "parvis.domains.osm.tasks.compare", queue="heavy", priority=20),
)
