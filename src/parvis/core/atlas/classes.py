"""Cutting numbers into classes: as many values in each, natural breaks, or bounds that somebody chose."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence

MOST_EXACT = 2_000
"""Different values up to which natural breaks are exact; beyond, neighbours are first brought together, as many in each."""


def edges_of(values: Iterable[float], method: str, steps: int, chosen: Sequence[float] = ()) -> tuple[float, ...]:
    """The bounds between at most ``steps`` classes, rising; a value on a bound belongs to the class above.

    ``method`` is a key of ``METHODS``; ``chosen`` are the bounds of ``chosen``. Fewer classes when values repeat.
    """
    if method == "chosen":
        return tuple(chosen)
    ordered = sorted(value for value in values if math.isfinite(value))
    if not ordered:
        return ()
    return natural_breaks(ordered, steps) if method == "natural" else quantiles(ordered, steps)


def class_of(value: float, edges: Sequence[float]) -> int:
    """The rank of the class of a value, from 0."""
    return bisect_right(edges, value)


def quantiles(ordered: Sequence[float], steps: int) -> tuple[float, ...]:
    """Bounds that leave as many values in each class, as far as equal values allow.

    A lowest value that would fill more than a class, as zero often does, is one by itself: the others share the other classes.
    """
    lowest = bisect_right(ordered, ordered[0])
    if steps > 1 and len(ordered) / steps < lowest < len(ordered):
        others = ordered[lowest:]
        return (others[0], *(edge for edge in quantiles(others, steps - 1) if edge > others[0]))
    places = [math.ceil(len(ordered) * rank / steps) for rank in range(1, steps)]
    return tuple(sorted({ordered[place] for place in places if place < len(ordered)} - {ordered[0]}))


def natural_breaks(ordered: Sequence[float], steps: int) -> tuple[float, ...]:
    """Bounds of the classes whose values differ the least from the mean of their class (Fisher, JASA 53, 1958; Jenks, 1967).

    The least sum of squared differences is found by dynamic programming. The best start of a last class never goes back as
    values are added, so that each step halves the search.
    """
    values, weights = _weighed(ordered)
    count = len(values)
    if count <= steps:
        return tuple(values[1:])
    cost = _Costs(values, weights)
    best = [cost.of(0, end) for end in range(count)]
    starts: list[list[int]] = []
    for _class in range(1, steps):
        best, start = _next_class(best, cost, count)
        starts.append(start)
    cuts, end = [], count - 1
    for start in reversed(starts):
        cuts.append(start[end])
        end = max(start[end] - 1, 0)
    return tuple(values[cut] for cut in sorted(set(cuts)) if cut > 0)


def _weighed(ordered: Sequence[float]) -> tuple[list[float], list[int]]:
    """The different values, each with how many times it is there."""
    values: list[float] = []
    weights: list[int] = []
    for value in ordered:
        if values and values[-1] == value:
            weights[-1] += 1
        else:
            values.append(value)
            weights.append(1)
    if len(values) <= MOST_EXACT:
        return values, weights
    width = math.ceil(len(values) / MOST_EXACT)
    starts = range(0, len(values), width)
    return [values[at] for at in starts], [sum(weights[at : at + width]) for at in starts]


class _Costs:
    """The sum of squared differences to the mean of any stretch of values, from sums kept once."""

    def __init__(self, values: Sequence[float], weights: Sequence[int]) -> None:
        # Differences from the middle keep what a double can hold.
        middle = values[len(values) // 2]
        self._n, self._sum, self._square = [0.0], [0.0], [0.0]
        for value, weight in zip(values, weights, strict=True):
            shifted = value - middle
            self._n.append(self._n[-1] + weight)
            self._sum.append(self._sum[-1] + weight * shifted)
            self._square.append(self._square[-1] + weight * shifted * shifted)

    def of(self, first: int, last: int) -> float:
        """Of the values of those ranks, both in."""
        n = self._n[last + 1] - self._n[first]
        total = self._sum[last + 1] - self._sum[first]
        return max(self._square[last + 1] - self._square[first] - total * total / n, 0.0)


def _next_class(best: Sequence[float], cost: _Costs, count: int) -> tuple[list[float], list[int]]:
    """The least cost of each stretch from the first value with one class more, and where its last class begins."""
    costs, start = list(best), [0] * count
    pending = [(1, count - 1, 1, count - 1)]
    while pending:
        first, last, low, high = pending.pop()
        if first > last:
            continue
        end = (first + last) // 2
        least, at = math.inf, low
        for begin in range(low, min(high, end) + 1):
            total = best[begin - 1] + cost.of(begin, end)
            if total < least:
                least, at = total, begin
        costs[end], start[end] = least, at
        pending += [(first, end - 1, low, at), (end + 1, last, at, high)]
    return costs, start
