"""Putting acts online, withdrawing one, depositing what corrects one: right, act, journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from parvis.core.errors import ParvisError, RequestError
from parvis.domains.deliberations.deposit.hiding import remove_published
from parvis.domains.deliberations.models import Act, ActFile, FileText, Session, Suggestions
from parvis.domains.deliberations.online.sealing import seal_withdrawal
from parvis.domains.deliberations.rules import NotOnline
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.records import services as records
from parvis.hub.records.rules import Status

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class SessionReport:
    """What became of the acts of a sitting: those that went online, and why the others did not."""

    published: tuple[Act, ...]
    refused: tuple[tuple[Act, ParvisError], ...]


def publish_act(actor: Actor, act: Act) -> Act:
    """Put an act online for ever, under its permanent address; NotReady, SameAct."""
    return records.publish(actor, act)


def publish_session(actor: Actor, session: Session) -> SessionReport:
    """Put online all the acts of a sitting that are ready, in their order, then its page."""
    require(actor, "publish", session.organisation_id, f"mettre en ligne « {session.title} »")
    published: list[Act] = []
    refused: list[tuple[Act, ParvisError]] = []
    for act in session.decided_acts.filter(live=False, withdrawn_at=None).order_by("rank", "number", "pk"):
        try:
            published.append(publish_act(actor, act))
        except RequestError as error:
            refused.append((act, error))
    records.publish(actor, session)
    return SessionReport(tuple(published), tuple(refused))


def withdraw_act(actor: Actor, act: Act, reason: str) -> None:
    """Take away what an act said, for privacy or because a court decided so; its page says that it was withdrawn, and when.

    What was published is erased; the original, which stays closed, is not. NotOnline for what nobody could read, or is gone already.
    """
    require(actor, "publish", act.organisation_id, f"retirer « {act.title} »")
    with transaction.atomic():
        if not Act.objects.select_for_update().get(pk=act.pk).live:
            # Never read by anyone, or gone already: nothing is to be said of it.
            raise NotOnline(title=act.title)
        act.withdrawn_at, act.withdrawn_for = timezone.now(), reason
        Act.objects.filter(pk=act.pk).update(withdrawn_at=act.withdrawn_at, withdrawn_for=reason)
        records.withdraw(actor, act, Status.RETIRED)
        _erase_published(list(ActFile.objects.filter(act=act)))
        seal_withdrawal(actor, act)


def _erase_published(files: Sequence[ActFile]) -> None:
    FileText.objects.filter(file__in=files).update(published_pages=[])
    Suggestions.objects.filter(act__in={file.act_id for file in files}).delete()
    remove_published(files)
    ActFile.objects.filter(pk__in=[file.pk for file in files]).update(published="")


def begin_correction(actor: Actor, act: Act, correction: Act) -> Act:
    """Have a deposited act, a draft still, correct one that is online; it is of the same sitting."""
    require(actor, "edit", act.organisation_id, f"corriger « {act.title} »")
    changes = {"corrects": act, "session": act.session, "kind": act.kind, "nature": act.nature}
    return records.update(actor, correction, changes, revision=correction.revision)
