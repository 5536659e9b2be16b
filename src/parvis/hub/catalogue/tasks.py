"""What jobs do with the catalogue; each is safe to run twice."""

from __future__ import annotations

from parvis.hub.catalogue import attachments
from parvis.hub.jobs.rules import JobContext


def note_digests(context: JobContext, day: str) -> None:
    """Note the digests that documents of former releases lack, so that graphs of the catalogue have every checksum."""
    attachments.note_digests(context.progress)
