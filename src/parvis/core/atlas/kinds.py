"""The kinds of layers and the ways of making classes: one row each, read by the form, the checks and the drawings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of layer: its words, what it draws."""

    name: str
    fr: str
    en: str
    geometry: str
    """``point``, ``line``, ``area``, or ``code`` for a layer that joins codes of territories to their contours."""
    takes_colour: bool = True
    takes_size: bool = False

    def label(self, language: str) -> str:
        """Its name on screen."""
        return self.fr if language.startswith("fr") else self.en


_KINDS = (
    Kind("points", "Points", "Points", "point", takes_size=True),
    Kind("clusters", "Points regroupés", "Clustered points", "point"),
    Kind("heat", "Densité (carte de chaleur)", "Density (heat map)", "point", takes_colour=False),
    Kind("lines", "Lignes", "Lines", "line", takes_size=True),
    Kind("areas", "Surfaces", "Areas", "area"),
    Kind("choropleth", "Territoires colorés", "Shaded territories", "code", takes_colour=False),
)
KINDS: Mapping[str, Kind] = {row.name: row for row in _KINDS}


@dataclass(frozen=True, slots=True)
class Method:
    """A way of cutting numbers into classes."""

    name: str
    fr: str
    en: str

    def label(self, language: str) -> str:
        """Its name on screen."""
        return self.fr if language.startswith("fr") else self.en


METHODS: Mapping[str, Method] = {
    row.name: row
    for row in (
        Method("quantiles", "Autant de valeurs dans chaque classe", "As many values in each class"),
        Method("natural", "Ruptures naturelles", "Natural breaks"),
        Method("chosen", "Bornes choisies", "Chosen bounds"),
    )
}
PALETTES: Mapping[str, tuple[str, str]] = {
    "": ("Du clair au foncé", "From light to dark"),
    "diverging": ("De part et d’autre d’un milieu", "On both sides of a middle"),
}
TIME_STEPS = ("year", "month", "day")
"""How wide a moment of the slider is, for a column of dates; numbers are taken one by one."""
