"""The bars of a column count what plain Python counts between their bounds."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parvis.core.quality.portraits import Portrait, portraits

_SINGLE = settings(max_examples=12)


def drawn_of(version_of, name: str, values: list[object]) -> Portrait:
    lines = "\n".join(f"{n};{'' if value is None else value}" for n, value in enumerate(values))
    return next(p for p in portraits(version_of(f"rang;{name}\n{lines}\n")) if p.name == name)


def between(values: list[float], low: float | None, high: float | None) -> int:
    """What a bar says it counts: bounds equal mean one value, the lower is in, the upper is out."""
    if low is not None and low == high:
        return sum(value == low for value in values)
    return sum((low is None or value >= low) and (high is None or value < high) for value in values)


def check_numbers(portrait: Portrait, values: list[float]) -> None:
    assert portrait.filled == len(values)
    assert sum(bar.count for bar in portrait.bars) == len(values)
    for bar in portrait.bars:
        assert bar.count == between(values, bar.low, bar.high), bar


def test_amounts_are_counted_bar_by_bar(version_of):
    drawn = random.Random(2)
    values = [round(drawn.lognormvariate(8, 1.5), 2) for _n in range(500)]
    portrait = drawn_of(version_of, "montant", [*values, *[None] * 40])
    check_numbers(portrait, values)
    assert (portrait.empty, portrait.minimum, portrait.maximum) == (40, min(values), max(values))
    assert portrait.mean == pytest.approx(math.fsum(values) / len(values))
    ordered = sorted(values)
    for quartile, share in zip(portrait.quartiles, (0.25, 0.5, 0.75), strict=True):
        rank = sum(value <= quartile for value in ordered) / len(ordered)
        assert rank == pytest.approx(share, abs=0.02)


def test_a_few_far_values_stand_in_an_open_bar(version_of):
    values = [float(n % 100) + 0.5 for n in range(1000)] + [1e9]
    portrait = drawn_of(version_of, "valeur", values)
    check_numbers(portrait, values)
    assert portrait.bars[-1].high is None
    assert portrait.bars[-1].count == 1
    assert sum(bar.count > 0 for bar in portrait.bars) > 5


def test_few_whole_numbers_have_a_bar_each(version_of):
    drawn = random.Random(4)
    values = [drawn.choice([1, 2, 2, 3, 5]) for _n in range(200)]
    portrait = drawn_of(version_of, "note", values)
    assert [(bar.low, bar.high) for bar in portrait.bars] == [(n, n) for n in range(1, max(values) + 1)]
    check_numbers(portrait, values)


@pytest.mark.parametrize(("span", "unit"), [(20, "day"), (300, "month"), (3000, "year"), (40_000, "decade")])
def test_dates_are_counted_by_day_month_year_or_decade(version_of, span, unit):
    drawn = random.Random(span)
    days = [date(1985, 3, 1) + timedelta(drawn.randrange(span)) for _n in range(300)]
    portrait = drawn_of(version_of, "jour", days)
    assert portrait.unit == unit
    assert sum(bar.count for bar in portrait.bars) == 300
    for bar in portrait.bars:
        low, high = date.fromisoformat(bar.low), date.fromisoformat(bar.high)
        assert bar.count == sum(low <= day < high for day in days)


def test_the_usual_values_are_the_most_frequent_of_the_file(version_of):
    drawn = random.Random(6)
    values = [drawn.choice(["chêne", "chêne", "érable", "tilleul"]) for n in range(150)]
    portrait = drawn_of(version_of, "essence", values)
    assert portrait.top == tuple(Counter(values).most_common())
    assert portrait.lengths == (5, 7)
    assert portrait.bars == ()


@example(values=[0.0] * 7 + [1.0])
@given(values=st.lists(st.floats(-1e12, 1e12).map(lambda v: round(v, 3)), min_size=8, max_size=60))
@_SINGLE
def test_no_number_falls_between_two_bars(version_of, values):
    portrait = drawn_of(version_of, "mesure", [*values, 0.125])
    if portrait.bars:
        check_numbers(portrait, [*values, 0.125])


def test_a_portrait_comes_back_whole_from_json(version_of):
    for portrait in portraits(version_of("a;b;c\n" + "\n".join(f"{n};x{n % 3};2025-01-{n + 1:02}" for n in range(20)))):
        assert Portrait.from_dict(json.loads(json.dumps(portrait.to_dict()))) == portrait
