"""The work of this room that is done in the background."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

FOLD = "usage.fold"

KINDS = (Kind(FOLD, "parvis.hub.usage.tasks.fold_usage"),)
