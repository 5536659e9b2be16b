"""The thumbnails of pages that have no picture of their own: asked for when what they show is published, forgotten with them."""

from __future__ import annotations

from typing import Any

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.rules import Kind
from parvis.hub.jobs.services import enqueue
from parvis.hub.pages.models import ThemePage
from parvis.hub.thumbnails.models import Thumbnail
from parvis.hub.thumbnails.rules import DRAWING
from parvis.hub.thumbnails.services import forget, showing

PAGE = "page"
DRAW = "pages.thumbnail"
KINDS = (Kind(DRAW, "parvis.hub.pages.thumbnail_drawing.draw_page", queue="heavy", priority=5),)


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
