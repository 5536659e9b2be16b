"""The thumbnail of a page that has no picture of its own: that of its first map or chart that can be drawn for everybody."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from parvis.core.charts.description import ChartDescription
from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.rules import JobContext, Kind
from parvis.hub.jobs.services import enqueue
from parvis.hub.pages.block_values import Reader
from parvis.hub.pages.blocks.body import data_blocks
from parvis.hub.pages.models import ThemePage
from parvis.hub.thumbnails import drawing
from parvis.hub.thumbnails.models import Thumbnail
from parvis.hub.thumbnails.rules import DRAWING, Drawn
from parvis.hub.thumbnails.services import forget, keep_of_record, showing

PAGE = "page"
DRAW = "pages.thumbnail"
DRAWN_BLOCKS = ("map", "chart")
MOST_TRIED = 4
"""Blocks of a page that are tried: a page of withdrawn data costs no more."""


def draw_page(context: JobContext, page: int) -> None:
    """Draw the thumbnail of a published page without picture."""
    row = ThemePage.objects.live().filter(pk=page).first()
    if row is None or row.picture_id:
        forget(PAGE, page)
        return
    drawn, datasets = _first_drawn(row)
    keep_of_record(PAGE, row.pk, drawn, datasets)


KINDS = (Kind(DRAW, draw_page, queue="heavy", priority=5),)


def page_published(instance: ThemePage, **_facts: Any) -> None:
    """Have a page drawn."""
    _enqueue(instance.pk)


def page_unpublished(instance: ThemePage, **_facts: Any) -> None:
    """Forget the thumbnail of a page that nobody reads any more."""
    forget(PAGE, instance.pk)


def version_published(dataset: Dataset, **_facts: Any) -> None:
    """Have the pages drawn whose thumbnail shows that dataset."""
    for kind, key in showing(dataset.dataset_id):
        if kind == PAGE:
            _enqueue(key)


def ask_for_missing() -> None:
    """Ask for the pages without picture nor thumbnail as they are drawn today."""
    drawn = Thumbnail.objects.filter(kind=PAGE, name__startswith=f"{DRAWING}-").values("object_id")
    for key in ThemePage.objects.live().filter(picture=None).exclude(pk__in=drawn).values_list("pk", flat=True):
        _enqueue(key)


def _enqueue(page: int) -> None:
    waiting = Job.objects.filter(kind=DRAW, state=Job.State.QUEUED, arguments={"page": page})
    if not waiting.exists():
        enqueue(OPERATOR, DRAW, page=page)


def _first_drawn(page: ThemePage) -> tuple[Drawn | None, tuple[str, ...]]:
    """What is drawn, and the datasets that it shows; those of the first block when nothing could be, so that it is tried again."""
    blocks = [child for child in data_blocks(page.body) if child.block_type in DRAWN_BLOCKS][:MOST_TRIED]
    first: tuple[str, ...] = ()
    for child in blocks:
        with suppress(ParvisError):
            description = child.block.plan(child.value, Reader(ANONYMOUS)).state[0]
            datasets = tuple(description.datasets)
            first = first or datasets
            draw = drawing.of_chart if isinstance(description, ChartDescription) else drawing.of_map
            if drawn := draw(ANONYMOUS, description):
                return drawn, datasets
    return None, first
