"""How far apart the two of each pair are, as a curve: how many pairs are within so many metres."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

STEPS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1_000, 2_000)
"""Metres."""
WIDTH, HEIGHT = 600, 180


def distribution(distances: Sequence[float]) -> dict[str, Any]:
    """Of sorted distances: their number, those within each step (up to the step that holds all), the median, the 90th percentile."""
    if not distances:
        return {"pairs": 0, "within": []}
    within = []
    for step in STEPS:
        count = bisect_right(distances, step)
        within.append([step, count])
        if count == len(distances):
            break
    return {
        "pairs": len(distances),
        "within": within,
        "median": round(quantile(distances, 0.5), 1),
        "most": round(quantile(distances, 0.9), 1),
    }


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that so many of them do not exceed (nearest rank)."""
    return ordered[min(len(ordered) - 1, max(0, -(-round(len(ordered) * share * 1e6) // 1_000_000) - 1))]


def drawn(facts: Mapping[str, Any]) -> str:
    """The curve as points of a line in a box of ``WIDTH`` by ``HEIGHT``: steps are evenly apart, the whole is at the top."""
    within, pairs = facts.get("within", []), facts.get("pairs", 0)
    if not within or not pairs:
        return ""
    width = WIDTH / len(within)
    points = [(0.0, float(HEIGHT))]
    points += [((rank + 1) * width, HEIGHT - HEIGHT * count / pairs) for rank, (_step, count) in enumerate(within)]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def ticks(facts: Mapping[str, Any]) -> list[tuple[float, int]]:
    """Where some steps are under the curve, and their metres: never so many that they touch."""
    within = facts.get("within", [])
    every = -(-len(within) // 8) or 1
    width = WIDTH / max(len(within), 1)
    return [
        ((rank + 1) * width, step)
        for rank, (step, _count) in enumerate(within)
        if (len(within) - 1 - rank) % every == 0
    ]
