"""``now(…)`` at the instant of the reference: Thursday 6 May 2021, 12:34:55.450500."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parvis.core.odsql.errors import ODSQLError
from parvis.core.odsql.nowtime import Setting, now_at, read_settings

THEN = datetime(2021, 5, 6, 12, 34, 55, 450500, tzinfo=UTC)


def now(timezone: str = "UTC", **arguments: int) -> str:
    settings = read_settings([Setting(name, value) for name, value in arguments.items()], "where")
    return now_at(settings, timezone, THEN).isoformat()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, "2021-05-06T12:34:55.450500+00:00"),
        ({"years": -1}, "2020-05-06T12:34:55.450500+00:00"),
        ({"year": 2001, "months": -1}, "2001-04-06T12:34:55.450500+00:00"),
        ({"day": 31, "month": 2}, "2021-02-28T12:34:55.450500+00:00"),
        ({"month": 2, "day": 31}, "2021-02-28T12:34:55.450500+00:00"),
        ({"weekday": 0}, "2021-05-10T12:34:55.450500+00:00"),
        ({"weekday": 3}, "2021-05-06T12:34:55.450500+00:00"),
        ({"mondays": 1}, "2021-05-10T12:34:55.450500+00:00"),
        ({"mondays": -1}, "2021-05-03T12:34:55.450500+00:00"),
        ({"mondays": 2}, "2021-05-17T12:34:55.450500+00:00"),
        ({"mondays": -2}, "2021-04-26T12:34:55.450500+00:00"),
        ({"thursdays": 1}, "2021-05-13T12:34:55.450500+00:00"),
        ({"thursdays": -1}, "2021-04-29T12:34:55.450500+00:00"),
        ({"sundays": 0}, "2021-05-06T12:34:55.450500+00:00"),
        ({"days": -7, "hour": 0, "minute": 0}, "2021-04-29T00:00:55.450500+00:00"),
        ({"hours": 13, "seconds": 5, "microsecond": 0}, "2021-05-07T01:35:00+00:00"),
        ({"minutes": -35, "microseconds": 500}, "2021-05-06T11:59:55.451000+00:00"),
        ({"second": 1, "microsecond": 2}, "2021-05-06T12:34:01.000002+00:00"),
        ({"months": 10}, "2022-03-06T12:34:55.450500+00:00"),
        ({"day": 31, "months": 1}, "2021-06-30T12:34:55.450500+00:00"),
    ],
)
def test_arguments_apply_in_order(arguments, expected):
    assert now(**arguments) == expected


def test_days_and_hours_are_those_of_the_time_zone():
    assert now("Pacific/Auckland", hour=0, minute=0, second=0, microsecond=0) == "2021-05-06T12:00:00+00:00"
    # The clock of Paris went one hour ahead on 28 March: the hour stays, the instant moves.
    assert now("Europe/Paris", month=3, day=1) == "2021-03-01T13:34:55.450500+00:00"


def test_a_name_given_twice_keeps_its_last_value():
    settings = read_settings([Setting("days", 1), Setting("days", -1)], "where")
    assert now_at(settings, "UTC", THEN).day == 5


@pytest.mark.parametrize(
    "arguments", [{"hour": 24}, {"month": 13}, {"day": 0}, {"years": 9000}, {"days": 10**9}, {"weekday": 7}]
)
def test_what_no_calendar_holds_is_refused(arguments):
    with pytest.raises(ODSQLError):
        now(**arguments)
