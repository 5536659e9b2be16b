"""What is kept of the versions that past figures came from."""

from datetime import date, timedelta
from itertools import pairwise

from parvis.core.versions.retention import thinned

TODAY = date(2026, 11, 28)


def test_all_of_a_month_then_one_a_week_for_a_year_then_one_a_month():
    days = {f"v{age}": TODAY - timedelta(days=age) for age in range(800)}
    remaining = thinned(days, TODAY)
    ages = sorted(int(name[1:]) for name in remaining)
    assert ages[:31] == list(range(31))
    assert all(after - before <= 7 for before, after in pairwise(ages) if after <= 365)
    assert len([age for age in ages if age > 365]) in (14, 15, 16)


def test_what_was_left_one_day_leaves_one_a_month_later():
    """The last version of a month was perhaps not the last of its week: what is gone must not be what would be kept."""
    left: dict[str, date] = {}
    for n in range(1_000):
        today = TODAY + timedelta(days=n)
        left[f"v{n}"] = today
        left = {name: left[name] for name in thinned(left, today)}
    months = {(day.year, day.month) for day in left.values()}
    first = TODAY.year * 12 + TODAY.month
    last = today.year * 12 + today.month
    assert len(months) == last - first + 1
    assert len(left) < 30 + 53 + 24
