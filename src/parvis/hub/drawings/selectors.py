"""Reading saved drawings."""

from __future__ import annotations

from collections.abc import Collection

from parvis.core.versions.formats import FEDERATED
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status as DatasetStatus
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to, renamed
from parvis.hub.drawings.models import Drawing
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import visible_to


def drawings_of_readable_data[Kind: Drawing](kind: type[Kind], actor: Actor) -> list[Kind]:
    """The published ones, latest first, whose datasets the actor may all read: of the others not even a title is told."""
    readable = set(datasets_visible_to(actor).prefetch_related(None).values_list("dataset_id", flat=True))
    published = visible_to(kind, actor).filter(status=Status.PUBLISHED).order_by("-modified", "id")
    return [
        drawing
        for drawing in published
        if all(name in readable or renamed(actor, name) in readable for name in drawing.datasets)
    ]


def has_drawings_here(kind: type[Drawing]) -> bool:
    """Whether the list of the site that answers has one that anybody may see."""
    drawings = [set(drawing.datasets) for drawing in visible_to(kind, ANONYMOUS).filter(status=Status.PUBLISHED)]
    names = set().union(*drawings)
    shown = datasets_visible_to(ANONYMOUS).prefetch_related(None).filter(dataset_id__in=names)
    readable = set(shown.values_list("dataset_id", flat=True))
    return any(datasets <= readable for datasets in drawings)


def offered_datasets(actor: Actor, chosen: Collection[str], most: int) -> list[Dataset]:
    """The datasets that a maker offers, by title: those chosen, then ``most`` that the actor manages, ``most`` open to them."""
    managed = datasets_managed_by(actor).exclude(status=DatasetStatus.DELETED)
    offered: dict[str, Dataset] = {}
    for some in (managed.filter(dataset_id__in=list(chosen)), managed, datasets_visible_to(actor)):
        drawable = some.prefetch_related(None).filter(current__isnull=False).exclude(current__format=FEDERATED)
        rows = drawable.order_by("title")[:most]
        offered = {**{row.dataset_id: row for row in rows}, **offered}
    return sorted(offered.values(), key=lambda row: row.title.lower())
