"""Masking small counts: none is shown, and none can be computed from the totals that are."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.transforms.secrecy import Sum, masked_cells, recomputable

UNDER = 5


def with_totals(sizes: Sequence[int], counts: Sequence[int]) -> tuple[list[float], list[Sum]]:
    """A table of that many dimensions with all its totals: its cells one after the other, and its sums."""
    cells = list(product(*(range(size + 1) for size in sizes)))  # the last of each dimension is its total
    rank = {cell: number for number, cell in enumerate(cells)}
    inner = dict(zip(product(*(range(size) for size in sizes)), counts, strict=False))
    values = [
        float(
            sum(
                n
                for inside, n in inner.items()
                if all(c in (size, o) for c, o, size in zip(cell, inside, sizes, strict=True))
            )
        )
        for cell in cells
    ]
    sums = [
        Sum(rank[cell], tuple(rank[(*cell[:axis], part, *cell[axis + 1 :])] for part in range(size)))
        for axis, size in enumerate(sizes)
        for cell in cells
        if cell[axis] == size
    ]
    return values, sums


def small_of(values: Sequence[float]) -> set[int]:
    return {rank for rank, value in enumerate(values) if 0 < value < UNDER}


def rank_of(rows: list[list[Fraction]]) -> int:
    """The rank of a matrix, by plain elimination of fractions."""
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((number for number in range(rank, len(rows)) if rows[number][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for number in range(rank + 1, len(rows)):
            times = rows[number][column] / rows[rank][column]
            rows[number] = [a - times * b for a, b in zip(rows[number], rows[rank], strict=True)]
        rank += 1
    return rank


def determined(sums: Sequence[Sum], hidden: set[int]) -> set[int]:
    """The hidden cells that the sums give away: one more equation about such a cell says nothing new."""
    order = {cell: place for place, cell in enumerate(sorted(hidden))}
    matrix = []
    for equation in sums:
        row = [Fraction(0)] * len(order)
        for part in equation.parts:
            if part in order:
                row[order[part]] += 1
        if equation.total in order:
            row[order[equation.total]] -= 1
        matrix.append(row)
    whole = rank_of(matrix)
    unit = lambda place: [Fraction(int(place == other)) for other in range(len(order))]  # noqa: E731
    return {cell for cell, place in order.items() if rank_of([*matrix, unit(place)]) == whole}


tables = st.sampled_from([(2, 2), (3, 3), (4, 3), (2, 2, 2), (3, 2, 2), (5, 5)]).flatmap(
    lambda sizes: st.tuples(
        st.just(sizes),
        st.lists(st.one_of(st.integers(0, 6), st.integers(0, 60)), min_size=60, max_size=60),
    )
)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_no_masked_cell_can_be_computed_from_what_is_shown(table: tuple[tuple[int, ...], list[int]]) -> None:
    sizes, counts = table
    values, sums = with_totals(sizes, counts)
    small = small_of(values)
    hidden = masked_cells(values, sums, small, UNDER)
    assert small <= hidden
    assert not determined(sums, hidden)
    assert determined(sums, hidden) == recomputable(sums, hidden)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_masked_parts_of_a_shown_total_add_up_to_the_least_count(table: tuple[tuple[int, ...], list[int]]) -> None:
    sizes, counts = table
    values, sums = with_totals(sizes, counts)
    hidden = masked_cells(values, sums, small_of(values), UNDER)
    for equation in sums:
        parts = [part for part in equation.parts if part in hidden]
        if parts and equation.total not in hidden:
            assert sum(values[part] for part in parts) >= UNDER


def test_a_table_without_small_cells_is_shown_whole() -> None:
    values, sums = with_totals((3, 3), [20] * 9)
    assert masked_cells(values, sums, set(), UNDER) == set()


def test_the_smallest_other_cell_goes_first_and_zeros_last() -> None:
    values = [3.0, 0.0, 12.0, 40.0, 55.0]
    assert masked_cells(values, [Sum(4, (0, 1, 2, 3))], {0}, UNDER) == {0, 2}


def test_what_the_producer_masked_counts_as_masked() -> None:
    values: list[float | None] = [3.0, None, 12.0, 40.0, 65.0]
    assert masked_cells(values, [Sum(4, (0, 1, 2, 3))], {0}, UNDER) == {0}


def test_two_cells_that_add_up_to_less_than_the_least_count_are_not_left_alone() -> None:
    values = [1.0, 1.0, 30.0, 40.0, 72.0]
    assert masked_cells(values, [Sum(4, (0, 1, 2, 3))], {0, 1}, UNDER) == {0, 1, 2}


def test_cells_that_several_sums_give_away_together_are_seen() -> None:
    # Two squares of masked cells joined by one cell, which each row and column alone would leave.
    sums = [Sum(20, (0, 1)), Sum(21, (2, 3, 4)), Sum(22, (0, 2)), Sum(23, (1, 3)), Sum(24, (4, 5, 6)), Sum(25, (7, 8)), Sum(26, (5, 7)), Sum(27, (6, 8))]  # fmt: skip
    assert recomputable(sums, set(range(9))) == {4}
    shown = [Sum(one.total, (*one.parts, one.total + 10)) for one in sums]  # each with a part that is shown
    values = [4.0] * 20 + [100.0] * 8 + [0.0] * 2 + [50.0] * 8
    hidden = masked_cells(values, shown, set(range(9)), UNDER)
    assert len(hidden) > 9
    assert not determined(shown, hidden)
