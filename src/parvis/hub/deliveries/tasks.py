"""What jobs do with expected deliveries; each is safe to run twice."""

from __future__ import annotations

from datetime import date

from parvis.hub.deliveries.models import Expectation
from parvis.hub.deliveries.rules import Standing
from parvis.hub.deliveries.selectors import latest_due, standing
from parvis.hub.deliveries.services import tidy
from parvis.hub.deliveries.telling import tell_due
from parvis.hub.jobs.rules import JobContext


def watch_day(context: JobContext, day: str) -> None:
    """Tell both sides what is late or missing, then tidy."""
    tell_late(date.fromisoformat(day))
    tidy()


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
