"""Reading thumbnails, for whoever may read what they show."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.http import HttpRequest

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.drawings.questions import readable_dataset
from parvis.hub.store import record_thumbnails_name, store, thumbnails_name
from parvis.hub.thumbnails.models import Thumbnail
from parvis.hub.thumbnails.rules import ABOUT, MOST_BYTES, About, file_of, is_shown

MOST_LISTED = 5_000
"""Names of one kind that a page reads at once: every map, chart or page of a large portal."""


def names_of(request: HttpRequest, kind: str) -> Mapping[int, str]:
    """The name of each thumbnail of a kind by the key of what it shows, read once for a page, whatever the number of its cards."""
    read: dict[str, dict[int, str]] = request.__dict__.setdefault("_thumbnails", {})
    if kind not in read:
        rows = Thumbnail.objects.filter(kind=kind).values_list("object_id", "name")[:MOST_LISTED]
        read[kind] = {key: name for key, name in rows if is_shown(name)}
    return read[kind]


def body_of_dataset(dataset: Dataset, name: str, theme: str) -> bytes:
    """The thumbnail of a dataset that the caller has the right to see, or of a chart proposed of it; NotFound for any other name."""
    if not is_shown(name) or dataset.current is None:
        raise NotFound(name=name)
    if dataset.current.thumbnail != name and name not in suggested_of(dataset).values():
        raise NotFound(name=name)
    return _body(f"{thumbnails_name(dataset.uid, dataset.current.name)}/{file_of(name, theme)}")


def about_dataset(dataset: Dataset) -> About | None:
    """What the thumbnail of a dataset shows; None while it is not drawn, or when nothing of it can be."""
    if dataset.current is None or not is_shown(dataset.current.thumbnail):
        return None
    try:
        with store().open(f"{thumbnails_name(dataset.uid, dataset.current.name)}/{ABOUT}") as stream:
            return About(**json.loads(stream.read(MOST_BYTES)))
    except (NotFound, ValueError, TypeError):
        return None


def suggested_of(dataset: Dataset) -> Mapping[str, str]:
    """The thumbnails of the charts proposed of a dataset, by ``key_of_chart``; none while they are not drawn."""
    about = about_dataset(dataset)
    return about.suggested if about else {}


def body_of_record(actor: Actor, kind: str, key: int, name: str, theme: str) -> bytes:
    """The thumbnail of a map, a chart or a page; NotFound unless the actor may read every dataset that it shows."""
    thumbnail = Thumbnail.objects.filter(kind=kind, object_id=key, name=name).first()
    if thumbnail is None or not is_shown(name):
        raise NotFound(name=name)
    for dataset_id in thumbnail.datasets:
        readable_dataset(actor, dataset_id)
    return _body(f"{record_thumbnails_name(kind, key)}/{file_of(name, theme)}")


def _body(name: str) -> bytes:
    with store().open(name) as stream:
        return stream.read(MOST_BYTES)
