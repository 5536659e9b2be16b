"""Classes judged by others: quantiles by numpy's own, natural breaks by trying every way of cutting."""

from itertools import combinations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.atlas.classes import MOST_EXACT, class_of, edges_of

_numbers = st.lists(st.integers(-1_000, 1_000).map(lambda n: n / 4), min_size=1, max_size=9)
_counts = st.integers(2, 7)


def split(values, edges):
    """The values of each class, lowest first."""
    classes = [[] for _ in range(len(edges) + 1)]
    for value in sorted(values):
        classes[class_of(value, edges)].append(value)
    return classes


def spread(classes):
    """The sum of squared differences of values to the mean of their class."""
    return sum((value - sum(one) / len(one)) ** 2 for one in classes if one for value in one)


@given(st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=30, unique=True), _counts)
def test_quantiles_cut_different_values_where_numpy_does(values, steps):
    expected = {numpy.quantile(values, rank / steps, method="inverted_cdf") for rank in range(1, steps)}
    uppers = {max(one) for one in split(values, edges_of(values, "quantiles", steps))[:-1]}
    assert uppers == {upper for upper in expected if upper < max(values)}


@given(st.lists(st.integers(), min_size=7, max_size=30, unique=True), _counts)
def test_quantiles_leave_as_many_different_values_in_each_class(values, steps):
    sizes = [len(one) for one in split(values, edges_of(values, "quantiles", steps))]
    assert max(sizes) - min(sizes) <= 1


@given(st.lists(st.integers(1, 1_000), min_size=4, max_size=30, unique=True), st.integers(2, 20), st.integers(3, 6))
def test_a_value_that_would_fill_more_than_a_class_is_one_by_itself(values, times, steps):
    zeros = [0] * (len(values) * times)
    first, *others = split([*zeros, *values], edges_of([*zeros, *values], "quantiles", steps))
    assert set(first) == {0}
    assert others == split(values, edges_of(values, "quantiles", steps - 1))


@given(_numbers, _counts)
def test_natural_breaks_are_the_best_of_all_ways_of_cutting(values, steps):
    different = sorted(set(values))
    classes = split(values, edges_of(values, "natural", steps))
    best = min(
        spread(split(values, cuts)) for cuts in combinations(different[1:], min(steps, len(different)) - 1)
    )  # fmt: skip
    assert spread(classes) == pytest.approx(best, abs=1e-6)


def test_natural_breaks_part_obvious_groups():
    values = [1, 2, 2, 3, 100, 101, 103, 5_000, 5_001]
    assert edges_of(values, "natural", 3) == (100, 5_000)


def test_natural_breaks_of_very_many_values_are_found_soon_and_near_the_best():
    values = [n + (0 if n < 9_000 else 50_000) for n in range(3 * MOST_EXACT * 3)]
    assert edges_of(values, "natural", 2) == (pytest.approx(59_000, abs=10),)


@given(_numbers, _counts, st.sampled_from(["quantiles", "natural"]))
def test_bounds_rise_and_leave_no_class_empty(values, steps, method):
    edges = edges_of(values, method, steps)
    assert list(edges) == sorted(set(edges)) and len(edges) < steps
    assert all(split(values, edges))


@pytest.mark.parametrize("method", ["quantiles", "natural"])
def test_equal_values_make_one_class_and_no_value_makes_none(method):
    assert edges_of([4, 4, 4], method, 5) == ()
    assert edges_of([], method, 5) == ()
    assert edges_of([float("nan"), float("inf"), 3], method, 5) == ()


def test_chosen_bounds_are_kept_and_a_value_on_a_bound_belongs_above():
    edges = edges_of([1, 2, 3], "chosen", 5, (10, 20))
    assert edges == (10, 20)
    assert [class_of(value, edges) for value in (9.99, 10, 20)] == [0, 1, 2]
