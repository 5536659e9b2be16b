"""Reading what was saved, always through somebody's eyes."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import NEEDED_ROLE, Actor
from parvis.hub.saved.models import Saved
from parvis.hub.saved.rules import SavedStatus, may_see


def visible_to[Kind: Saved](kind: type[Kind], actor: Actor) -> QuerySet[Kind]:
    """Those that exist for the actor; the query form of ``rules.may_see``."""
    found = kind.objects.select_related("organisation", "organisation__territory")
    return found if actor.everything else found.filter(Q(status=SavedStatus.PUBLISHED) | _edited_by(actor))


def managed_by[Kind: Saved](kind: type[Kind], actor: Actor) -> QuerySet[Kind]:
    """Those the actor may change: the back office's list."""
    found = kind.objects.select_related("organisation", "author")
    return found if actor.everything else found.filter(_edited_by(actor))


def _edited_by(actor: Actor) -> Q:
    editable = [key for key, role in actor.roles.items() if role.rank >= NEEDED_ROLE["edit"].rank]
    return Q(organisation__in=editable)


def saved_at[Kind: Saved](kind: type[Kind], actor: Actor, slug: str) -> Kind:
    """The one of that address; NotFound when it does not exist for the actor."""
    found = kind.objects.select_related("organisation", "organisation__territory").filter(slug=slug).first()
    if found is None or not may_see(actor, found.status, found.organisation_id):
        raise NotFound(name=slug)
    return found


def managed_at[Kind: Saved](kind: type[Kind], actor: Actor, slug: str) -> Kind:
    """The same for who may change it; NotFound for the rest."""
    found = managed_by(kind, actor).filter(slug=slug).first()
    if found is None:
        raise NotFound(name=slug)
    return found
