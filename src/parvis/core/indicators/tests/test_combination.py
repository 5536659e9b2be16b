"""Combinations of terms: to a formula and back, with the same value; the other formulas stay as they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.indicators.combination import COMBINATIONS, read_formula, write_formula
from parvis.core.indicators.formula import compute

NAMES = ("places", "velos", "arceaux")
NUMBERS = st.integers(1, 10**6).map(float)


@pytest.mark.parametrize("name", COMBINATIONS)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_is_chosen_comes_back_as_it_was_chosen(name, count):
    formula = write_formula(name, NAMES[:count])
    if formula is None:
        assert not COMBINATIONS[name].fewest <= count <= COMBINATIONS[name].most
    else:
        assert read_formula(formula, NAMES[:count]) == name


@pytest.mark.parametrize(
    ("formula", "name"),
    [
        ("100*places/velos", "percent"),
        ("100 * (places / velos)", "percent"),
        ("(places) / (velos)", "ratio"),
        ("places+velos", "sum"),
        ("velos / places", None),
        ("places / velos * 10", None),
        ("places", None),
        ("", None),
        ("places /", None),
    ],
)
def test_formulas_written_by_hand_are_read_as_menus_when_they_say_the_same(formula, name):
    assert read_formula(formula, NAMES[:2]) == name


@given(NUMBERS, NUMBERS)
def test_each_combination_has_the_value_that_its_words_promise(first, second):
    values = {"a": first, "b": second, "population": 1000.0}
    promised = {
        "percent": first / second * 100,
        "ratio": first / second,
        "sum": first + second,
        "difference": first - second,
    }
    promised |= {"change": (first - second) / second * 100, "per_inhabitant": first / 1000, "per_thousand": first}
    for name, row in COMBINATIONS.items():
        names = ["a", "b"][: row.fewest]
        assert compute(write_formula(name, names), values) == pytest.approx(promised[name])
