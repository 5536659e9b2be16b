"""What jobs do with thumbnails; each is safe to run twice."""

from __future__ import annotations

from contextlib import suppress

from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.atlas.models import Map
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.jobs.rules import JobContext
from parvis.hub.records.rules import Status as RecordStatus
from parvis.hub.store import is_stored
from parvis.hub.thumbnails import drawing
from parvis.hub.thumbnails.services import SAVED, keep_of_dataset, keep_of_record


def draw_dataset(context: JobContext, dataset: int) -> None:
    """Draw the current version of a published dataset."""
    rows = Dataset.objects.select_related("current", "organisation")
    published = rows.filter(pk=dataset, status=Status.PUBLISHED, current__isnull=False).first()
    # A folder that is away may come back: nothing is settled of what could not be read.
    if published is not None and is_stored(published.uid, published.current.name):
        keep_of_dataset(published, drawing.of_dataset(published))


def draw_drawing(context: JobContext, noun: str, key: int) -> None:
    """Draw a published chart or map; one that cannot be, its data being withdrawn for instance, has no thumbnail."""
    record = SAVED[noun].objects.filter(pk=key, status=RecordStatus.PUBLISHED).first()
    if record is None:
        return
    drawn = None
    with suppress(ParvisError):
        described = record.described
        drawn = drawing.of_map(OPERATOR, described) if noun == Map.noun else drawing.of_chart(OPERATOR, described)
    keep_of_record(noun, key, drawn, record.datasets)
