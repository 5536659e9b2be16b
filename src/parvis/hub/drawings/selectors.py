"""Reading saved drawings."""

from __future__ import annotations

from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.selectors import datasets_visible_to, renamed
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
