"""The datasets that are made of another one, by a step of their recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.rules import may_see
from parvis.hub.preparation.services import children_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

SHOWN = 20


def children_shown(actor: Actor, dataset: Dataset) -> dict[str, Any]:
    """Those that the person may see, and how many more there are."""
    children = [child for child, _wish in children_of(dataset)]
    seen = [child for child in children if may_see(actor, child.guarded)][:SHOWN]
    return {"children": seen, "more_children": len(children) - len(seen)}
