"""Reading what was spent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from parvis.hub.quotas.models import Usage

type Amount = tuple[float, int]
"""Seconds and calls."""


def spent_by(day: date, clients: Iterable[str]) -> dict[str, Amount]:
    """What these callers had spent that day, as far as every process has written it."""
    rows = Usage.objects.filter(day=day, client__in=list(clients)).values_list("client", "seconds", "calls")
    return {client: (seconds, calls) for client, seconds, calls in rows}
