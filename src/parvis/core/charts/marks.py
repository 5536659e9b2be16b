"""The types of charts, the calculations and the steps of time: one row each, read by the form, the questions and the drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from parvis.core.translation import gettext_noop, translate

type Need = Literal["needed", "offered", "no"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A type of chart: its words, which columns it wants, how much it can show, what to draw when that is exceeded."""

    name: str
    french: str
    """Its name, as the catalogues of translations know it."""
    grouping: Need
    series: Need
    measure: Need
    """Whether a column of numbers is needed; ``offered`` when counting rows will do."""
    most_groups: int
    most_series: int
    """Most series (colours, panels, columns of a heat map)."""
    instead: str
    several_sources: bool = False
    """Whether series may come from several datasets."""
    is_whole: bool = False
    """Whether it shows parts of a whole, never negative."""
    by_rows: bool = False
    """Whether without a grouping it shows rows, not totals."""

    def label(self, language: str) -> str:
        """Its name on screen."""
        return translate(self.french, language)


_ROWS = (
    Mark("bars", gettext_noop("Barres"), "needed", "offered", "offered", 40, 8, "treemap", several_sources=True),
    Mark("lines", gettext_noop("Courbes"), "needed", "offered", "offered", 2_000, 8, "multiples", several_sources=True),
    Mark("areas", gettext_noop("Aires empilées"), "needed", "offered", "offered", 2_000, 8, "multiples", True, True),
    Mark("points", gettext_noop("Nuage de points"), "offered", "offered", "needed", 2_000, 8, "heatmap", by_rows=True),
    Mark("pie", gettext_noop("Parts (camembert)"), "needed", "no", "offered", 5, 1, "bars", is_whole=True),
    Mark("histogram", gettext_noop("Histogramme"), "no", "no", "needed", 60, 1, "box"),
    Mark("box", gettext_noop("Boîtes (médiane et quartiles)"), "offered", "no", "needed", 30, 1, "bars"),
    Mark("heatmap", gettext_noop("Carte de chaleur"), "needed", "needed", "offered", 60, 40, "bars"),
    Mark("pyramid", gettext_noop("Pyramide"), "needed", "needed", "offered", 120, 2, "bars", True, True),
    Mark("treemap", gettext_noop("Pavage (parts d’un tout)"), "needed", "offered", "offered", 60, 8, "bars", is_whole=True),
    Mark("sankey", gettext_noop("Flux (Sankey)"), "needed", "needed", "offered", 20, 20, "heatmap", is_whole=True),
    Mark("multiples", gettext_noop("Petits graphiques en série"), "needed", "needed", "offered", 400, 24, "heatmap", True),
)  # fmt: skip
MARKS: Mapping[str, Mark] = {mark.name: mark for mark in _ROWS}


@dataclass(frozen=True, slots=True)
class Calculation:
    """What is computed for each group: the ODSQL aggregation, its words, whether its results may be added up."""

    name: str
    odsql: str
    """With ``{column}`` where the column goes."""
    french: str
    """Its name, as the catalogues of translations know it."""
    needs_numbers: bool = True
    is_additive: bool = False

    def label(self, language: str) -> str:
        """Its name on screen."""
        return translate(self.french, language)


CALCULATIONS: Mapping[str, Calculation] = {
    row.name: row
    for row in (
        Calculation("count", "count(*)", gettext_noop("Nombre de lignes"), needs_numbers=False, is_additive=True),
        Calculation("sum", "sum({column})", gettext_noop("Somme"), is_additive=True),
        Calculation("avg", "avg({column})", gettext_noop("Moyenne")),
        Calculation("median", "median({column})", gettext_noop("Médiane")),
        Calculation("min", "min({column})", gettext_noop("Plus petite valeur")),
        Calculation("max", "max({column})", gettext_noop("Plus grande valeur")),
        Calculation("distinct", "count(distinct {column})", gettext_noop("Nombre de valeurs différentes"), False),
    )
}


@dataclass(frozen=True, slots=True)
class Step:
    """How moments are put together: by year, by month…; ``is_time`` when groups follow one another on a calendar."""

    name: str
    pattern: str
    """Of ``date_format``; empty for the moment as it is."""
    french: str
    """Its name, as the catalogues of translations know it."""
    is_time: bool = True

    def label(self, language: str) -> str:
        """Its name on screen."""
        return translate(self.french, language)


STEPS: Mapping[str, Step] = {
    row.name: row
    for row in (
        Step("year", "yyyy", gettext_noop("par année")),
        Step("month", "yyyy-MM", gettext_noop("par mois")),
        Step("day", "yyyy-MM-dd", gettext_noop("par jour")),
        Step("month-of-year", "MM", gettext_noop("par mois de l’année"), is_time=False),
        Step("weekday", "e", gettext_noop("par jour de la semaine"), is_time=False),
        Step("hour", "HH", gettext_noop("par heure de la journée"), is_time=False),
    )
}


@dataclass(frozen=True, slots=True)
class Level:
    """A kind of territory that groups may be: the same words as the reference of territories."""

    name: str
    french: str
    """Its name, as the catalogues of translations know it."""

    def label(self, language: str) -> str:
        """Its name on screen."""
        return translate(self.french, language)


TERRITORIES: Mapping[str, Level] = {
    row.name: row
    for row in (
        Level("commune", gettext_noop("Commune")),
        Level("epci", gettext_noop("Intercommunalité")),
        Level("departement", gettext_noop("Département")),
        Level("region", gettext_noop("Région")),
    )
}


class Measured(Protocol):
    """What values may be related to."""

    @property
    def inhabitants(self) -> int | None:
        """How many people live there."""

    @property
    def area(self) -> float | None:
        """In square kilometres."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a measure is related to: its words, and what it is divided by."""

    name: str
    french: str
    """Its name, as the catalogues of translations know it."""
    asked_french: str
    """Its words in a form, likewise."""
    many: int
    base: Callable[[Measured], float | None]

    def label(self, language: str) -> str:
        """Its words after a unit."""
        return translate(self.french, language)

    def asked(self, language: str) -> str:
        """Its words in a form."""
        return translate(self.asked_french, language)


RATES: Mapping[str, Rate] = {
    row.name: row
    for row in (
        Rate(
            "inhabitants",
            gettext_noop("pour 1\u202f000\xa0habitants"),
            gettext_noop("pour 1\u202f000\xa0habitants"),
            1_000,
            lambda place: place.inhabitants,
        ),
        Rate("km2", gettext_noop("par km²"), gettext_noop("par kilomètre carré"), 1, lambda place: place.area),
    )
}

ORDERS: Mapping[str, str] = {
    "": gettext_noop("Ordre habituel du type"),
    "-value": gettext_noop("De la plus grande à la plus petite valeur"),
    "value": gettext_noop("De la plus petite à la plus grande valeur"),
    "group": gettext_noop("Ordre des groupes"),
}
