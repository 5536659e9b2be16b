"""Asking for a sending: by who changes something, by who presses the button, by the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.rules import Status
from parvis.hub.jobs.selectors import is_under_way
from parvis.hub.jobs.services import enqueue, enqueue_once
from parvis.hub.republication.kinds import SEND
from parvis.hub.republication.models import Copy, Portal
from parvis.hub.republication.rules import CALM, GATHERED, Outcome, Scope

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def ask(organisation: int, *, urgent: bool = False) -> None:
    """Have what a module shows elsewhere of an organisation be looked at again, within seconds of the end of the transaction; nothing
    without a portal.

    ``urgent`` for what must not be read there any more: no former failure holds it back.
    """
    for key in Portal.objects.filter(organisation=organisation, active=True).values_list("pk", flat=True):
        Copy.objects.filter(portal=key, source=None).update(due=timezone.now())
        transaction.on_commit(partial(ask_soon, key, urgent=urgent))


def ask_soon(portal: int, *, urgent: bool = False, everything: bool = False) -> None:
    """One job for all that changes within a few seconds."""
    ask_at(portal, _slot(timezone.now()), pressed=urgent, everything=everything)


def _slot(moment: datetime) -> datetime:
    seconds = GATHERED.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds + seconds, tz=UTC)


def ask_at(portal: int, moment: datetime, *, dry: bool = False, pressed: bool = False, everything: bool = True) -> None:
    """A sending, or a trial, at a moment, asked for once."""
    key = f"{portal}-{moment.isoformat()}-{dry:d}{pressed:d}{everything:d}"
    arguments = {"portal": portal, "dry": dry, "pressed": pressed, "everything": everything}
    enqueue_once(OPERATOR, SEND, key, after=moment, **arguments)


def ask_now(portal: int, *, dry: bool = False) -> None:
    """A sending, or a trial, that somebody waits for: no former failure holds it back. Pressed twice, it is done once."""
    if not is_awaited(portal, dry=dry):
        enqueue(OPERATOR, SEND, portal=portal, dry=dry, pressed=True)


def is_awaited(portal: int, *, dry: bool) -> bool:
    """Whether the sending, or the trial, that somebody pressed waits or runs."""
    return is_under_way(SEND, portal=portal, dry=dry, pressed=True)


def ask_for_all() -> int:
    """A sending of each organisation that has one in service; how many. What no signal said is then seen, within the day."""
    keys = list(Portal.objects.filter(active=True).values_list("pk", flat=True))
    for key in keys:
        ask_soon(key, everything=True)
    return len(keys)


def dataset_published(dataset: Dataset, **_rest: Any) -> None:
    """A version became the one that readers see."""
    _ask_about(dataset)


def dataset_withdrawn(dataset: Dataset, former: Status | None = None, **_rest: Any) -> None:
    """A dataset is not read any more."""
    if former == Status.PUBLISHED:
        _ask_about(dataset, urgent=True)


def datasets_stamped(keys: Iterable[int], **_rest: Any) -> None:
    """What is shown of some datasets changed, their cards perhaps: those that are there, or were refused, are compared, calmly."""
    copies = Copy.objects.filter(source__in=list(keys), portal__active=True)
    sent = ~Q(remote_id="") | Q(outcome=Outcome.REFUSED)
    for copy in copies.filter(sent).only("pk", "portal", "checked", "due"):
        moment = _slot(max(timezone.now(), (copy.checked or timezone.now() - CALM) + CALM))
        if copy.due is None or copy.due > moment:
            Copy.objects.filter(pk=copy.pk).update(due=moment)
            transaction.on_commit(partial(ask_at, copy.portal_id, moment, everything=False))


def _ask_about(dataset: Dataset, *, urgent: bool = False) -> None:
    portal = Portal.objects.filter(organisation=dataset.organisation_id, active=True).first()
    if portal is None:
        return
    copies = portal.copies.filter(Q(source=dataset) | Q(dataset_id=dataset.dataset_id))
    if copies.update(due=timezone.now()) or portal.scope != Scope.NONE or not portal.copies.exists():
        transaction.on_commit(partial(ask_soon, portal.pk, urgent=urgent))
