"""Small drawings made from contours: marks of organisations, the favicon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parvis.core.geo.svg import Drawn, bounds, draw, frame

MARK = 48
"""Side of a mark, in units of its drawing."""


def mark(contour: Mapping[str, Any]) -> Drawn | None:
    """A contour centred in a square of MARK units; None when it has no surface."""
    box = bounds([contour])
    if box is None:
        return None
    window = frame(box, MARK - 4, tallest=MARK - 4)
    drawn = draw(contour, window)
    if drawn is None:
        return None
    return Drawn(drawn.path, (MARK - window.width) // 2, (MARK - window.height) // 2, 0)
