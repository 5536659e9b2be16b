"""The kinds of layers and the ways of making classes: one row each, read by the form, the checks and the drawings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parvis.core.translation import gettext_noop, translate


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of layer: its words, what it draws."""

    name: str
    french: str
    """Its name, as the catalogues of translations know it."""
    geometry: str
    """``point``, ``line``, ``area``, or ``code`` for a layer that joins codes of territories to their contours."""
    takes_colour: bool = True
    takes_size: bool = False

    def label(self, language: str) -> str:
        """Its name on screen."""
        return translate(self.french, language)


_KINDS = (
    Kind("points", gettext_noop("Points"), "point", takes_size=True),
    Kind("clusters", gettext_noop("Points regroupés"), "point"),
    Kind("heat", gettext_noop("Densité (carte de chaleur)"), "point", takes_colour=False),
    Kind("lines", gettext_noop("Lignes (tracés)"), "line", takes_size=True),
    Kind("areas", gettext_noop("Surfaces"), "area"),
    Kind("choropleth", gettext_noop("Territoires colorés"), "code", takes_colour=False),
)
KINDS: Mapping[str, Kind] = {row.name: row for row in _KINDS}


@dataclass(frozen=True, slots=True)
class Method:
    """A way of cutting numbers into classes."""

    name: str
    french: str
    """Its name, as the catalogues of translations know it."""

    def label(self, language: str) -> str:
        """Its name on screen."""
        return translate(self.french, language)


METHODS: Mapping[str, Method] = {
    row.name: row
    for row in (
        Method("quantiles", gettext_noop("Autant de valeurs dans chaque classe")),
        Method("natural", gettext_noop("Ruptures naturelles")),
        Method("chosen", gettext_noop("Bornes choisies")),
    )
}
PALETTES: Mapping[str, str] = {
    "": gettext_noop("Du clair au foncé"),
    "diverging": gettext_noop("De part et d’autre d’un milieu"),
}
TIME_STEPS = ("year", "month", "day")
"""How wide a moment of the slider is, for a column of dates; numbers are taken one by one."""
