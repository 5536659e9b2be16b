"""Asking a timestamp server for the time of somebody else; publication never waits for it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from parvis.core.errors import ParvisError
from parvis.core.seals import NotSealable
from parvis.core.seals.stamps import ask
from parvis.core.translation import Sentence
from parvis.hub.seals.models import SealEntry, Stamp
from parvis.hub.seals.services import last_root, next_stamp

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=1)
"""Between two requests to a server that does not answer well: the wait doubles each time."""


def ask_for_stamp() -> Stamp | None:
    """Ask the timestamp server about the last root, if that is due; what came of it. Publication never waits for it."""
    moment = next_stamp()
    if moment is None or moment > timezone.now():
        return None
    root = last_root()
    stamp = Stamp.objects.get_or_create(root=root)[0]
    content = SealEntry.objects.values_list("content", flat=True).get(sequence=root.sequence)
    stamp.attempts += 1
    try:
        answer = ask(settings.PARVIS["PARVIS_TIMESTAMP_URL"], content.encode(), roots_of_trust())
    except ParvisError as error:
        stamp.failure = str(error)[:500]
        stamp.next_attempt = timezone.now() + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(stamp.attempts - 1, 20))
    else:
        stamp.answer, stamp.certified, stamp.failure = answer.answer, answer.certified, ""
        stamp.moment, stamp.next_attempt = parse_datetime(answer.moment), None
    stamp.save()
    return stamp


def roots_of_trust() -> bytes:
    """The certificates that answers of the timestamp server are checked against, in PEM; empty when the settings name none."""
    path = settings.PARVIS["PARVIS_TIMESTAMP_ROOTS"]
    try:
        return Path(path).read_bytes() if path else b""
    except OSError as error:
        raise NotSealable(reason=Sentence("PARVIS_TIMESTAMP_ROOTS ne peut pas être lu")) from error
