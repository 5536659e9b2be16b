"""Drawing the thumbnail of a page that has no picture of its own: that of its first map or chart that can be drawn for everybody."""

from __future__ import annotations

from contextlib import suppress

from parvis.core.charts.description import ChartDescription
from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.jobs.rules import JobContext
from parvis.hub.pages.block_values import Reader
from parvis.hub.pages.blocks.body import data_blocks
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.thumbnails import PAGE
from parvis.hub.thumbnails import drawing
from parvis.hub.thumbnails.rules import Drawn
from parvis.hub.thumbnails.services import forget, keep_of_record

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
