"""The kinds of jobs of this room."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

KEEP = "explore.keep-catalogue"
KINDS = (Kind(KEEP, "parvis.web.api.explore.tasks.keep_catalogue", queue="heavy", priority=40),)
