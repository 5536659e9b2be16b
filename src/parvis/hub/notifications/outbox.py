"""Mails leave in the background: each waits in a table until a server takes it, longer after each failure."""

from __future__ import annotations

import logging
import smtplib
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.core.progress import Progress, no_progress
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.notifications.kinds import POST
from parvis.hub.notifications.mails import send
from parvis.hub.notifications.models import Outgoing, Subscription
from parvis.hub.notifications.rules import notice_kinds
from parvis.hub.notifications.selectors import mail_is_open

logger = logging.getLogger("parvis.notifications")

WAITS = (5, 30, 120, 360, 720, 1440, 1440)
"""Minutes before each new try; given up after the last."""
LEASE = timedelta(minutes=10)
"""While a process sends a mail, no other does; killed meanwhile, it is sent again after that."""
SLOT = 5
"""Seconds: however many mails are written within them, one job sends them all."""


def write_to_subscriber(
    subscription: Subscription, kind: str, *, due: datetime | None = None, **facts: Any
) -> Outgoing:
    """Have a mail sent to who asked for something, now or when it is ``due``; part of the caller's transaction."""
    mail = Outgoing.objects.create(kind=kind, subscription=subscription, due=due or timezone.now(), facts=facts)
    transaction.on_commit(post_soon)
    return mail


def write_to_person(person: Person, kind: str, **facts: Any) -> Outgoing:
    """Have a mail sent to somebody who has an account; part of the caller's transaction."""
    mail = Outgoing.objects.create(kind=kind, person=person, facts=facts)
    transaction.on_commit(post_soon)
    return mail


def write_to_address(address: str, kind: str, **facts: Any) -> Outgoing:
    """Have a mail sent to the address that an organisation shows; part of the caller's transaction."""
    mail = Outgoing.objects.create(kind=kind, address=address, facts=facts)
    transaction.on_commit(post_soon)
    return mail


def post_soon(due: datetime | None = None) -> None:
    """Have the waiting mails sent by a worker, now or when the first of them is ``due``: one job for each few seconds.

    To be called once the database holds the mails: a job that was asked for earlier may run before a transaction ends.
    """
    moment = max(due or timezone.now(), timezone.now())
    slot = datetime.fromtimestamp(moment.timestamp() // SLOT * SLOT + SLOT, tz=UTC)
    enqueue_once(OPERATOR, POST, slot.isoformat(), after=slot)


def post_due(progress: Progress = no_progress) -> int:
    """Send what is due; how many left. Without a mail server nothing is tried and nothing is lost."""
    if not mail_is_open():
        return 0
    sent = 0
    waiting = Outgoing.objects.filter(due__lte=timezone.now()).select_related("subscription__site", "person")
    for rank, mail in enumerate(waiting):
        progress("mails", rank, len(waiting))
        sent += _post(mail)
    following = Outgoing.objects.order_by("due").values_list("due", flat=True).first()
    if following is not None:
        post_soon(following)
    return sent


def _post(mail: Outgoing) -> bool:
    same = Outgoing.objects.filter(pk=mail.pk, due=mail.due)
    if not same.update(due=timezone.now() + LEASE, attempts=mail.attempts + 1):
        return False  # another process has it
    try:
        send(mail)
    except smtplib.SMTPRecipientsRefused:
        logger.warning("mail %s: the address was refused for good", mail.pk)
        return _end(mail, sent=False)
    except (smtplib.SMTPException, OSError) as error:
        return _postpone(mail, error)
    except Exception as fault:
        # A fault in what one subject says must keep no mail of another.
        logger.exception("mail %s (%s) cannot be written", mail.pk, mail.kind)
        return _postpone(mail, fault)
    return _end(mail, sent=True)


def _postpone(mail: Outgoing, error: Exception) -> bool:
    if mail.attempts >= len(WAITS):
        logger.error("mail %s (%s) given up after %s tries: %s", mail.pk, mail.kind, mail.attempts + 1, error)
        return _end(mail, sent=False)
    due = timezone.now() + timedelta(minutes=WAITS[mail.attempts])
    Outgoing.objects.filter(pk=mail.pk).update(due=due)
    logger.warning("mail %s (%s) put off: %s", mail.pk, mail.kind, error)
    return False


def _end(mail: Outgoing, *, sent: bool) -> bool:
    kind = notice_kinds().get(mail.kind)
    with transaction.atomic():
        Outgoing.objects.filter(pk=mail.pk).delete()
        if kind is not None and kind.ended is not None:
            kind.ended(mail, sent)
    return sent
