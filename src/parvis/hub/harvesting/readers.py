"""What readers ask of another portal at that moment: one question at a time to a server, few waiting, none while it does not answer.

Runs have their turns (``hosts``), which may last; readers have one of their own beside them, short, so that a server is asked two
things at once at most, and nobody's page waits for a catalogue to be read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from parvis.hub.harvesting.far_errors import FarBusy
from parvis.hub.harvesting.hosts import host_of
from parvis.hub.harvesting.models import Host
from parvis.hub.harvesting.rules import LONGEST_WISH

LEASE = timedelta(seconds=20)
"""A question in hand holds the turn no longer: who is killed lets go of it."""
PATIENCE = 4.0
"""Seconds that a reader waits for the turn."""
REST = timedelta(seconds=2)
"""A server that asked to be left alone for longer than this is not asked."""
FAILURES = 2
"""Questions in a row without an answer, after which none is asked for a while, twice as long each time."""
FIRST_BREAK, LONGEST_BREAK = 30.0, 600.0


@contextmanager
def reader_turn(url: str) -> Iterator[None]:
    """The right to ask the server of ``url`` one thing now; FarBusy."""
    now = timezone.now()
    run = Host.objects.filter(name=host_of(url), free_from__gt=now + REST).first()
    if run is not None and run.free_from is not None:
        raise busy(url, run.free_from)
    host = _host(url)
    deadline = time.monotonic() + PATIENCE
    while not _take(host):
        host.refresh_from_db()
        rests = host.free_from is not None and host.free_from > timezone.now() + timedelta(seconds=PATIENCE)
        if rests or time.monotonic() > deadline:
            raise busy(url, host.free_from)
        time.sleep(0.03)
    try:
        yield
    finally:
        rested = timezone.now() + timedelta(seconds=settings.PARVIS["PARVIS_SOURCES_PAUSE"])
        Host.objects.filter(pk=host.pk).update(busy_until=None)
        Host.objects.filter(Q(free_from=None) | Q(free_from__lt=rested), pk=host.pk).update(free_from=rested)


def answered(url: str) -> None:
    """The server lives."""
    Host.objects.filter(name=_name(url), failures__gt=0).update(failures=0)


def did_not_answer(url: str, *, is_slow: bool = False) -> None:
    """One more question without an answer: from the second on, the others would only wait in vain.

    One that is slow may be so because of the question: a reader who asks heavy ones must not close it to the others for long.
    """
    host = _host(url)
    Host.objects.filter(pk=host.pk).update(failures=F("failures") + 1)
    host.refresh_from_db()
    if host.failures >= FAILURES:
        doublings = 0 if is_slow else min(host.failures - FAILURES, 10)
        seconds = min(FIRST_BREAK * 2**doublings, LONGEST_BREAK)
        Host.objects.filter(pk=host.pk).update(free_from=timezone.now() + timedelta(seconds=seconds))


def leave_alone(url: str, seconds: float) -> datetime:
    """Ask the server nothing for so long, neither for readers nor for runs; until when."""
    moment = timezone.now() + timedelta(seconds=min(seconds, LONGEST_WISH.total_seconds()))
    for name in (_name(url), host_of(url)):
        Host.objects.get_or_create(name=name)
        Host.objects.filter(Q(free_from=None) | Q(free_from__lt=moment), name=name).update(free_from=moment)
    return moment


def busy(url: str, moment: datetime | None) -> FarBusy:
    """The error that says when to come back."""
    seconds = (moment - timezone.now()).total_seconds() if moment else 0.0
    return FarBusy(host=host_of(url), seconds=max(int(seconds) + 1, 5))


def _name(url: str) -> str:
    return f"{host_of(url)[:280]}#lecteurs"


def _host(url: str) -> Host:
    return Host.objects.get_or_create(name=_name(url))[0]


def _take(host: Host) -> bool:
    now = timezone.now()
    idle = Q(busy_until=None) | Q(busy_until__lt=now)
    rested = Q(free_from=None) | Q(free_from__lte=now)
    return bool(Host.objects.filter(idle, rested, pk=host.pk).update(busy_until=now + LEASE))
