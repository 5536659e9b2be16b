"""Rules that strangers write: refused at once when they would hold the machine, whatever they look like."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.calendars.errors import BadRecurrence
from parvis.core.calendars.events import Event, Schedule, Timing
from parvis.core.calendars.recurrence import occurrences
from parvis.core.calendars.rules import check_rule
from parvis.core.calendars.tests.conftest import NOW
from parvis.core.errors import ParvisError

START = datetime(2026, 5, 4, 10)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=3",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=²",
        "FREQ=DAYLY;INTERVAL=1",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
        "FREQ=DAILY;INTERVAL=7;BYDAY=WE",
        "FREQ=DAILY;BYSETPOS=5",
        "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=5",
        "FREQ=DAILY;BYHOUR=25",
        "FREQ=DAILY;BYSECOND=60",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;UNTIL=demain",
        "RRULE",
        "",
        ";",
        "FREQ=YEARLY;BYYEARDAY=" + ",".join(["1"] * 600),
    ],
)
def test_what_cannot_be_followed_is_refused_at_once(rule):
    started = thread_time()
    with pytest.raises(BadRecurrence):
        check_rule(rule, START)
    assert thread_time() - started < 2


def test_a_rule_may_be_written_in_lower_case_and_with_its_name():
    check_rule("rrule:freq=weekly;byday=mo", START)


values = st.sampled_from(
    ["1", "-1", "0", "2", "5", "29", "30", "31", "366", "-366", "53", "MO", "-1SU", "5FR", "1,2,3", "x", ""]
)
parts = st.sampled_from(
    [
        "INTERVAL",
        "COUNT",
        "BYMONTH",
        "BYMONTHDAY",
        "BYDAY",
        "BYSETPOS",
        "BYHOUR",
        "BYWEEKNO",
        "BYYEARDAY",
        "WKST",
        "UNTIL",
    ]
)
rules = st.builds(
    lambda frequency, more: ";".join([f"FREQ={frequency}", *(f"{name}={value}" for name, value in more.items())]),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.dictionaries(parts, values, max_size=5),
)


@given(rule=rules)
@settings(max_examples=150, deadline=timedelta(minutes=1))
def test_any_rule_is_refused_or_followed_in_bounded_time(rule):
    timing = Timing(START, START + timedelta(hours=1))
    try:
        event = Event("e", "t", Schedule((timing,), rule=rule))
        dates = occurrences(event, NOW, NOW + timedelta(days=3650), most=50)
    except ParvisError:
        return
    assert len(dates) <= 50
    assert dates == sorted(dates, key=lambda occurrence: occurrence.start)
