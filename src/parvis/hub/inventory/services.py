"""Saying by hand what is published, planned or not one's own: right, act, journal."""

from __future__ import annotations

from typing import ClassVar

from django.db import transaction

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.inventory.models import InventoryChoice
from parvis.hub.inventory.rules import Fact
from parvis.packs.inventory.rows import usual_datasets


class NotInInventory(RequestError):
    """A usual dataset that the inventory does not know, or a dataset of another organisation."""

    code: ClassVar[str] = "inventory-unknown"
    sentence: ClassVar[str] = gettext_noop("« {name} » n’est pas dans l’inventaire de cette organisation.")
    advice: ClassVar[str] = gettext_noop("Choisissez une ligne de l’inventaire et un jeu de la même organisation.")


def say(
    actor: Actor,
    organisation: Organisation,
    slug: str,
    status: Fact | None,
    dataset: Dataset | None = None,
    note: str = "",
) -> None:
    """Keep what an organisation says of a usual dataset; None takes it back, and guesses count again.

    NotInInventory for an unknown row, a dataset of another organisation, or « published » without a dataset.
    """
    require(actor, "publish", organisation.pk, f"tenir l’inventaire de {organisation.name}")
    if slug not in {row.slug for row in usual_datasets()}:
        raise NotInInventory(name=slug)
    if (status is Fact.PUBLISHED) != (dataset is not None):
        raise NotInInventory(name=slug)
    if dataset is not None and dataset.organisation_id != organisation.pk:
        raise NotInInventory(name=dataset.dataset_id)
    with transaction.atomic():
        if status is None:
            InventoryChoice.objects.filter(organisation=organisation, slug=slug).delete()
        else:
            facts = {"said": status.value, "dataset": dataset, "note": note[:300]}
            InventoryChoice.objects.update_or_create(organisation=organisation, slug=slug, defaults=facts)
        record(
            actor.name, actor.person_id, "inventory.say", "organisation", organisation.slug,
            row=slug, said=status.value if status else "", dataset=dataset.dataset_id if dataset else "",
        )  # fmt: skip
