"""Saving drawings: right, act, journal, in that order."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.saved.models import Description, Saved
from parvis.hub.saved.rules import MOST_TITLE, BadTitle, SavedMeanwhile, SavedStatus, slug_of


def create[Kind: Saved](actor: Actor, kind: type[Kind], organisation: Organisation, description: Description) -> Kind:
    """A draft, under an address made from its title that will not change any more; BadTitle."""
    require(actor, "edit", organisation.pk, f"enregistrer « {description.title} » pour « {organisation} »")
    title = _title(description)
    wished, number = slug_of(title, kind.unnamed), 1
    while True:
        slug = wished if number == 1 else f"{wished}-{number}"
        try:
            with transaction.atomic():
                found = kind.objects.create(
                    slug=slug, organisation=organisation, author_id=actor.person_id, **_kept(title, description)
                )
                _journal(actor, "create", found)
                return found
        except IntegrityError:
            if not kind.objects.filter(slug=slug).exists():
                raise
            number += 1


def update[Kind: Saved](actor: Actor, found: Kind, description: Description, *, revision: int) -> Kind:
    """Change what it shows; SavedMeanwhile when it is no longer at the ``revision`` that was opened."""
    require(actor, "edit", found.organisation_id, f"modifier « {found.title} »")
    kept = _kept(_title(description), description)
    with transaction.atomic():
        changed = type(found).objects.filter(pk=found.pk, revision=revision).update(
            **kept, revision=revision + 1, modified=timezone.now()
        )  # fmt: skip
        if not changed:
            raise SavedMeanwhile(title=found.title)
        found.refresh_from_db()
        _journal(actor, "update", found)
    return found


def publish[Kind: Saved](actor: Actor, found: Kind) -> Kind:
    """Open its page to all."""
    return _set_status(actor, found, SavedStatus.PUBLISHED, "publish")


def unpublish[Kind: Saved](actor: Actor, found: Kind) -> Kind:
    """Keep its page for its editors again."""
    return _set_status(actor, found, SavedStatus.DRAFT, "unpublish")


def delete(actor: Actor, found: Saved) -> None:
    """Remove it for ever; its description stays in the journal."""
    require(actor, "edit", found.organisation_id, f"supprimer « {found.title} »")
    if found.status == SavedStatus.PUBLISHED:
        require(actor, "publish", found.organisation_id, f"supprimer « {found.title} », qui est en ligne")
    with transaction.atomic():
        _journal(actor, "delete", found, description=found.description)
        found.delete()


def _set_status[Kind: Saved](actor: Actor, found: Kind, status: SavedStatus, act: str) -> Kind:
    require(actor, "publish", found.organisation_id, f"publier ou retirer « {found.title} »")
    if found.status != status:
        with transaction.atomic():
            found.status = status
            found.save(update_fields=["status", "modified"])
            _journal(actor, act, found)
    return found


def _title(description: Description) -> str:
    title = " ".join(description.title.split())
    if not 0 < len(title) <= MOST_TITLE:
        raise BadTitle(most=MOST_TITLE)
    return title


def _kept(title: str, description: Description) -> dict[str, Any]:
    body = {name: value for name, value in description.to_dict().items() if name != "title"}
    return {"title": title, "description": body, "datasets": description.datasets}


def _journal(actor: Actor, act: str, found: Saved, **details: Any) -> None:
    noun = found.noun
    record(actor.name, actor.person_id, f"{noun}.{act}", noun, found.slug, title=found.title, **details)
