"""How colours look to eyes that lack a kind of cone, and how far apart two colours are: what palettes are checked with.

Deficiencies are simulated in linear RGB by the matrices of Machado, Oliveira and Fernandes (« A Physiologically-based Model
for Simulation of Color Vision Deficiency », IEEE TVCG 15(6), 2009) at full severity; distances are ΔE of CIE 1976 L*a*b*,
white D65 (about 2.3 is the least a careful eye sees, 10 is told apart at a glance).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping

type Triple = tuple[float, float, float]

DEFICIENCIES: Mapping[str, tuple[Triple, Triple, Triple]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> Triple:
    """``#rrggbb`` as linear RGB, each from 0 to 1 (IEC 61966-2-1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def seen(colour: str, deficiency: str = "") -> Triple:
    """The linear RGB that a colour is seen as; by usual eyes when no deficiency is named."""
    rgb = linear(colour)
    if not deficiency:
        return rgb
    red, green, blue = (
        min(max(sum(a * b for a, b in zip(row, rgb, strict=True)), 0), 1) for row in DEFICIENCIES[deficiency]
    )
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(colour), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def distance(colour: str, other: str, deficiency: str = "") -> float:
    """ΔE (CIE 1976) of two colours as they are seen."""
    return math.dist(_lab(seen(colour, deficiency)), _lab(seen(other, deficiency)))


def nearest(colours: Iterable[str], deficiency: str = "") -> float:
    """ΔE of the two colours of a palette that are most alike."""
    return min(distance(one, other, deficiency) for one, other in itertools.combinations(colours, 2))


def lightness(colour: str) -> float:
    """L* from 0 (black) to 100 (white)."""
    return _lab(linear(colour))[0]


def _lab(rgb: Triple) -> Triple:
    red, green, blue = rgb
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116 for value in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
