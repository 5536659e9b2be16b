"""What jobs do with reuses; safe to run twice."""

from __future__ import annotations

from parvis.domains.reuses.kinds import CHECK, DEAD
from parvis.domains.reuses.selectors import dead_links, link_due, links_due
from parvis.domains.reuses.services import follow_link
from parvis.hub.jobs.rules import JobContext
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.quality.notices import Trouble, tell_troubles
from parvis.hub.quality.rules import Event


def morning(context: JobContext, day: str) -> None:
    """Ask for each link that is due to be followed, each by itself; tell who publishes of those that are dead."""
    for reuse in links_due():
        enqueue_once(context.actor, CHECK, f"{reuse.pk} {day}", reuse=reuse.pk)
    tell_troubles(
        DEAD,
        (
            Trouble(Event.BROKEN, reuse.organisation_id, str(reuse.pk), f"dead-{reuse.dead_since:%Y-%m-%d}", reuse.slug)
            for reuse in dead_links()
        ),
    )


def check(context: JobContext, reuse: int) -> None:
    """Follow one link, unless it was followed or removed meanwhile."""
    row = link_due(reuse)
    if row is not None:
        follow_link(row)
