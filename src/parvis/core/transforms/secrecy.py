"""Which cells of a table of counts are masked, so that none of the small ones can be computed from totals: pure decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PRIME = (1 << 61) - 1
"""Equations are solved modulo this prime: their coefficients are 1 and -1, whose ranks it keeps."""
MOST_UNKNOWN = 2_000
"""Masked cells that hang together and are solved for; where there are more, each equation alone is seen to."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and its parts, by their rank among the cells."""

    total: int
    parts: tuple[int, ...]


def masked_cells(values: Sequence[float | None], sums: Sequence[Sum], small: set[int], under: int) -> set[int]:
    """The ranks of the cells to mask: the ``small`` ones, then what would give them away.

    ``values`` are counts, None where the producer masked one. In the end no masked cell can be computed from those that are
    shown, and under a total that is shown the masked parts add up to ``under`` at least: the smallest others go first, counts of
    zero last. (Complementary suppression: Insee, Guide du secret statistique; Hundepool et al., Statistical Disclosure Control.)
    """
    state = _State(values, sums, small | {rank for rank, value in enumerate(values) if value is None})
    waiting = state.around(small)
    while waiting:
        more = set()
        for number in waiting:
            while (rank := state.lacking(sums[number], under)) is not None:
                state.hidden.add(rank)
                more.add(rank)
        waiting = state.around(more or _hide_given_away(state))
    return {rank for rank in state.hidden if values[rank] is not None}


class _State:
    """The cells hidden so far, and the sums that each cell is in."""

    def __init__(self, values: Sequence[float | None], sums: Sequence[Sum], hidden: set[int]) -> None:
        self.values, self.sums, self.hidden = values, sums, hidden
        self.by_cell: defaultdict[int, list[int]] = defaultdict(list)
        for number, equation in enumerate(sums):
            for rank in (equation.total, *equation.parts):
                self.by_cell[rank].append(number)

    def around(self, ranks: Iterable[int]) -> list[int]:
        """The sums that these cells are in."""
        return sorted({number for rank in ranks for number in self.by_cell[rank]})

    def lacking(self, equation: Sum, under: int) -> int | None:
        """One cell more to mask in a sum, None when it is safe."""
        unknown = [rank for rank in equation.parts if rank in self.hidden]
        if equation.total in self.hidden:
            return None if unknown or self.values[equation.total] is None else self.cheapest(equation.parts)
        if not any(self.values[rank] is not None for rank in unknown):
            return None  # what the producer masked himself, or nothing
        rest = (self.values[equation.total] or 0.0) - sum(
            self.values[rank] or 0.0 for rank in equation.parts if rank not in self.hidden
        )
        if len(unknown) >= 2 and rest >= under:
            return None
        part = self.cheapest(equation.parts)
        return equation.total if part is None else part

    def cheapest(self, ranks: Iterable[int]) -> int | None:
        """The cell still shown that costs least: zeros last, then the one that asks for the fewest others, then the smallest."""
        shown = [
            (self.values[rank] == 0, self._cost(rank), self.values[rank], rank)
            for rank in ranks
            if rank not in self.hidden
        ]
        return min(shown)[-1] if shown else None

    def _cost(self, rank: int) -> int:
        """How many sums of a cell have nothing masked yet."""
        return sum(
            not any(cell in self.hidden for cell in (self.sums[number].total, *self.sums[number].parts))
            for number in self.by_cell[rank]
        )


def _hide_given_away(state: _State) -> set[int]:
    """Mask one cell beside each that several sums together give away; those masked."""
    more = set()
    for component in _components(state.sums, state.hidden):
        for rank in recomputable([state.sums[number] for number in component], state.hidden):
            around = (
                cell for number in state.by_cell[rank] for cell in (*state.sums[number].parts, state.sums[number].total)
            )
            other = state.cheapest(around) if state.values[rank] is not None else None
            if other is not None:
                state.hidden.add(other)
                more.add(other)
    return more


def _components(sums: Sequence[Sum], hidden: set[int]) -> list[list[int]]:
    """The sums that hang together by masked cells, but for groups too large to be solved."""
    parent: dict[int, int] = {}

    def root(rank: int) -> int:
        while parent.setdefault(rank, rank) != rank:
            parent[rank] = parent[parent[rank]]
            rank = parent[rank]
        return rank

    unknown = [[rank for rank in (equation.total, *equation.parts) if rank in hidden] for equation in sums]
    for ranks in unknown:
        for rank in ranks[1:]:
            parent[root(rank)] = root(ranks[0])
    groups: defaultdict[int, list[int]] = defaultdict(list)
    sizes: defaultdict[int, int] = defaultdict(int)
    for number, ranks in enumerate(unknown):
        if ranks:
            groups[root(ranks[0])].append(number)
    for rank in list(parent):
        sizes[root(rank)] += 1
    return [numbers for rank, numbers in groups.items() if sizes[rank] <= MOST_UNKNOWN]


def recomputable(sums: Sequence[Sum], hidden: set[int]) -> set[int]:
    """The masked cells that the sums together determine: Gauss-Jordan elimination of sparse rows."""
    rows: dict[int, dict[int, int]] = {}
    for equation in sums:
        row = {rank: 1 for rank in equation.parts if rank in hidden}
        if equation.total in hidden:
            row[equation.total] = PRIME - 1
        for pivot, other in rows.items():
            if pivot in row:
                _take(row, other, row[pivot])
        if not row:
            continue
        pivot = next(iter(row))
        inverse = pow(row[pivot], -1, PRIME)
        row = {rank: value * inverse % PRIME for rank, value in row.items()}
        for other in rows.values():
            if pivot in other:
                _take(other, row, other[pivot])
        rows[pivot] = row
    return {pivot for pivot, row in rows.items() if len(row) == 1}


def _take(row: dict[int, int], other: dict[int, int], times: int) -> None:
    """Take ``times`` another row away from a row, in place."""
    for rank, value in other.items():
        left = (row.get(rank, 0) - times * value) % PRIME
        if left:
            row[rank] = left
        else:
            row.pop(rank, None)
