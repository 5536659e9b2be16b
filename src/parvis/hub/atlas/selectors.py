"""Reading saved maps."""

from __future__ import annotations

from parvis.hub.accounts.rules import Actor
from parvis.hub.atlas.models import Map
from parvis.hub.drawings.selectors import drawings_of_readable_data
from parvis.hub.records.selectors import record_at


def map_at(actor: Actor, slug: str) -> Map:
    """The map of that address; NotFound when it does not exist for the actor, Moved when it has another address now."""
    return record_at(Map, actor, slug)


def maps_of_readable_data(actor: Actor) -> list[Map]:
    """The published maps, latest first, whose datasets the actor may all read: of the others not even a title is told."""
    return drawings_of_readable_data(Map, actor)
