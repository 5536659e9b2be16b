"""A bound that somebody watches: above or below a number, and when a figure passes it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from parvis.core.indicators.errors import BadBound


class Side(StrEnum):
    """Which way a figure must go to be told of."""

    ABOVE = "dessus"
    BELOW = "dessous"


@dataclass(frozen=True, slots=True)
class Bound:
    """« Above 80 »; the number itself is not beyond it."""

    side: Side
    number: float

    @classmethod
    def read(cls, side: str, number: str) -> Bound:
        """The bound that two words say, with a decimal comma or point; BadBound otherwise."""
        text = "".join(number.split()).replace("−", "-").replace(",", ".")
        try:
            threshold = float(text) if len(text) <= 24 else math.nan
            way = Side(side or Side.ABOVE)
        except ValueError as error:
            raise BadBound(value=f"{side} {number}"[:60]) from error
        if not math.isfinite(threshold):
            raise BadBound(value=number[:60])
        return cls(way, threshold)

    def is_beyond(self, value: float) -> bool:
        """Whether a figure is on the far side."""
        return value > self.number if self.side is Side.ABOVE else value < self.number

    def is_passed(self, before: float | None, after: float) -> bool:
        """Whether a figure goes from the near side to the far one; a first figure passes nothing."""
        return before is not None and not self.is_beyond(before) and self.is_beyond(after)
