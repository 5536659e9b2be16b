"""Work that time calls for: rows; a worker asks for each of them once, however many workers there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.registry import modules


@dataclass(frozen=True, slots=True)
class Daily:
    """A kind of job asked for each day from ``hour`` (of the instance's time zone) on; it receives ``day``, in ISO form.

    A portal that was stopped at that hour asks at its next start of that day. Like every job, it must be safe to run twice.
    """

    kind: str
    hour: int = 0


@dataclass(frozen=True, slots=True)
class Awaited:
    """A kind of job asked for as soon as the moment that ``next_moment`` gives has passed (None: nothing is awaited).

    It receives that moment as ``due``, in ISO form, and must leave it behind: the same moment is asked for once.
    """

    kind: str
    next_moment: Callable[[], datetime | None]


def ask_for_due(now: datetime | None = None) -> list[Job]:
    """Ask for what is due now and was not asked for yet."""
    local = timezone.localtime(now)
    today = {"day": local.date().isoformat()}
    due = [(row.kind, today["day"], today) for module in modules() for row in module.daily if row.hour <= local.hour]
    moments = [(row.kind, row.next_moment()) for module in modules() for row in module.awaited]
    due += [
        (kind, moment.isoformat(), {"due": moment.isoformat()})
        for kind, moment in moments
        if moment is not None and moment <= local
    ]
    jobs = [enqueue_once(OPERATOR, kind, key, **arguments) for kind, key, arguments in due]
    return [job for job in jobs if job is not None]
