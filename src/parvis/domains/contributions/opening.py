"""What the owner of a dataset takes, and the columns that tell its rows apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.db import transaction

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.domains.contributions.models import Correction, Opening
from parvis.domains.contributions.rules import LIVE_STATES, Kind
from parvis.domains.contributions.tables import ContributedTable
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record


class KeyInUse(RequestError):
    """Corrections find their rows by the key."""

    code: ClassVar[str] = "contribution-key-used"
    sentence: ClassVar[str] = gettext_noop(
        "{count} corrections acceptées retrouvent leur ligne par ces colonnes : elles ne peuvent plus changer."
    )
    advice: ClassVar[str] = gettext_noop(
        "Attendez que la source dise la même chose, ou choisissez la source pour chacune."
    )


class KeyNotUnique(RequestError):
    """Two rows have the same values."""

    code: ClassVar[str] = "contribution-key-unique"
    sentence: ClassVar[str] = gettext_noop("Plusieurs lignes ont les mêmes valeurs dans : {columns}.")
    advice: ClassVar[str] = gettext_noop("Ajoutez une colonne, ou choisissez-en d’autres.")


def change_opening(actor: Actor, table: ContributedTable, kinds: Sequence[str], key: Sequence[str]) -> Opening:
    """Say what a dataset takes; KeyNotUnique and KeyInUse for a key that will not do."""
    dataset = table.dataset
    require(actor, "edit", dataset.organisation_id, f"régler les contributions à « {dataset.title} »")
    chosen = [column.name for column in table.editable if column.name in key]
    if tuple(chosen) != table.key:
        live = Correction.objects.filter(dataset=dataset.pk, state__in=LIVE_STATES).count()
        if live:
            raise KeyInUse(count=live)
        if chosen and not table.tells_apart(chosen):
            labels = [column.label for column in table.editable if column.name in chosen]
            raise KeyNotUnique(columns=", ".join(labels))
    with transaction.atomic():
        opening, _made = Opening.objects.update_or_create(
            dataset=dataset, defaults={"kinds": [kind for kind in Kind.values if kind in kinds], "key": chosen}
        )
        record(
            actor.name,
            actor.person_id,
            "contribution.open",
            "dataset",
            dataset.dataset_id,
            kinds=opening.kinds,
            key=chosen,
        )
    return opening
