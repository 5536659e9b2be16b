"""The kinds of jobs of this room."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

DIGESTS = "catalogue.digests"

KINDS = (Kind(DIGESTS, "parvis.hub.catalogue.tasks.note_digests"),)
