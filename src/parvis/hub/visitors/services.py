"""Counting what people without an account send, for two days, under a digest."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from parvis.hub.visitors.models import Sending
from parvis.hub.visitors.rules import KEPT_DAYS, MOST_IN_ALL, MOST_PER_CALLER, TooManySent, Visitor


def count_sending(visitor: Visitor, subject: str) -> None:
    """Note that a visitor sends something about a subject (40 letters at most); TooManySent beyond the bounds of a day.

    To be called in the transaction that writes what was sent. People with an account are not counted.
    """
    if visitor.person_id is not None:
        return
    now = timezone.now()
    recent = Sending.objects.filter(at__gt=now - timedelta(days=1))
    mark = _mark(visitor.caller)
    with transaction.atomic():
        # Written first: two forms sent at once see each other, or the second waits.
        Sending.objects.create(mark=mark, subject=subject, at=now)
        if recent.filter(mark=mark).count() > MOST_PER_CALLER or recent.count() > MOST_IN_ALL:
            raise TooManySent


def forget_sendings() -> int:
    """Erase what is older than two days; how many rows."""
    return Sending.objects.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]


def _mark(caller: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"visitors:{caller}".encode(), hashlib.sha256).hexdigest()
