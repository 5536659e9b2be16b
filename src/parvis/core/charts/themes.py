"""The colours of charts, light and dark: the same roles as the pages', and palettes that no eye confuses.

The tests hold each palette to what it promises under protanopia, deuteranopia and tritanopia (``vision``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """What a drawing is coloured with; every colour is ``#rrggbb``."""

    name: str
    ink: str
    ink_soft: str
    joint: str
    paper: str
    muted: str
    """What is beside the subject of a chart: seen on the paper (3:1), and far from the first colour."""
    categorical: tuple[str, ...]
    """Eight, in the order they are given to series."""
    sequential: tuple[str, ...]
    """From least to most, one hue."""
    diverging: tuple[str, ...]
    """From most below to most above; the middle says « neither »."""

    @property
    def first(self) -> str:
        """The colour of a chart without series, and of its subject."""
        return self.categorical[0]


LIGHT = Theme(
    name="light",
    ink="#1d2433",
    ink_soft="#4d5465",
    joint="#ded8cc",
    paper="#ffffff",
    muted="#948f86",
    categorical=("#0b5a60", "#c8553d", "#3f6fb5", "#b07c00", "#8a4f8f", "#4d7c33", "#7a6a5a", "#c2679b"),
    sequential=("#e4efee", "#b5d3d2", "#82b4b4", "#4d9294", "#23747a", "#0b5a60", "#063e43"),
    diverging=("#8f2f14", "#c8553d", "#e6a48f", "#f3efe7", "#8fbcbc", "#2f8086", "#084247"),
)
DARK = Theme(
    name="dark",
    ink="#e9e6df",
    ink_soft="#b4b9c4",
    joint="#363e4b",
    paper="#1b212a",
    muted="#706a64",
    categorical=("#3b9a9b", "#e68467", "#7daff3", "#e4b048", "#dc8bca", "#a7db8d", "#bbac9b", "#f6b5e3"),
    sequential=("#23383d", "#275459", "#2d7075", "#3b8d90", "#58aaab", "#82c8c8", "#b6e6e4"),
    diverging=("#ffb59b", "#e68467", "#9a5a49", "#3a3f48", "#3f7477", "#5cb3b3", "#b6e6e4"),
)
THEMES: Mapping[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK)}
