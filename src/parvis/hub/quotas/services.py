"""Writing what was spent. No actor, no journal: these rows are counters, written by the server itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from parvis.hub.quotas.models import Usage
from parvis.hub.quotas.selectors import Amount

DAYS_KEPT = 2


def add_spent(day: date, amounts: Mapping[str, Amount]) -> None:
    """Add these amounts to the rows of that day, all or none; safe from several processes at once."""
    with transaction.atomic():
        known = [Usage(day=day, client=client) for client in sorted(amounts)]
        Usage.objects.bulk_create(known, ignore_conflicts=True)
        for client in sorted(amounts):  # one order for all: two processes never wait for each other
            seconds, calls = amounts[client]
            Usage.objects.filter(day=day, client=client).update(
                seconds=F("seconds") + seconds, calls=F("calls") + calls
            )
        Usage.objects.filter(day__lt=day - timedelta(days=DAYS_KEPT)).delete()
