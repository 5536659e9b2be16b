"""Colours that can be read: contrast of WCAG 2.1 (success criterion 1.4.3), nearest colour that passes."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

DEFAULT_COLOURS = {"accent": "#0b5a60", "accent_strong": "#084247", "stone": "#f6f3ed", "ink": "#1d2433"}
LEAST_CONTRAST = 4.5
PAPER = "#ffffff"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 (black) to 1 (white), as WCAG defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def nearest_readable(colour: str, background: str) -> str:
    """The colour of the same hue nearest to ``colour`` that reaches 4.5:1 on ``background``."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    darker = luminance(background) > 0.18
    for step in range(201):
        moved = lightness - step / 200 if darker else lightness + step / 200
        candidate = "#" + "".join(
            f"{round(c * 255):02x}" for c in colorsys.hls_to_rgb(hue, min(max(moved, 0), 1), saturation)
        )
        if contrast(candidate, background) >= LEAST_CONTRAST:
            return candidate
    return "#000000" if darker else "#ffffff"


def pairs_of(accent: str, accent_strong: str, stone: str, ink: str) -> tuple[tuple[str, str, str, str], ...]:
    """The colours that are read on one another: name and colour of the text, then of what lies under it."""
    return (
        ("accent", accent, "paper", PAPER),
        ("accent", accent, "stone", stone),
        ("accent_strong", accent_strong, "paper", PAPER),
        ("accent_strong", accent_strong, "stone", stone),
        ("ink", ink, "stone", stone),
        ("ink", ink, "paper", PAPER),
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two colours that are read on one another, and how well."""

    label: str
    colour: str
    background_label: str
    background: str
    ratio: float

    @property
    def told(self) -> str:
        """The ratio as it is written."""
        return f"{self.ratio:.1f}".replace(".", ",")

    @property
    def is_readable(self) -> bool:
        """Whether it reaches what WCAG asks."""
        return self.ratio >= LEAST_CONTRAST


def contrast_pairs(accent: str, accent_strong: str, stone: str, ink: str) -> list[Pair]:
    """Each pair with its contrast; those of a colour that is not written as one are left out."""
    names = {"accent": _("Accent"), "accent_strong": _("Couleur foncée"), "ink": _("Texte")}
    under = {"paper": _("blanc"), "stone": _("fond")}
    return [
        Pair(names[name], colour, under[below], background, contrast(colour, background))
        for name, colour, below, background in pairs_of(accent, accent_strong, stone, ink)
        if _COLOUR.fullmatch(colour) and _COLOUR.fullmatch(background)
    ]


def contrast_faults(accent: str, accent_strong: str, stone: str, ink: str) -> dict[str, str]:
    """For each colour that cannot be read where it is used, a sentence with the nearest that can."""
    faults = {}
    for name, colour, _below, background in pairs_of(accent, accent_strong, stone, ink):
        ratio = contrast(colour, background)
        if ratio < LEAST_CONTRAST:
            faults[name] = _("Contraste de %(ratio)s:1 sur %(background)s, il en faut 4,5. Essayez %(nearest)s.") % {
                "ratio": f"{ratio:.1f}".replace(".", ","),
                "background": background,
                "nearest": nearest_readable(colour, background),
            }
    return faults
