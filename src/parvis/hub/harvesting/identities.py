"""By what an item of a source is known: there, here, and to other sources."""

from __future__ import annotations

import hashlib

from django.db.models import Q

from parvis.core.identifiers import BadDatasetId, check_dataset_id
from parvis.core.sources.contract import Item as ToldItem
from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import dataset_called
from parvis.hub.catalogue.services import answer_to, free_dataset_id
from parvis.hub.harvesting.cards import ToldCard
from parvis.hub.harvesting.files import FILE_MARK
from parvis.hub.harvesting.models import Item, ItemKey
from parvis.hub.harvesting.rules import keys_of, name_in


def identifier_of(text: str) -> str:
    """At most 500 signs: a longer one ends with its digest."""
    if len(text) <= 500:
        return text
    return f"{text[:430]}#{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def dataset_id_for(item: ToldItem, told_card: ToldCard) -> str:
    """The source's own when it will do and is free: addresses that lead there lead here; else one made of it, if it has signs that
    ours have not, or of the title, if it is taken."""
    name = name_in(item) if "explore" in item.extras else ""
    try:
        if name and dataset_called(check_dataset_id(name)) is None:
            return name
    except BadDatasetId:
        return free_dataset_id(name)
    return free_dataset_id(told_card.values["title"])


def answer_as_there(actor: Actor, dataset: Dataset, name: str) -> Sentence | None:
    """Have addresses of a dataset that moved in lead to it when its identifier there could not be its own; what is told of it."""
    if not name or name == dataset.dataset_id:
        return None
    if answer_to(actor, dataset, name):
        values = {"former": name[:200], "name": dataset.dataset_id}
        return Sentence(
            "« {former} » ne peut pas servir ici : ce jeu s’appelle « {name} », et son ancienne adresse y mène", values
        )
    values = {"former": name[:200], "name": dataset.dataset_id}
    return Sentence("« {former} » n’est pas libre ici : ce jeu s’appelle « {name} »", values)


def same_place(item: ToldItem) -> Q:
    """Rows of items that an item is, whatever the source calls it since: the same title, and the same page or file; or the same first page
    of all, but for files of one page, which their titles tell apart."""
    keys = keys_of(item)
    places = [key for key, kind in keys.items() if kind in ("origin", "page", "file")]
    same = Q(title=item.title[:500], keys__key__in=places)
    if FILE_MARK in item.identifier:
        return same
    return same | Q(keys__key__in=[key for key, kind in keys.items() if kind == "origin"])


def remember_keys(row: Item, item: ToldItem) -> None:
    """Keep what tells that another source speaks of the same dataset."""
    keys = set(keys_of(item))
    present = set(row.keys.values_list("key", flat=True))
    if keys != present:
        row.keys.filter(key__in=present - keys).delete()
        ItemKey.objects.bulk_create([ItemKey(item=row, key=key) for key in sorted(keys - present)])
