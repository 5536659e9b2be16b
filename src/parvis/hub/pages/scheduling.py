"""Pages that appear or disappear at the moment an editor chose."""

from __future__ import annotations

from datetime import datetime

from django.core.management import call_command
from wagtail.models import Page, Revision

from parvis.hub.jobs.daily import Awaited
from parvis.hub.jobs.rules import JobContext, Kind


def next_moment() -> datetime | None:
    """When the next page must appear or disappear; None when none waits for its moment."""
    appears = Revision.objects.filter(approved_go_live_at__isnull=False).order_by("approved_go_live_at")
    leaves = Page.objects.filter(live=True, expire_at__isnull=False).order_by("expire_at")
    moments = [
        appears.values_list("approved_go_live_at", flat=True).first(),
        leaves.values_list("expire_at", flat=True).first(),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def change_what_is_due(context: JobContext, due: str) -> None:
    """Publish and withdraw all whose moment has passed, as Wagtail's own command does."""
    call_command("publish_scheduled")


SCHEDULED = "pages.scheduled"
KINDS = (Kind(SCHEDULED, change_what_is_due),)
AWAITED = Awaited(SCHEDULED, next_moment)
