"""How far a version moved from the one before it, recounted in plain Python."""

from __future__ import annotations

import math
import random

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.quality.drift import drift_between, stability_index
from parvis.core.quality.measures import measure


def table(rows: list[tuple[object, ...]], header: str = "id;quartier;montant;jour") -> str:
    return header + "\n" + "\n".join(";".join(map(str, row)) for row in rows) + "\n"


def made(count: int, quarters: str, shift: float, seed: int = 1) -> list[tuple[object, ...]]:
    drawn = random.Random(seed)
    return [
        (n, drawn.choice(quarters), round(drawn.gauss(100 + shift, 10), 2), f"2025-{1 + n % 12:02}-{1 + n % 28:02}")
        for n in range(count)
    ]


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20), st.data())
def test_the_index_is_never_negative_and_nought_for_the_same_shares(counts, data):
    other = data.draw(st.lists(st.integers(0, 1000), min_size=len(counts), max_size=len(counts)))
    index = stability_index(counts, other)
    assert (index is None) == (not sum(counts) or not sum(other))
    assert index is None or index >= 0
    doubled = stability_index(counts, [2 * count for count in counts])
    assert doubled in (None, 0)


def test_the_index_by_hand():
    expected = (0.3 - 0.5) * math.log(0.3 / 0.5) + (0.7 - 0.5) * math.log(0.7 / 0.5)
    assert stability_index([50, 50], [30, 70]) == pytest.approx(expected, abs=1e-4)


def test_values_that_came_and_went_are_counted_and_shown(version_of):
    old, new = made(300, "ABC", 0), made(300, "ABD", 0, seed=2)
    moved = measure(version_of(table(new)), previous=version_of(table(old))).drift.moved["quartier"]
    assert (moved.new, moved.gone, moved.new_examples, moved.gone_examples) == (1, 1, ("D",), ("C",))
    counts = [[sum(row[1] == letter for row in rows) for letter in "ABC"] for rows in (old, new)]
    others = [sum(row[1] not in "ABC" for row in rows) for rows in (old, new)]
    assert moved.psi == stability_index([*counts[0], others[0]], [*counts[1], others[1]])


def test_a_column_that_has_the_name_of_one_of_the_question_is_measured_too(version_of):
    old, new = [("ABC"[n % 3], n) for n in range(300)], [("ABD"[n % 3], n) for n in range(300)]
    versions = [version_of(table(rows, "v;n")) for rows in (new, old)]
    moved = measure(versions[0], previous=versions[1]).drift.moved["v"]
    assert (moved.new_examples, moved.gone_examples) == (("D",), ("C",))


def test_numbers_that_moved_much_have_a_large_index_and_those_that_did_not_a_small_one(version_of):
    first = version_of(table(made(2000, "AB", 0)))
    same = measure(version_of(table(made(2000, "AB", 0, seed=5))), previous=first).drift
    moved = measure(version_of(table(made(2000, "AB", 15, seed=5))), previous=first).drift
    assert same.moved["montant"].psi < 0.1
    assert moved.moved["montant"].psi > 0.25


def test_rows_columns_and_types_that_changed_are_named(version_of):
    first = version_of(table(made(50, "AB", 0)))
    rows = [(n, "x", f"note {n}") for n in range(20)]
    drift = measure(version_of(table(rows, "id;lieu;montant")), previous=first).drift
    assert (drift.rows_before, drift.rows_after, drift.columns_before) == (50, 20, 4)
    assert drift.added == ("lieu",)
    assert drift.removed == ("quartier", "jour")
    assert drift.retyped == (("montant", "double", "text"),)


def test_the_same_rows_have_not_moved(version_of):
    first, again = (version_of(table(made(200, "ABC", 0))) for _n in range(2))
    with duckdb.connect() as connection:
        drift = drift_between(connection, first, again)
    assert (drift.added, drift.removed, drift.retyped) == ((), (), ())
    assert {moved.psi for moved in drift.moved.values()} == {0}
    assert all(moved.new == moved.gone == 0 for moved in drift.moved.values())
