"""What jobs do with datasets that subjects publish; safe to run twice: the same rows make no version."""

from __future__ import annotations

from django.utils import timezone

from parvis.hub.jobs.rules import JobContext
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.publications.kinds import PUBLISH
from parvis.hub.publications.services import publish_rows
from parvis.hub.registry import publications


def publish(context: JobContext, dataset: str) -> None:
    """Publish one of them, unless its subject was taken away meanwhile."""
    for publication in publications():
        if publication.dataset_id == dataset:
            publish_rows(context.actor, publication, timezone.localdate(), context.progress)


def publish_each(context: JobContext, day: str) -> None:
    """Ask for each of them to be published: one that fails leaves the others alone."""
    for publication in publications():
        enqueue_once(context.actor, PUBLISH, f"{publication.dataset_id} {day}", dataset=publication.dataset_id)
