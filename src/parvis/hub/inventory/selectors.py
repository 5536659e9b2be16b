"""The inventory of an organisation, through somebody's eyes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Sum

from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.inventory.models import InventoryChoice
from parvis.hub.inventory.rules import Choice, Fact, Held, Item, Standing, inventory
from parvis.hub.territories.selectors import communes_of
from parvis.packs.inventory.rows import HOLDERS, usual_datasets


def inventory_of(actor: Actor, organisation: Organisation) -> list[Item]:
    """The usual datasets that concern an organisation, with those of its published datasets that the actor may read."""
    datasets = datasets_visible_to(actor).filter(organisation=organisation)
    datasets = datasets.prefetch_related(None).select_related("schema_followed")
    rows = InventoryChoice.objects.filter(organisation=organisation)
    choices = {row.slug: Choice(Fact(row.said), row.dataset_id, row.note) for row in rows}
    holdings = [_held(dataset) for dataset in datasets]
    return inventory(usual_datasets(), organisation.kind, population_of(organisation), holdings, choices)


def population_of(organisation: Organisation) -> int | None:
    """Inhabitants of its territory, None when it is not known."""
    territory = organisation.territory
    if territory is None:
        return None
    if territory.population is not None:
        return int(territory.population)
    return communes_of(territory).aggregate(total=Sum("population"))["total"]


def _held(dataset: Dataset) -> Held:
    words = tuple(str(word) for word in dataset.keywords)
    return Held(dataset.pk, dataset.dataset_id, dataset.title, words, schema_of(dataset))


def schema_of(dataset: Dataset) -> str:
    """The schema that the dataset follows, else the one its card says it conforms to; empty without."""
    followed = getattr(dataset, "schema_followed", None)
    if followed is not None and followed.name:
        return str(followed.name)
    for metadata in (dataset.custom, dataset.as_told.get("dcat_ap", {}), dataset.as_told.get("dcat", {})):
        value = metadata.get("schema") or metadata.get("conforms_to") if isinstance(metadata, dict) else ""
        if isinstance(value, str) and value:
            return value
    return ""


def local_authorities(actor: Actor) -> list[Organisation]:
    """The organisations whose kind has an inventory and that publish something the actor may see, by name."""
    publishing = datasets_visible_to(actor).values("organisation")
    organisations = Organisation.objects.filter(kind__in=HOLDERS, pk__in=publishing)
    return list(organisations.select_related("territory").order_by("name"))


def progress(items: Sequence[Item]) -> dict[str, int]:
    """How many usual datasets concern it, are published; the same of the socle and of what a text obliges."""
    concerned = [item for item in items if item.standing is not Standing.NOT_OURS]
    done = [item for item in concerned if item.standing is Standing.PUBLISHED]
    return {
        "all": len(concerned),
        "all_done": len(done),
        "socle": sum(item.usual.in_socle for item in concerned),
        "socle_done": sum(item.usual.in_socle for item in done),
        "must": sum(item.must for item in concerned),
        "must_done": sum(item.must for item in done),
        "likely": sum(item.standing is Standing.LIKELY for item in concerned),
    }
