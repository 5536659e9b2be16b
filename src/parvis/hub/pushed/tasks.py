"""Pushing, in the background; safe to run twice and beside another."""

from __future__ import annotations

from parvis.core.errors import ParvisError, error_row
from parvis.hub.jobs.rules import JobContext
from parvis.hub.pushed.models import PushedCopy, PushedPage
from parvis.hub.pushed.services import bring_together


def push_copies(context: JobContext, page: int | None = None, site: int | None = None) -> None:
    """Bring together every linked copy of a page (None: of all pages) at a site (None: at all); one that is refused says why."""
    copies = PushedCopy.objects.filter(linked=True)
    if page is not None:
        copies = copies.filter(pushed__source=page)
    if site is not None:
        for pushed in PushedPage.objects.filter(everywhere=True):
            PushedCopy.objects.get_or_create(pushed=pushed, site_id=site)
        copies = copies.filter(site=site)
    keys = list(copies.order_by("pk").values_list("pk", flat=True))
    for rank, key in enumerate(keys):
        context.progress("push", rank, len(keys))
        try:
            bring_together(context.actor, key)
        except ParvisError as error:
            PushedCopy.objects.filter(pk=key).update(fault=error_row(error))
