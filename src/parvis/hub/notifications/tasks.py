"""What jobs do with notifications; safe to run twice."""

from __future__ import annotations

from datetime import date

from parvis.hub.jobs.rules import JobContext
from parvis.hub.notifications.deliveries import ask_for_late, deliver, forget_deliveries
from parvis.hub.notifications.outbox import post_due
from parvis.hub.notifications.services import forget_unconfirmed, write_weekly_mails


def post_mails(context: JobContext, **_former: object) -> None:
    """Send the mails that wait; jobs asked for by former versions have arguments that say nothing more."""
    post_due(context.progress)


def watch_day(context: JobContext, day: str) -> None:
    """Erase what nobody confirmed and old deliveries, take up late calls, write the mails of the week, send what waits."""
    forget_unconfirmed()
    forget_deliveries()
    ask_for_late()
    write_weekly_mails(date.fromisoformat(day))
    post_due(context.progress)


def deliver_message(context: JobContext, delivery: int, attempt: int) -> None:
    """Call a webhook for the ``attempt``-th time (from 0); nothing when that call was made already."""
    deliver(delivery, attempt)
