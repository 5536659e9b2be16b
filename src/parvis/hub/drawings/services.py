"""Saving drawings: those of ``records.services``, given a description."""

from __future__ import annotations

from typing import Any

from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.drawings.models import Description, Drawing
from parvis.hub.records import services


def create[Kind: Drawing](actor: Actor, kind: type[Kind], organisation: Organisation, description: Description) -> Kind:
    """A draft, under an address made from its title that will not change by itself; BadTitle."""
    return services.create(actor, kind(organisation=organisation, **_columns(description)))


def update[Kind: Drawing](actor: Actor, drawing: Kind, description: Description, *, revision: int) -> Kind:
    """Change what it shows; EditConflict when it is no longer at the ``revision`` that was opened."""
    return services.update(actor, drawing, _columns(description), revision=revision)


def _columns(description: Description) -> dict[str, Any]:
    body = {name: value for name, value in description.to_dict().items() if name != "title"}
    return {"title": description.title, "description": body, "datasets": description.datasets}
