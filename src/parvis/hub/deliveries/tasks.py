"""What jobs do with expected deliveries; each is safe to run twice."""

from __future__ import annotations

from datetime import date

from parvis.hub.deliveries.models import Expectation
from parvis.hub.deliveries.rules import Standing
from parvis.hub.deliveries.selectors import latest_due, open_periods, standing, until_of
from parvis.hub.deliveries.services import tidy
from parvis.hub.deliveries.telling import tell_due, tell_soon
from parvis.hub.jobs.rules import JobContext


def watch_day(context: JobContext, day: str) -> None:
    """Remind of what is due soon, tell both sides what is late or missing, then tidy."""
    today = date.fromisoformat(day)
    remind(today)
    tell_late(today)
    tidy()


def remind(today: date) -> int:
    """Remind each sender who is to be of a day that comes, once; how many were."""
    count = 0
    rows = Expectation.objects.filter(active=True, remind_days__gt=0).select_related("dataset__organisation")
    for expectation in rows:
        for due in open_periods(expectation, today):
            days = (until_of(expectation, due) - today).days
            # The very day is still before its end; a day that was missed for want of a worker is made up for.
            count += 0 <= days <= expectation.remind_days and tell_soon(expectation, due)
    return count


def tell_late(today: date) -> int:
    """Tell what lacks of the last period that is over, once when it is late and once when its grace is over; how many were told."""
    count = 0
    for expectation in Expectation.objects.filter(active=True).select_related("dataset__organisation"):
        due = latest_due(expectation, today)
        if due is None:
            continue
        lacking = standing(expectation, due, today)
        if lacking in (Standing.LATE, Standing.MISSING, Standing.REFUSED):
            # Refused and not sent again once it is due: it lacks all the same.
            count += tell_due(expectation, due, Standing.LATE if lacking is Standing.REFUSED else lacking)
    return count
