"""What the owner of a dataset takes, and the columns that tell its rows apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction
from django.utils import timezone

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.domains.contributions.models import Correction, Opening, Proposal, key_text, values_of
from parvis.domains.contributions.rules import LIVE_STATES, OPEN_STATES, Kind, State
from parvis.domains.contributions.tables import ContributedTable
from parvis.domains.contributions.telling import tell
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


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
    return _keep(actor, table, [kind for kind in Kind.values if kind in kinds], chosen)


def confirm_key(actor: Actor, table: ContributedTable) -> Opening:
    """Say that the key found in the values tells rows apart; KeyNotUnique when it does no more."""
    dataset = table.dataset
    require(actor, "publish", dataset.organisation_id, f"décider des contributions à « {dataset.title} »")
    if not table.tells_apart(table.key):
        raise KeyNotUnique(columns=", ".join(table.key_labels))
    kinds = table.opening.kinds if table.opening else list(Kind.values)
    return _keep(actor, table, kinds, list(table.key))


def _keep(actor: Actor, table: ContributedTable, kinds: Sequence[str], key: Sequence[str]) -> Opening:
    dataset = table.dataset
    with transaction.atomic():
        opening, _made = Opening.objects.update_or_create(
            dataset=dataset, defaults={"kinds": list(kinds), "key": list(key), "is_key_confirmed": True}
        )
        if key and tuple(key) != table.key:
            _find_again(dataset, key)
        record(
            actor.name,
            actor.person_id,
            "contribution.open",
            "dataset",
            dataset.dataset_id,
            kinds=opening.kinds,
            key=opening.key,
        )
    return opening


def _find_again(dataset: Dataset, key: Sequence[str]) -> None:
    """Have the proposals that wait find their rows by another key: each holds its row whole, as it was seen."""
    waiting = Proposal.objects.filter(dataset=dataset.pk, state__in=OPEN_STATES).exclude(key__isnull=True)
    for proposal in waiting:
        values = {**values_of(proposal.row), **values_of(proposal.changes)}
        proposal.key = [values.get(name) for name in key]
        proposal.key_text = key_text(proposal.key)
        if proposal.kind == Kind.ADD and None in proposal.key:  # it lacks what tells rows apart now
            proposal.state, proposal.decided = State.EXPIRED, timezone.now()
            tell(proposal)
        proposal.save(update_fields=["key", "key_text", "state", "decided"])
