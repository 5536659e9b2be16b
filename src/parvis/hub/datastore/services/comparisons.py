"""What changed between two versions: at once when that is little work, else by a job; remembered, since versions never change."""

from __future__ import annotations

import time
from datetime import date, timedelta
from hashlib import blake2b
from typing import ClassVar

from django.conf import settings

from parvis.core.engine import Source
from parvis.core.errors import OperationError
from parvis.core.translation import gettext_noop
from parvis.core.versions.comparison import Comparison, compare_versions
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.datastore.kinds import COMPARE
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.quotas.metering import current_account, working
from parvis.hub.quotas.rules import too_many_at_once
from parvis.hub.quotas.services import add_spent
from parvis.hub.store import store
from parvis.hub.ui.derived import derived

AT_ONCE = 2_000_000
"""Cells of both versions together up to which the request compares them itself, in half a second (0.3 s for twice 100,000 rows of
ten columns). A job would make everybody wait longer for less: the worker looks for work twice a second, and the page asks again
every few seconds."""

SECONDS = 120.0
"""How long a job may compare, and the mails behind it in its queue wait. Nothing that passes ``AT_ONCE`` comes near."""

MONTH = 30 * 24 * 3600
MOST_WAITING = 20
MOST_OF_ONE = 2
"""Comparisons at work or waiting: of everybody, and asked by one caller."""

LOST_AGAIN, FAILED_AGAIN = timedelta(minutes=1), timedelta(days=1)
"""After which a comparison is made again: one that the cache lost, and one that failed, which would most likely fail again."""


class ComparisonsBusy(OperationError):
    """As many comparisons as the queue takes are waiting."""

    code: ClassVar[str] = "comparisons-busy"
    sentence: ClassVar[str] = gettext_noop("Beaucoup de comparaisons sont déjà en préparation.")
    advice: ClassVar[str] = gettext_noop("Réessayez dans une minute.")
    wait: ClassVar[int] = 60


def comparison_of(old: Source, new: Source) -> Comparison | Job:
    """The difference, or the job that prepares it: two callers who ask for the same one share it.

    A job that is over says by its ``error`` why there is none. Refusal when the caller has too many waiting or has spent their
    budget, ComparisonsBusy when the queue is full, ComparisonTooLong, NotFound when one of the versions is gone.
    """
    comparison: Comparison | None = derived.get(_key(old.key, new.key))
    if comparison is not None:
        return comparison
    if old.rows * len(old.shape) + new.rows * len(new.shape) <= AT_ONCE:
        with working(new.key):
            return compare_and_keep(old.key, new.key, SECONDS)
    return _job_for(old.key, new.key)


def compare_and_keep(old: str, new: str, seconds: float) -> Comparison:
    """Compute the difference and have it remembered for a month; versions, or subsets, by their names in the store."""
    memory = settings.PARVIS["PARVIS_IMPORT_MEMORY"]
    folders = store().local(old), store().local(new)
    comparison = compare_versions(*folders, work=process_folder(), memory=memory, seconds=seconds)
    derived.set(_key(old, new), comparison, MONTH)
    return comparison


def compare_for(old: str, new: str, client: str, day: str) -> None:
    """The same for a caller who does not wait: what it takes is theirs. Names are those of the store without its room."""
    start = time.monotonic()
    try:
        compare_and_keep(f"datasets/{old}", f"datasets/{new}", SECONDS)
    finally:
        if client:
            add_spent(date.fromisoformat(day), {client: (time.monotonic() - start, 0)})


def _key(old: str, new: str) -> str:
    # A subset is in a folder named after its commune, inside one named after its version.
    return ":".join(("difference", *old.split("/")[-2:], *new.split("/")[-2:]))


def _job_for(old: str, new: str) -> Job:
    name = blake2b(_key(old, new).encode(), digest_size=16).hexdigest()
    job = Job.objects.filter(kind=COMPARE, key=name).first()
    again = FAILED_AGAIN if job is not None and job.state == Job.State.FAILED else LOST_AGAIN
    if job is None or job.has_been_over_for(again):
        # The house's own job: anyone who reads may have it made, signed in or not, and it tells nothing of them.
        names = {side: version.removeprefix("datasets/") for side, version in (("old", old), ("new", new))}
        enqueue_once(OPERATOR, COMPARE, name, again=again, **names, **_payer())
        job = Job.objects.get(kind=COMPARE, key=name)
    return job


def _payer() -> dict[str, str]:
    """Who will have the time taken from their budget, once the bounds were looked at."""
    waiting = Job.objects.filter(kind=COMPARE, state__in=(Job.State.QUEUED, Job.State.RUNNING))
    askers = [arguments.get("client") for arguments in waiting.values_list("arguments", flat=True)]
    account = current_account()
    if account is not None:
        with working():  # the budget is looked at here, the seconds are counted by the job
            if askers.count(account.client.name) >= MOST_OF_ONE:
                raise too_many_at_once(account.client, "", wait=10)
    if len(askers) >= MOST_WAITING:
        raise ComparisonsBusy
    client = account.client if account is not None else None
    return {"client": client.name, "day": client.day.isoformat()} if client else {"client": "", "day": ""}
