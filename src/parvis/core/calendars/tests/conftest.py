"""What several tests of the agenda share: a place, a way to write an event in one line, real files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from parvis.core.calendars.events import Event, Place, Schedule, Timing

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
DATA = Path(__file__).parent / "data"


@pytest.fixture
def event():
    """Makes an event that starts at a local time and lasts some hours."""

    def make(start: datetime, hours: float = 1.0, *, all_day: bool = False, uid="e", title="Concert", **schedule):
        place = schedule.pop("place", Place("Théâtre", latitude=48.62, longitude=2.43))
        facts = {name: schedule.pop(name) for name in ("state", "sources", "summary") if name in schedule}
        timing = Timing(start, start + timedelta(hours=hours), all_day)
        return Event(uid, title, Schedule((timing,), **schedule), place=place, **facts)

    return make
