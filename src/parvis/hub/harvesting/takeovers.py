"""The passage of a dataset from one source to another, once its owner was told, unless somebody prevents it before."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.rules import Actor, may
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.asking import shown_title
from parvis.hub.harvesting.models import Item, Source
from parvis.hub.harvesting.rules import Decision, TooLate


def take_over(item: Item) -> Dataset | None:
    """Give an item the dataset that was decided for it, once its time has come; the former source of it lets go."""
    with transaction.atomic():
        # Somebody may have prevented it since the item was read.
        due = Item.objects.select_for_update().filter(pk=item.pk, takes_over__lte=timezone.now(), twin__isnull=False)
        if not due.exists():
            return None
        others = Item.objects.filter(dataset=item.twin).exclude(pk=item.pk)
        others.update(dataset=None, twin=None, decision=Decision.REPLACED, digest="")
        item.dataset, item.twin, item.takes_over = item.twin, None, None
        item.save(update_fields=["dataset", "twin", "takes_over"])
    return item.dataset


def takeovers_of(source: Source) -> QuerySet[Item]:
    """Those that this source is about to take over."""
    return source.items.filter(takes_over__isnull=False, twin__isnull=False).select_related("twin__organisation")


def takeover_of(actor: Actor, key: int) -> Item:
    """A passage to come, for those who may prevent it; NotFound for all others, and once it is over or given up."""
    items = Item.objects.filter(takes_over__isnull=False, twin__isnull=False)
    item = items.select_related("source__organisation", "twin__organisation").filter(pk=key).first()
    if item is None or not may_prevent(actor, item):
        raise NotFound(name=str(key))
    return item


def may_prevent(actor: Actor, item: Item) -> bool:
    """Whether the actor administers the organisation of the dataset, or is who wanted the passage."""
    is_proposer = actor.person_id is not None and actor.person_id == item.proposer_id
    return is_proposer or (item.twin is not None and may(actor, "administer", item.twin.organisation_id))


def prevent(actor: Actor, item: Item) -> None:
    """Leave a dataset to who keeps it: its resemblance waits for a decision again. TooLate once it has passed."""
    if not may_prevent(actor, item):
        raise Forbidden(action="annuler le passage de ce jeu à une autre source")
    with transaction.atomic():
        waiting = Item.objects.filter(pk=item.pk, takes_over__isnull=False, dataset=None)
        changes = {"takes_over": None, "decision": Decision.UNDECIDED, "digest": "", "proposer": None}
        if not waiting.update(**changes):
            raise TooLate
        dataset_id = item.twin.dataset_id if item.twin else ""
        record(
            actor.name,
            actor.person_id,
            "source.prevent",
            "source",
            item.source.slug,
            title=shown_title(item.source),
            dataset=dataset_id,
        )
    item.refresh_from_db()
