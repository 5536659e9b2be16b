"""The work of this room that is done in the background."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

PUSH = "pushed.push"

KINDS = (Kind(PUSH, "parvis.hub.pushed.tasks.push_copies"),)
