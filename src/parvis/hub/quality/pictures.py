"""The little pictures of quality, as places and sizes for templates: no text inside, so that they may shrink with the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from parvis.core.quality.portraits import Portrait
from parvis.hub.quality.messages import bar_words
from parvis.hub.quality.selectors import Day
from parvis.hub.ui.drawing import DrawnLine, in_steps, placed

WIDTH, HEIGHT = 320, 90
"""Of the picture of a distribution."""

_GAP = 1


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """One bar of a distribution: where it stands, what it counts, in words."""

    x: float
    y: float
    width: float
    height: float
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Span:
    """From the day the data came to now: the part in time and the part late, out of 100; where the promised day stands."""

    in_time: float
    late: float
    due: float


def bars_of(counts: Sequence[int], words: Sequence[str]) -> list[DrawnBar]:
    """Bars of about the same width that fill the picture, the highest as high as it; a value that is there is always seen."""
    highest, width = max(counts, default=0), WIDTH / max(len(counts), 1)
    drawn = []
    for rank, (count, label) in enumerate(zip(counts, words, strict=True)):
        height = max(count / highest * HEIGHT, 2.0) if count else 0.0
        x = round(rank * width, 2)
        drawn.append(DrawnBar(x, round(HEIGHT - height, 2), round(width - _GAP, 2), round(height, 2), label, count))
    return drawn


def distribution(portrait: Portrait, *, years: bool = False) -> list[DrawnBar]:
    """The bars of a column, each with its bounds in words; ``years``: its numbers are years."""
    words = [bar_words(bar, portrait.unit, years=years) for bar in portrait.bars]
    return bars_of([bar.count for bar in portrait.bars], words)


def gauge(value: float) -> str:
    """The path of an arc from the left of a half circle of radius 50 centred on (60, 60), for 0 to 100."""
    angle = math.pi * (1 - min(max(value, 0), 100) / 100)
    x, y = 60 + 50 * math.cos(angle), 60 - 50 * math.sin(angle)
    return f"M10 60A50 50 0 0 1 {x:.2f} {y:.2f}"


def history(days: Sequence[Day], today: Day | None = None) -> DrawnLine | None:
    """The score in steps from its first day to ``today``; None for fewer than two days."""
    points = [*days, today] if today is not None else list(days)
    if len(points) < 2 or points[-1].day == points[0].day:
        return None
    first, span = points[0].day, (points[-1].day - points[0].day).days
    places = placed(((point.day - first).days / span, point.score / 100) for point in points)
    dots = tuple(place for point, place in zip(days, places, strict=False) if point.is_new_version)
    return DrawnLine(in_steps(places), dots)


def freshness(age: int, allowed: int) -> Span:
    """How much of the promised period is over."""
    whole = max(age, allowed, 1)
    in_time = min(age, allowed) / whole * 100
    return Span(round(in_time, 2), round(max(age - allowed, 0) / whole * 100, 2), round(allowed / whole * 100, 2))
