"""Budgets, names of callers, shapes of questions."""

import ipaddress
from datetime import UTC, date, datetime

import pytest

from parvis.hub.quotas.rules import (
    Budget,
    Client,
    address_of,
    advice_for,
    anonymous_name,
    quota_exceeded,
    quota_headers,
    shape_of_question,
)

DAY = date(2026, 11, 25)
PROXIES = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1"))


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "expected"),
    [
        ("203.0.113.9", "", PROXIES, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", PROXIES, "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", (), "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", PROXIES, "198.51.100.1"),
        ("10.0.0.1", "192.0.2.7, 198.51.100.1", PROXIES, "198.51.100.1"),
        ("10.0.0.1", "192.0.2.7, 198.51.100.1, 10.9.9.9", PROXIES, "198.51.100.1"),
        ("10.0.0.1", "", PROXIES, "10.0.0.1"),
        ("::1", "[2001:db8::5]:4711", PROXIES, "2001:db8::5"),
        ("::ffff:10.0.0.1", "198.51.100.1:55", PROXIES, "198.51.100.1"),
        ("10.0.0.1", "n’importe quoi", PROXIES, "unknown"),
        ("", "198.51.100.1", PROXIES, "unknown"),
    ],
)
def test_only_our_own_proxies_say_for_whom_they_call(remote, forwarded, trusted, expected):
    assert address_of(remote, forwarded, trusted) == expected


def test_an_address_is_counted_under_a_name_that_changes_each_day_and_needs_the_key_of_the_instance():
    name = anonymous_name("203.0.113.9", DAY, "secret")
    assert "203" not in name.removeprefix("ip-")[:3] or name != "203.0.113.9"
    assert name == anonymous_name("203.0.113.9", DAY, "secret")
    assert (
        len(
            {name, anonymous_name("203.0.113.9", date(2026, 11, 26), "secret"), anonymous_name("203.0.113.9", DAY, "x")}
        )
        == 3
    )
    assert len(name) <= 40


def test_an_ipv6_caller_is_counted_by_its_network():
    names = {anonymous_name(f"2001:db8:0:1::{n}", DAY, "s") for n in range(5)}
    assert len(names) == 1
    assert anonymous_name("2001:db8:0:2::1", DAY, "s") not in names


def test_no_call_is_left_exactly_when_the_next_one_is_refused():
    budget = Budget(10, 1000)
    for seconds, calls in ((0, 0), (0, 999), (0, 1000), (9.9999999, 0), (10, 0), (12, 5), (5, 400), (5, 600)):
        assert (budget.calls_left(seconds, calls) == 0) == budget.is_spent(seconds, calls), (seconds, calls)
    assert budget.calls_left(5, 100) == 500
    assert budget.calls_left(0, 1) == 999


def test_headers_and_refusals_are_written_as_the_specification_says():
    client = Client("ip-x", DAY, Budget(7200, 10_000))
    assert quota_headers(client, 0, 1) == {
        "X-RateLimit-Limit": "10000",
        "X-RateLimit-Remaining": "9999",
        "X-RateLimit-Reset": "2026-11-26 00:00:00+00:00",
    }
    error = quota_exceeded(client, "Filtrez.", datetime(2026, 11, 25, 23, 0, tzinfo=UTC))
    body = error.body()
    assert {name: body[name] for name in ("errorcode", "reset_time", "limit_time_unit", "call_limit", "advice")} == {
        "errorcode": 10005,
        "reset_time": "2026-11-26T00:00:00Z",
        "limit_time_unit": "day",
        "call_limit": 10_000,
        "advice": "Filtrez.",
    }
    assert body["error"].startswith("Too many requests on the domain.")
    assert error.headers() == {"Retry-After": "3600"}
    key_client = Client("key-1", DAY, Budget(1, 1), anonymous=False)
    assert quota_exceeded(key_client, "", datetime(2026, 11, 25, tzinfo=UTC)).body()["errorcode"] == 10002


def test_advice_speaks_of_what_was_asked():
    heavy = advice_for("/api/explore/v2.1/catalog/datasets/x/records", {"group_by": "a"}, anonymous=True)
    assert "Group" in heavy
    assert "key" in heavy
    light = advice_for("/x/records", {"select": "a", "where": "b = 1"}, anonymous=False)
    assert light == ""


def test_questions_that_differ_by_their_values_have_one_shape():
    first = shape_of_question("/records", "d", [("where", "a = 12 and b = 'x'"), ("limit", "10")])
    second = shape_of_question("/records", "d", [("limit", "99"), ("where", "a = 3 and b = 'é ''")])
    assert first == shape_of_question("/records", "d", [("limit", "20"), ("where", "a = 7 and b = 'y'")])
    assert first != second
    assert first != shape_of_question("/records", "e", [("where", "a = 12 and b = 'x'"), ("limit", "10")])
    assert shape_of_question("/t/1/2/3.mvt", "d", []) == shape_of_question("/t/9/88/77.mvt", "d", [])
