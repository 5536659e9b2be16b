"""Whether two measures of a cloud of points go together, by their ranks."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.core.charts.points import Point


def link_of(points: Sequence[Point]) -> int:
    """1 or -1 when the correlation of ranks is clear (0.5 in size), else 0."""
    if len(points) < 5:
        return 0
    ranks = [_ranks([getattr(point, name) for point in points]) for name in ("value", "against")]
    middle = (len(points) - 1) / 2
    product = sum((a - middle) * (b - middle) for a, b in zip(*ranks, strict=True))
    spread = [sum((rank - middle) ** 2 for rank in one) for one in ranks]
    if not all(spread):
        return 0
    correlation = product / (spread[0] * spread[1]) ** 0.5
    return 1 if correlation >= 0.5 else -1 if correlation <= -0.5 else 0


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 0, equal values sharing the mean of theirs."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for at in order[start : end + 1]:
            ranks[at] = (start + end) / 2
        start = end + 1
    return ranks
