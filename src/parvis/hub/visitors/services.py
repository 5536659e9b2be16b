"""Counting what people without an account send, for two days, under a digest."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from parvis.hub.visitors.models import Sending
from parvis.hub.visitors.rules import KEPT_DAYS, MOST_IN_ALL, MOST_PER_CALLER, MOST_PER_PERSON, TooManySent, Visitor

_PERSON = "person:"


def count_sending(visitor: Visitor, subject: str) -> None:
    """Note that a visitor sends something about a subject (40 letters at most); TooManySent beyond the bounds of a day.

    To be called in the transaction that writes what was sent. An account has a bound of its own, and leaves that of the portal alone.
    """
    now = timezone.now()
    recent = Sending.objects.filter(at__gt=now - timedelta(days=1))
    is_known = visitor.person_id is not None
    mark = _PERSON + str(visitor.person_id) if is_known else _mark(visitor.caller)
    with transaction.atomic():
        # Written first: two forms sent at once see each other, or the second waits.
        Sending.objects.create(mark=mark, subject=subject, at=now)
        most = MOST_PER_PERSON if is_known else MOST_PER_CALLER
        if recent.filter(mark=mark).count() > most:
            raise TooManySent
        if not is_known and recent.exclude(mark__startswith=_PERSON).count() > MOST_IN_ALL:
            raise TooManySent


def forget_sendings() -> int:
    """Erase what is older than two days; how many rows."""
    return Sending.objects.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]


def _mark(caller: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"visitors:{caller}".encode(), hashlib.sha256).hexdigest()
