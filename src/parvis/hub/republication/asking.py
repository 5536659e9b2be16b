"""Asking for a sending: by who changes something, by who presses the button, by the calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.rules import Status
from parvis.hub.jobs.services import enqueue, enqueue_once
from parvis.hub.republication.kinds import SEND
from parvis.hub.republication.models import Portal
from parvis.hub.republication.rules import GATHERED

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def ask(organisation: int, *, urgent: bool = False) -> None:
    """Have what an organisation shows elsewhere be looked at again, within seconds of the end of the transaction; nothing without a portal.

    ``urgent`` for what must not be read there any more: no former failure holds it back.
    """
    for key in Portal.objects.filter(organisation=organisation, active=True).values_list("pk", flat=True):
        transaction.on_commit(partial(ask_soon, key, urgent=urgent))


def ask_soon(portal: int, *, urgent: bool = False) -> None:
    """One job for all that changes within a few seconds."""
    seconds = GATHERED.total_seconds()
    slot = datetime.fromtimestamp(timezone.now().timestamp() // seconds * seconds + seconds, tz=UTC)
    ask_at(portal, slot, pressed=urgent)


def ask_at(portal: int, moment: datetime, *, dry: bool = False, pressed: bool = False) -> None:
    """A sending, or a trial, at a moment, asked for once."""
    key = f"{portal}-{moment.isoformat()}-{dry:d}{pressed:d}"
    enqueue_once(OPERATOR, SEND, key, after=moment, portal=portal, dry=dry, pressed=pressed)


def ask_now(portal: int, *, dry: bool = False) -> None:
    """A sending, or a trial, that somebody waits for: no former failure holds it back."""
    enqueue(OPERATOR, SEND, portal=portal, dry=dry, pressed=True)


def ask_for_all() -> int:
    """A sending of each organisation that has one in service; how many. What no signal said is then seen, within the day."""
    keys = list(Portal.objects.filter(active=True).values_list("pk", flat=True))
    for key in keys:
        ask_soon(key)
    return len(keys)


def dataset_published(dataset: Dataset, **_rest: Any) -> None:
    """A version became the one that readers see."""
    _ask_about(dataset)


def dataset_withdrawn(dataset: Dataset, former: Status | None = None, **_rest: Any) -> None:
    """A dataset is not read any more."""
    if former == Status.PUBLISHED:
        _ask_about(dataset, urgent=True)


def _ask_about(dataset: Dataset, *, urgent: bool = False) -> None:
    portal = Portal.objects.filter(organisation=dataset.organisation_id, active=True).first()
    if portal is None:
        return
    copies = set(portal.copies.values_list("dataset_id", flat=True))
    if not copies or dataset.dataset_id in copies:
        ask(dataset.organisation_id, urgent=urgent)
