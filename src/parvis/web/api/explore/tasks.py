"""Work in the background: the objects of the catalogue, made where nobody waits for them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.rules import JobContext
from parvis.hub.jobs.services import enqueue_once
from parvis.web.api.explore.catalogue_store import are_kept_stocks_old, keep_stocks
from parvis.web.api.explore.kinds import KEEP

if TYPE_CHECKING:
    from parvis.hub.jobs.models import Job


def ask_for_stocks() -> Job | None:
    """Have the objects of the catalogue made again where those that are kept are old; None when they are not."""
    return enqueue_once(OPERATOR, KEEP, "all", again=timedelta(0)) if are_kept_stocks_old() else None


def keep_catalogue(context: JobContext, day: str = "") -> None:
    """Make and keep them, unless those that are kept are young enough."""
    if are_kept_stocks_old():
        keep_stocks()
