"""Civic records that visitors sent: decided as they were read, masked, refused for a reason, signed off.

Such a record has ``signature``, ``to_confirm``, ``held`` and ``reason`` besides the columns of every record, and leaves no trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from parvis.hub.accounts.rules import Actor, require
from parvis.hub.records.rules import Status
from parvis.hub.records.services import publish, update, withdraw
from parvis.hub.visitors.receipt_rules import DecidedMeanwhile
from parvis.hub.visitors.receipts import tell_sender
from parvis.hub.visitors.writings import read_writing


def take(actor: Actor, record: Any, revision: int, action: str) -> None:
    """Have the record be decided by this person, as it was read at ``revision``: of two, the second is told (DecidedMeanwhile)."""
    require(actor, "publish", record.organisation_id, f"{action} « {record.slug} »")
    same = type(record).objects.filter(pk=record.pk, revision=revision)
    if not same.update(revision=revision + 1):
        now = type(record).objects.filter(pk=record.pk).first()
        raise DecidedMeanwhile(title=record.title, state=now.get_status_display() if now else "effacé")
    record.refresh_from_db()


def accept(actor: Actor, record: Any, kind: str, *, revision: int, masked: Sequence[str] = ()) -> None:
    """Put a record online as it was read, the mentions of persons in its columns ``masked`` replaced; tell who sent it (``kind``)."""
    with transaction.atomic():
        take(actor, record, revision, "publier")
        changes: dict[str, Any] = {"held": False}
        changes |= {name: read_writing(getattr(record, name)).masked for name in masked}
        update(actor, record, changes, revision=record.revision)
        publish(actor, record)
        if masked:  # earlier revisions hold what was masked
            record.revisions.exclude(pk=record.latest_revision_id).delete()
        type(record).objects.filter(pk=record.pk).update(reason="")
        tell_sender(kind, record)


def refuse(actor: Actor, record: Any, kind: str, *, revision: int, reason: str) -> None:
    """Do not show a record, or no longer, for a reason that who sent it is told."""
    with transaction.atomic():
        take(actor, record, revision, "refuser")
        withdraw(actor, record, Status.RETIRED)
        type(record).objects.filter(pk=record.pk).update(reason=reason)
        tell_sender(kind, record)


def unsign(record: Any) -> None:
    """Leave nothing of who signed a record, its history included."""
    with transaction.atomic():
        record.signature = ""
        record.save(update_fields=["signature"])
        record.revisions.exclude(pk=record.latest_revision_id).delete()
        for revision in record.revisions.all():
            revision.content = {**revision.content, "signature": ""}
            revision.save(update_fields=["content"])
