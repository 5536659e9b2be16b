"""The kinds of jobs of this room."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

COMPUTE = "indicators.compute"
KINDS = (Kind(COMPUTE, "parvis.domains.indicators.tasks.compute_values", queue="heavy"),)
