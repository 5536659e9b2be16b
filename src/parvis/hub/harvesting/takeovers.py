"""The passage of a dataset from one source to another, once its owner was told."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.models import Item
from parvis.hub.harvesting.rules import Decision


def take_over(item: Item) -> Dataset | None:
    """Give an item the dataset that was decided for it, once its time has come; the former source of it lets go."""
    if item.takes_over is None or item.takes_over > timezone.now() or item.twin is None:
        return None
    with transaction.atomic():
        others = Item.objects.filter(dataset=item.twin).exclude(pk=item.pk)
        others.update(dataset=None, twin=None, decision=Decision.REPLACED, digest="")
        item.dataset, item.twin, item.takes_over = item.twin, None, None
        item.save(update_fields=["dataset", "twin", "takes_over"])
    return item.dataset
