"""Work that comes back each day: rows; a worker asks for each of them once a day, however many workers there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import enqueue


@dataclass(frozen=True, slots=True)
class Daily:
    """A kind of job asked for each day from ``hour`` (of the instance's time zone) on; it receives ``day``, in ISO form.

    A portal that was stopped at that hour asks at its next start of that day. Two workers of two machines may ask at the same
    moment: like every job, it must be safe to run twice.
    """

    kind: str
    hour: int = 0


DAILY: dict[str, Daily] = {}
"""Every row by its kind; each room adds its own in ``AppConfig.ready``."""


def register_daily(*rows: Daily) -> None:
    """Make daily work known."""
    DAILY.update({row.kind: row for row in rows})


def ask_for_due(now: datetime | None = None) -> list[Job]:
    """Ask for what is due today and was not asked for yet."""
    local = timezone.localtime(now)
    return [job for row in DAILY.values() if row.hour <= local.hour and (job := _ask(row, local)) is not None]


def _ask(row: Daily, local: datetime) -> Job | None:
    arguments = {"day": local.date().isoformat()}
    with transaction.atomic():
        if Job.objects.filter(kind=row.kind, arguments=arguments).exists():
            return None
        return enqueue(OPERATOR, row.kind, **arguments)
