"""The order in which the catalogue lists datasets: as the portal that they came from listed them, then the others by their titles."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from parvis.hub.accounts.rules import Actor, require
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import bump_revision

_AT_ONCE = 500


def arrange(actor: Actor, keys: Sequence[int]) -> int:
    """Give these datasets that order among themselves; how many have another rank than before.

    They follow one another, where the first of them was: those of another portal stay before or after, as they were. Datasets that have no
    rank come last.
    """
    order = list(dict.fromkeys(keys))
    with transaction.atomic():
        # By their keys, as every change locks them: of two that arrange at once, the second sees what the first did.
        some = Dataset.objects.filter(Q(rank__isnull=False) | Q(pk__in=order)).select_for_update(of=("self",))
        rows = {row.pk: row for row in some.order_by("pk").only("pk", "rank", "organisation", "dataset_id")}
        order = [key for key in order if key in rows]
        for organisation in {rows[key].organisation_id for key in order}:
            require(actor, "publish", organisation, "ranger les jeux de cette organisation")
        ranked = sorted((row for row in rows.values() if row.rank is not None), key=lambda row: (row.rank, row.pk))
        sought = set(order)
        place = next((rank for rank, row in enumerate(ranked) if row.pk in sought), len(ranked))
        before = [row.pk for row in ranked[:place]]
        after = [row.pk for row in ranked[place:] if row.pk not in sought]
        changed = []
        for rank, key in enumerate([*before, *order, *after], 1):
            if rows[key].rank != rank:
                rows[key].rank = rank
                changed.append(rows[key])
        Dataset.objects.bulk_update(changed, ["rank"], batch_size=_AT_ONCE)
        if changed:  # nothing is told of a dataset but its rank: one is enough for lists to be made again
            bump_revision(changed[0])
    return len(changed)
