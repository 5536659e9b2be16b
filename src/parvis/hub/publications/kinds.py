"""The work of this room that is done in the background."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

PUBLISH = "publications.publish"
EACH = "publications.each"

KINDS = (
    Kind(PUBLISH, "parvis.hub.publications.tasks.publish", queue="heavy"),
    Kind(EACH, "parvis.hub.publications.tasks.publish_each", queue="heavy"),
)
