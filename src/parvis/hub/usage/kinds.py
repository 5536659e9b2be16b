"""The work of this room that is done in the background."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

PUBLISH = "usage.publish"

KINDS = (Kind(PUBLISH, "parvis.hub.usage.tasks.publish_usage"),)
