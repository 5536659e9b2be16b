"""A bound is passed once, on the way to its far side."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.indicators.bounds import Bound, Side
from parvis.core.indicators.errors import BadBound


@pytest.mark.parametrize(
    ("text", "number"),
    [("80", 80), ("12,5", 12.5), ("12.5", 12.5), ("1 500", 1500), ("1\u202f500,25", 1500.25), ("\u22123", -3)],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert Bound.read("dessus", text) == Bound(Side.ABOVE, number)


@pytest.mark.parametrize(
    ("side", "text"), [("dessus", ""), ("dessus", "beaucoup"), ("à côté", "3"), ("dessous", "inf")]
)
def test_what_is_no_bound_is_refused_with_its_words(side, text):
    with pytest.raises(BadBound) as caught:
        Bound.read(side, text)
    assert "nombre" in caught.value.hint("fr")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_a_bound_or_is_refused(side, text):
    try:
        assert math.isfinite(Bound.read(side, text).number)
    except BadBound as error:
        assert error.message("fr")


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=30), st.floats(-100, 100), st.sampled_from(Side))
def test_it_never_fires_twice_without_coming_back(values, number, side):
    bound, beyond = Bound(side, number), None
    for before, after in itertools.pairwise(values):
        if bound.is_passed(before, after):
            assert beyond is not True
        beyond = bound.is_beyond(after)


def test_the_number_itself_is_not_beyond_it():
    assert not Bound(Side.ABOVE, 10).is_beyond(10)
    assert not Bound(Side.BELOW, 10).is_beyond(10)
    assert Bound(Side.BELOW, 10).is_passed(10, 9)
    assert not Bound(Side.BELOW, 10).is_passed(None, 9)
