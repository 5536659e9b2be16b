"""Mails leave in the background: each waits in a table until a server takes it, longer after each failure."""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from parvis.domains.indicators.kinds import POST
from parvis.domains.indicators.mails import send
from parvis.domains.indicators.models import Outgoing
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import enqueue

logger = logging.getLogger("parvis.indicators")

WAITS = (5, 30, 120, 360, 720, 1440, 1440)
"""Minutes before each new try; given up after the last."""
LEASE = timedelta(minutes=10)
"""While a process sends a mail, no other does; killed meanwhile, it is sent again after that."""


def post_soon(minutes: int = 0) -> None:
    """Have the waiting mails sent by a worker, now or in some minutes; a job that waits already for that will do."""
    after = timezone.now() + timedelta(minutes=minutes) if minutes else None
    arguments = {"later": True} if minutes else {}
    if not Job.objects.filter(kind=POST, state=Job.State.QUEUED, arguments=arguments).exists():
        enqueue(OPERATOR, POST, after=after, **arguments)


def post_due() -> int:
    """Send what is due; how many left. Without a mail server nothing is tried and nothing is lost."""
    if not settings.PARVIS["PARVIS_MAIL_URL"]:
        return 0
    sent = 0
    for one in Outgoing.objects.filter(due__lte=timezone.now()).select_related("subscription__site", "person"):
        sent += _post(one)
    following = Outgoing.objects.order_by("due").values_list("due", flat=True).first()
    if following is not None:
        wait = max((following - timezone.now()).total_seconds() / 60, 1)
        post_soon(round(wait))
    return sent


def _post(one: Outgoing) -> bool:
    claimed = Outgoing.objects.filter(pk=one.pk, due=one.due).update(
        due=timezone.now() + LEASE, attempts=one.attempts + 1
    )
    if not claimed:
        return False
    try:
        send(one)
    except smtplib.SMTPRecipientsRefused:
        logger.warning("mail %s: the address was refused for good", one.pk)
    except (smtplib.SMTPException, OSError) as error:
        return _put_off(one, error)
    Outgoing.objects.filter(pk=one.pk).delete()
    return True


def _put_off(one: Outgoing, error: Exception) -> bool:
    if one.attempts >= len(WAITS):
        logger.error("mail %s (%s) given up after %s tries: %s", one.pk, one.kind, one.attempts + 1, error)
        Outgoing.objects.filter(pk=one.pk).delete()
        return False
    due = timezone.now() + timedelta(minutes=WAITS[one.attempts])
    Outgoing.objects.filter(pk=one.pk).update(due=due)
    logger.warning("mail %s (%s) put off: %s", one.pk, one.kind, error)
    return False
