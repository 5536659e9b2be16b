"""What jobs do with notifications; safe to run twice."""

from __future__ import annotations

from datetime import date

from parvis.hub.jobs.rules import JobContext
from parvis.hub.notifications.outbox import post_due
from parvis.hub.notifications.services import forget_unconfirmed, write_weekly_mails


def post_mails(context: JobContext, **_former: object) -> None:
    """Send the mails that wait; jobs asked for by former versions bear arguments that say nothing more."""
    post_due(context.progress)


def watch_day(context: JobContext, day: str) -> None:
    """Erase what nobody confirmed, write the mails of the week, send what waits."""
    forget_unconfirmed()
    write_weekly_mails(date.fromisoformat(day))
    post_due(context.progress)
