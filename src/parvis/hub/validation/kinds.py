"""The kinds of jobs of this room."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

CHECK = "validation.check"
RECHECK = "validation.recheck"
SWEEP = "validation.sweep"

KINDS = (
    Kind(CHECK, "parvis.hub.validation.tasks.check_versions", queue="heavy"),
    Kind(RECHECK, "parvis.hub.validation.tasks.recheck", queue="heavy"),
    Kind(SWEEP, "parvis.hub.validation.tasks.sweep_checks"),
)
