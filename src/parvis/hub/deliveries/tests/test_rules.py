"""When something is due, what a period has come to, and for which period a file counts: by the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.versions.manifest import ColumnProfile, Manifest, Original
from parvis.hub.deliveries.rules import Every, Recurrence, Standing, State, period_of, standing_of
from parvis.hub.deliveries.verdicts import findings_of

MONTHLY = Recurrence(Every.MONTH, 10)
BEGINS = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("recurrence", "today", "due", "following"),
    [
        (MONTHLY, date(2026, 11, 30), date(2026, 11, 10), date(2026, 12, 10)),
        (Recurrence(Every.MONTH, 31), date(2026, 2, 3), date(2026, 2, 28), date(2026, 3, 31)),
        (Recurrence(Every.WEEK, 2), date(2026, 11, 29), date(2026, 11, 24), date(2026, 12, 1)),
        (Recurrence(Every.QUARTER, 15, 1), date(2026, 12, 2), date(2026, 10, 15), date(2027, 1, 15)),
        (Recurrence(Every.QUARTER, 31, 3), date(2026, 4, 1), date(2026, 6, 30), date(2026, 9, 30)),
        (Recurrence(Every.HALF, 1, 2), date(2026, 9, 9), date(2026, 8, 1), date(2027, 2, 1)),
        (Recurrence(Every.YEAR, 29, 2), date(2027, 5, 5), date(2027, 2, 28), date(2028, 2, 29)),
    ],
)
def test_each_period_has_a_last_day(recurrence, today, due, following):
    assert recurrence.due_in(today) == due
    assert recurrence.after(due) == following
    assert recurrence.before(following) == due


def test_what_is_expected_once_has_one_period_for_ever():
    once = Recurrence(Every.ONCE, once=date(2027, 3, 1))
    assert once.dues(BEGINS, date(2030, 1, 1)) == [date(2027, 3, 1)]
    assert once.after(date(2027, 3, 1)) is None


def test_periods_begin_with_the_expectation_and_end_with_today_s():
    assert MONTHLY.dues(date(2026, 9, 20), date(2026, 11, 30)) == [date(2026, 10, 10), date(2026, 11, 10)]
    assert MONTHLY.dues(date(2026, 11, 20), date(2026, 11, 30)) == [date(2026, 12, 10)]
    assert len(MONTHLY.dues(date(2000, 1, 1), date(2026, 11, 30), 12)) == 12


@pytest.mark.parametrize(
    ("states", "today", "standing"),
    [
        ([], date(2026, 11, 10), Standing.EXPECTED),
        ([], date(2026, 11, 11), Standing.LATE),
        ([], date(2026, 11, 16), Standing.MISSING),
        ([(State.REFUSED, date(2026, 11, 9))], date(2026, 11, 11), Standing.REFUSED),
        ([(State.REFUSED, date(2026, 11, 9))], date(2026, 11, 16), Standing.MISSING),
        ([(State.WAITING, date(2026, 11, 9))], date(2026, 12, 16), Standing.WAITING),
        ([(State.DELIVERED, date(2026, 11, 12))], date(2026, 12, 1), Standing.DELIVERED_LATE),
        (
            [(State.REPLACED, date(2026, 11, 8)), (State.DELIVERED, date(2026, 11, 10))],
            date(2026, 12, 1),
            Standing.DELIVERED,
        ),
    ],
)
def test_a_period_comes_to_what_its_files_make_of_it(states, today, standing):
    assert standing_of(states, date(2026, 11, 10), 5, today) is standing


@pytest.mark.parametrize(
    ("arrival", "answered", "due"),
    [
        (date(2026, 11, 2), True, date(2026, 11, 10)),
        (date(2026, 11, 25), True, date(2026, 11, 10)),  # a correction of what came before the 10th
        (date(2026, 12, 3), False, date(2026, 12, 10)),  # the grace of November is over
    ],
)
def test_a_file_counts_for_the_period_of_its_day(arrival, answered, due):
    assert period_of(MONTHLY, arrival, BEGINS, 5, former_is_answered=answered) == due


def test_a_file_within_the_grace_of_the_period_before_counts_for_it_unless_it_came():
    end = Recurrence(Every.MONTH, 28)
    assert period_of(end, date(2026, 12, 1), BEGINS, 5, former_is_answered=False) == date(2026, 11, 28)
    assert period_of(end, date(2026, 12, 1), BEGINS, 5, former_is_answered=True) == date(2026, 12, 28)


def manifest(columns: dict[str, int], rows: int = 10, digest: str = "a", **more) -> Manifest:
    """A version of these columns, by name: how many cells are empty."""
    shape = TableShape(tuple(Column(name, name.title(), ColumnType.TEXT) for name in columns))
    profile = {name: ColumnProfile(nulls, rows - nulls) for name, nulls in columns.items()}
    return Manifest("v", "", rows, shape, {}, (), Original("f.csv", 1, digest, "csv"), profile=profile, **more)


def codes(after: Manifest, before: Manifest | None) -> list[str]:
    return [finding.code for finding in findings_of(after, before, 30)]


def test_what_differs_from_the_former_file_is_found_and_named():
    former = manifest({"code": 0, "nom": 1})
    assert codes(manifest({"code": 0, "nom": 1}, digest="b"), former) == []
    assert codes(manifest({"code": 0, "nom": 1}), former) == ["same-file"]
    assert codes(manifest({"code": 0, "nom": 0}, 7, "b"), former) == ["fewer-rows"]
    assert codes(manifest({"code": 0, "nom": 0}, 8, "b"), former) == []
    assert codes(manifest({"code": 0}, digest="b"), former) == ["column-gone"]
    assert codes(manifest({"code": 0, "noms": 0}, digest="b"), former) == ["column-renamed"]
    assert codes(manifest({"code": 0, "nom": 10}, digest="b"), former) == ["column-emptied"]
    assert codes(manifest({"code": 0, "nom": 0}, 0, "b"), former) == ["empty"]
    assert codes(manifest({"code": 0}, nulled=3, missing=1, rejects=4, aside=4), None) == ["misfits"]
