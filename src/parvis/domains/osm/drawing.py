"""The two places of a finding, drawn to scale without scripts: ours a square, theirs a circle, and how far apart they are."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians

from parvis.domains.osm.models import Finding

WIDTH, HEIGHT, MARGIN = 480, 240, 60
SCALES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000, 1_000_000)
DEGREE = 111_195.0
"""Metres of a degree of latitude."""


@dataclass(frozen=True, slots=True)
class PairDrawing:
    """Centres in the units of the drawing; ``scale`` metres are ``length`` units long."""

    ours: tuple[float, float]
    theirs: tuple[float, float]
    scale: int
    length: float
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def middle(self) -> tuple[float, float]:
        """Of the line between both."""
        return (self.ours[0] + self.theirs[0]) / 2, (self.ours[1] + self.theirs[1]) / 2


def pair_drawing(finding: Finding) -> PairDrawing | None:
    """None without two places."""
    here, there = finding.side("ours"), finding.side("theirs")
    if here is None or there is None:
        return None
    (x1, y1), (x2, y2) = here["place"], there["place"]
    east = (x2 - x1) * DEGREE * cos(radians(y1))
    north = (y2 - y1) * DEGREE
    room = max(abs(east) / (WIDTH - 2 * MARGIN), abs(north) / (HEIGHT - 2 * MARGIN), 0.02)
    half = east / room / 2, north / room / 2
    centre = WIDTH / 2, HEIGHT / 2
    scale = max((metres for metres in SCALES if metres / room <= WIDTH / 3), default=SCALES[0])
    return PairDrawing(
        (round(centre[0] - half[0], 1), round(centre[1] + half[1], 1)),
        (round(centre[0] + half[0], 1), round(centre[1] - half[1], 1)),
        scale,
        round(scale / room, 1),
    )
