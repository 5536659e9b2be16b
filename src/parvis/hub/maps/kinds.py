"""The kinds of jobs of this room."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

GROUND = "maps.ground"

KINDS = (Kind(GROUND, "parvis.hub.maps.tasks.make_ground", queue="heavy"),)
