"""Small drawings: marks of organisations made from their contour, the favicon, the line of a history."""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parvis.core.geo.svg import bounds, frame, outline

MARK = 48
"""Side of a mark, in units of its drawing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A contour in a square: the ``d`` of a path, and how far it is moved to stand in the middle."""

    path: str
    x: int
    y: int


def mark(contour: Mapping[str, Any]) -> Mark | None:
    """A contour centred in a square of MARK units; None when it has no surface."""
    box = bounds([contour])
    if box is None:
        return None
    window = frame(box, MARK - 4, tallest=MARK - 4)
    path = outline(contour, window)
    return Mark(path, (MARK - window.width) // 2, (MARK - window.height) // 2) if path else None


@dataclass(frozen=True, slots=True)
class Initials:
    """The mark of a name without contour nor logo: two to four letters on a stone of its own tint and joints."""

    text: str
    tint: int
    """From 1 to TINTS, a colour of the categorical palette."""
    joints: str
    """The path of the joints of its paving."""

    @property
    def size(self) -> int:
        """Of its letters, so that four fit where two do."""
        return {1: 26, 2: 21, 3: 17}.get(len(self.text), 14)


TINTS = 8
_JOINTS = (
    "M0 34H48M17 34V48",
    "M0 14H48M31 0V14",
    "M34 0V48M34 17H48",
    "M14 0V48M0 31H14",
    "M0 36L36 0",
    "M12 48L48 12",
)
_LITTLE = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour", "sur", "un", "une"]
)
_ACRONYM = re.compile(r"\(([A-ZÀ-Ýa-z]{2,5})\)\s*$")


def initials(name: str) -> Initials:
    """The mark of a name: its acronym when it gives one, else the first letters of its first two words that say something."""
    acronym = _ACRONYM.search(name)
    words = [word for word in re.split(r"[\s’'(),.]+", name) if word and word.lower() not in _LITTLE]
    if acronym and acronym[1].upper() == acronym[1]:
        text = acronym[1][:4]
    elif len(words) == 1 and words[0].isupper():
        text = words[0][:4]
    elif len(words) == 1:
        text = words[0][:2].capitalize()
    else:
        text = "".join(word[0] for word in words[:2]).upper() or (name or "·")[0].upper()
    number = zlib.crc32(name.encode())
    return Initials(text, number % TINTS + 1, _JOINTS[number // TINTS % len(_JOINTS)])


LINE_WIDTH, LINE_HEIGHT, LINE_MARGIN = 640, 120, 6
"""Of the little picture of a history, and what its line keeps clear around it."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the picture of a history."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A history drawn without any text, so that it may be stretched with the page: its line, and the places marked on it."""

    path: str
    dots: tuple[Dot, ...] = ()
    level: float | None = None
    """Height of a line across, a target for instance."""


def placed(points: Iterable[tuple[float, float]]) -> list[Dot]:
    """Points given as shares of the width and of the height (0 – 1, upwards), as places on the picture."""
    width, height = LINE_WIDTH - 2 * LINE_MARGIN, LINE_HEIGHT - 2 * LINE_MARGIN
    return [Dot(round(LINE_MARGIN + x * width, 1), round(LINE_HEIGHT - LINE_MARGIN - y * height, 1)) for x, y in points]


def joined(dots: Sequence[Dot]) -> str:
    """The path from each place straight to the next."""
    return "M" + "L".join(f"{dot.x:.1f} {dot.y:.1f}" for dot in dots)


def round_ends(values: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis that holds the values, on numbers that are round, and whose middle is too."""
    low, high = min(values), max(values)
    if low == high:
        low, high = (low - abs(low) / 10, high + abs(high) / 10) if low else (0.0, 1.0)
    power = 10.0 ** math.floor(math.log10((high - low) / 2))
    for step in (times * power for times in (0.5, 1, 2, 5, 10, 20)):
        start = math.floor(low / step + 1e-9) * step
        if start + 2 * step >= high - 1e-9 * abs(high):
            return start, start + 2 * step
    return low, high


def even_line(
    values: Sequence[float | None], level: float | None = None, ends: tuple[float, float] | None = None
) -> DrawnLine | None:
    """Values by even steps, the last one marked, with a ``level`` across that the picture holds too; None for fewer than two.

    ``ends`` are those of its axis; the least and the greatest height when it has none.
    """
    points = [(rank, value) for rank, value in enumerate(values) if value is not None]
    if len(points) < 2:
        return None
    heights = [value for _rank, value in points] + ([] if level is None else [level])
    low, high = ends or (min(heights), max(heights))
    span = (high - low) or 1.0
    dots = placed((rank / (len(values) - 1), (value - low) / span) for rank, value in points)
    return DrawnLine(joined(dots), (dots[-1],), None if level is None else placed([(0, (level - low) / span)])[0].y)


def in_steps(dots: Sequence[Dot]) -> str:
    """The path that stays level until the next place."""
    return f"M{dots[0].x:.1f} {dots[0].y:.1f}" + "".join(f"H{dot.x:.1f}V{dot.y:.1f}" for dot in dots[1:])
