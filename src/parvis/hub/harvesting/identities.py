"""By what an item of a source is known: there, here, and to other sources."""

from __future__ import annotations

import hashlib

from parvis.core.identifiers import BadDatasetId, check_dataset_id
from parvis.core.sources.contract import Item as ToldItem
from parvis.hub.catalogue.selectors import dataset_called
from parvis.hub.catalogue.services import free_dataset_id
from parvis.hub.harvesting.cards import ToldCard
from parvis.hub.harvesting.models import Item, ItemKey
from parvis.hub.harvesting.rules import keys_of, name_in


def identifier_of(text: str) -> str:
    """At most 500 signs: a longer one ends with its digest."""
    if len(text) <= 500:
        return text
    return f"{text[:430]}#{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def dataset_id_for(item: ToldItem, told_card: ToldCard) -> str:
    """The source's own when it will do and is free: addresses that lead there lead here; else one made of the title."""
    name = name_in(item) if "explore" in item.extras else ""
    try:
        if name and dataset_called(check_dataset_id(name)) is None:
            return name
    except BadDatasetId:
        pass
    return free_dataset_id(told_card.values["title"])


def remember_keys(row: Item, item: ToldItem) -> None:
    """Keep what tells that another source speaks of the same dataset."""
    keys = set(keys_of(item))
    present = set(row.keys.values_list("key", flat=True))
    if keys != present:
        row.keys.filter(key__in=present - keys).delete()
        ItemKey.objects.bulk_create([ItemKey(item=row, key=key) for key in sorted(keys - present)])
