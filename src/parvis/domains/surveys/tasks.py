"""What jobs do with answers; safe to run twice: the same rows make no version, what is erased is gone."""

from __future__ import annotations

from contextlib import suppress

from parvis.domains.surveys.models import Survey
from parvis.domains.surveys.outputs import write_answers
from parvis.domains.surveys.services import forget_old
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.jobs.rules import JobContext


def write_dataset(context: JobContext, survey: int) -> None:
    """Write the answers of a form as its dataset; what waits for somebody to look at it is kept, and told beside the answers."""
    row = Survey.objects.select_related("organisation").filter(pk=survey).first()
    if row is not None:
        with suppress(PublicationHeld):
            write_answers(context.actor, row, context.progress)


def forget(context: JobContext, day: str) -> None:
    """Erase the answers whose time is over, what nobody confirmed, and files that a killed process left."""
    forget_old()
