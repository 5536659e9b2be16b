"""The files of thumbnails, as open as what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.core.errors import NotFound
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.thumbnails.rules import MEDIA_TYPES
from parvis.hub.thumbnails.selectors import body_of_dataset, body_of_record
from parvis.hub.ui.embedding import picture_alone
from parvis.web.portal.dataset import of_dataset

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

KEPT_SECONDS = 3600
"""A name changes with its bytes, but what is withdrawn must leave browsers before the end of the day."""


@picture_alone
@require_safe
@of_dataset
def dataset_thumbnail(request: HttpRequest, dataset: Dataset, file: str) -> HttpResponse:
    """The picture of a dataset for its cards; ``file`` is its name and its theme."""
    name, theme = _read(file)
    return _sent(body_of_dataset(dataset, name, theme), name)


@picture_alone
@require_safe
def thumbnail(request: HttpRequest, kind: str, key: int, file: str) -> HttpResponse:
    """That of a map, a chart or a page."""
    name, theme = _read(file)
    return _sent(body_of_record(actor_of(request.user), kind, key, name, theme), name)


def _read(file: str) -> tuple[str, str]:
    """The name of a thumbnail and its theme, from the name of a file."""
    stem, _dot, ending = file.partition(".")
    start, _dash, theme = stem.rpartition("-")
    if theme not in ("light", "dark") or ending not in MEDIA_TYPES:
        raise NotFound(name=file)
    return f"{start}.{ending}", theme


def _sent(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=MEDIA_TYPES[name.rpartition(".")[2]])
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response["Vary"] = "Cookie"
    return response
