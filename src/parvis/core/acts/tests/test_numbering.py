"""Numbers of acts make series: their holes and repetitions are told, within bounds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.acts.numbering import MOST_MISSING, missing_numbers


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        (["2024-001", "2024-002", "2024-004"], ("2024-003",)),
        (["2024/1", "2024/2", "2024/5"], ("2024/3", "2024/4")),
        (["D2024_001", "D2024_003"], ("D2024_002",)),
        (["DEL-01-2024", "DEL-03-2024"], ("DEL-02-2024",)),
        (["1/2024", "3/2024"], ("2/2024",)),
        (["2024.03.12-01", "2024.03.12-02", "2024.03.12-04"], ("2024.03.12-03",)),
        (["DEL2024001", "DEL2024003"], ("DEL2024002",)),
        (["7", "9"], ("8",)),
    ],
)
def test_a_hole_is_told_as_the_others_are_written(numbers, missing):
    (series,) = missing_numbers(numbers).series
    assert series.missing == missing


def test_each_year_and_each_sitting_is_a_series():
    report = missing_numbers(["2023-01", "2023-02", "2024-01", "2024-03", "2024.03.12-01", "2024.04.09-01"])
    assert [series.missing for series in report.series] == [(), ("2024-02",), (), ()]


def test_repetitions_are_told_once_whatever_their_spelling():
    (series,) = missing_numbers(["2024-1", "2024-001", "2024-2", "2024-2", "2024-2"]).series
    assert series.duplicates == ("2024-1", "2024-2")


def test_a_stray_number_is_a_jump_and_not_thousands_of_holes():
    (series,) = missing_numbers(["2024-1", "2024-2", "2024-99999"]).series
    assert (series.missing, series.jumps) == ((), ((2, 99999),))


def test_what_is_no_number_is_told_apart():
    assert missing_numbers(["sans numéro", "2024-12bis", ""]).unread == ("sans numéro", "2024-12bis", "")


@settings(max_examples=150, deadline=None)
@given(
    st.sets(st.integers(1, 1500), max_size=120),
    st.sampled_from(["2024-{:03d}", "{}/2024", "D2024_{:04d}", "DEL 2024 {}"]),
)
def test_numbers_missing_and_there_make_the_whole_series(ranks, form):
    for series in missing_numbers([form.format(rank) for rank in ranks]).series:
        there = {form.format(rank) for rank in ranks}
        assert not there & set(series.missing)
        jumped = sum(after - before - 1 for before, after in series.jumps)
        first = min(ranks) if jumped or len(ranks) < 3 or not 1 < min(ranks) <= 10 else 1
        assert len(series.missing) <= MOST_MISSING
        if not series.jumps:
            assert len(series.missing) + len(ranks) == max(ranks) - first + 1


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=30))
def test_any_texts_are_read(numbers):
    report = missing_numbers(numbers)
    assert sum(series.count for series in report.series) + len(report.unread) == len(numbers)
