"""How slow browser tests are asked to be, and how long they then wait."""

from __future__ import annotations

import os

SLOWED = float(os.environ.get("PARVIS_TESTS_SLOWED", "1"))
"""How many times slower than this machine the processor of every page is: six is an ordinary telephone."""


def patience(seconds: float) -> float:
    """How long to wait for what a page does in so many seconds when nothing slows it."""
    return seconds * SLOWED
