"""The types of charts, the calculations and the steps of time: one row each, read by the form, the questions and the drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

type Need = Literal["needed", "offered", "no"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A type of chart: its words, which columns it wants, how much it can show, what to draw when that is exceeded."""

    name: str
    fr: str
    en: str
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
        return self.fr if language.startswith("fr") else self.en


_ROWS = (
    Mark("bars", "Barres", "Bars", "needed", "offered", "offered", 40, 8, "treemap", several_sources=True),
    Mark("lines", "Courbes", "Lines", "needed", "offered", "offered", 2_000, 8, "multiples", several_sources=True),
    Mark("areas", "Aires empilées", "Stacked areas", "needed", "offered", "offered", 2_000, 8, "multiples", True, True),
    Mark("points", "Nuage de points", "Points", "offered", "offered", "needed", 2_000, 8, "heatmap", by_rows=True),
    Mark("pie", "Parts (camembert)", "Parts (pie)", "needed", "no", "offered", 5, 1, "bars", is_whole=True),
    Mark("histogram", "Histogramme", "Histogram", "no", "no", "needed", 60, 1, "box"),
    Mark("box", "Boîtes (médiane et quartiles)", "Boxes (median and quartiles)", "offered", "no", "needed", 30, 1, "bars"),
    Mark("heatmap", "Carte de chaleur", "Heat map", "needed", "needed", "offered", 60, 40, "bars"),
    Mark("pyramid", "Pyramide", "Pyramid", "needed", "needed", "offered", 120, 2, "bars", True, True),
    Mark("treemap", "Pavage (parts d’un tout)", "Treemap", "needed", "offered", "offered", 60, 8, "bars", is_whole=True),
    Mark("sankey", "Flux (Sankey)", "Flows (Sankey)", "needed", "needed", "offered", 20, 20, "heatmap", is_whole=True),
    Mark("multiples", "Petits graphiques en série", "Small multiples", "needed", "needed", "offered", 400, 24, "heatmap", True),
)  # fmt: skip
MARKS: Mapping[str, Mark] = {mark.name: mark for mark in _ROWS}


@dataclass(frozen=True, slots=True)
class Calculation:
    """What is computed for each group: the ODSQL aggregation, its words, whether its results may be added up."""

    name: str
    odsql: str
    """With ``{column}`` where the column goes."""
    fr: str
    en: str
    needs_numbers: bool = True
    is_additive: bool = False

    def label(self, language: str) -> str:
        """Its name on screen."""
        return self.fr if language.startswith("fr") else self.en


CALCULATIONS: Mapping[str, Calculation] = {
    row.name: row
    for row in (
        Calculation("count", "count(*)", "Nombre de lignes", "Number of rows", needs_numbers=False, is_additive=True),
        Calculation("sum", "sum({column})", "Somme", "Sum", is_additive=True),
        Calculation("avg", "avg({column})", "Moyenne", "Mean"),
        Calculation("median", "median({column})", "Médiane", "Median"),
        Calculation("min", "min({column})", "Plus petite valeur", "Smallest value"),
        Calculation("max", "max({column})", "Plus grande valeur", "Largest value"),
        Calculation(
            "distinct", "count(distinct {column})", "Nombre de valeurs différentes", "Number of distinct values", False
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Step:
    """How moments are put together: by year, by month…; ``is_time`` when groups follow one another on a calendar."""

    name: str
    pattern: str
    """Of ``date_format``; empty for the moment as it is."""
    fr: str
    en: str
    is_time: bool = True

    def label(self, language: str) -> str:
        """Its name on screen."""
        return self.fr if language.startswith("fr") else self.en


STEPS: Mapping[str, Step] = {
    row.name: row
    for row in (
        Step("year", "yyyy", "par année", "by year"),
        Step("month", "yyyy-MM", "par mois", "by month"),
        Step("day", "yyyy-MM-dd", "par jour", "by day"),
        Step("month-of-year", "MM", "par mois de l’année", "by month of the year", is_time=False),
        Step("weekday", "e", "par jour de la semaine", "by day of the week", is_time=False),
        Step("hour", "HH", "par heure de la journée", "by hour of the day", is_time=False),
    )
}


@dataclass(frozen=True, slots=True)
class Level:
    """A kind of territory that groups may be: the same words as the reference of territories."""

    name: str
    fr: str
    en: str

    def label(self, language: str) -> str:
        """Its name on screen."""
        return self.fr if language.startswith("fr") else self.en


TERRITORIES: Mapping[str, Level] = {
    row.name: row
    for row in (
        Level("commune", "Commune", "Commune"),
        Level("epci", "Intercommunalité", "Intercommunality"),
        Level("departement", "Département", "Department"),
        Level("region", "Région", "Region"),
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
    fr: str
    en: str
    asked_fr: str
    asked_en: str
    many: int
    base: Callable[[Measured], float | None]

    def label(self, language: str) -> str:
        """Its words after a unit."""
        return self.fr if language.startswith("fr") else self.en

    def asked(self, language: str) -> str:
        """Its words in a form."""
        return self.asked_fr if language.startswith("fr") else self.asked_en


RATES: Mapping[str, Rate] = {
    row.name: row
    for row in (
        Rate(
            "inhabitants",
            "pour 1\u202f000\xa0habitants",
            "per 1,000\xa0inhabitants",
            "pour 1\u202f000\xa0habitants",
            "per 1,000\xa0inhabitants",
            1_000,
            lambda place: place.inhabitants,
        ),
        Rate("km2", "par km²", "per km²", "par kilomètre carré", "per square kilometre", 1, lambda place: place.area),
    )
}

ORDERS: Mapping[str, tuple[str, str]] = {
    "": ("Ordre habituel du type", "Usual order of the type"),
    "-value": ("De la plus grande à la plus petite valeur", "From the largest value to the smallest"),
    "value": ("De la plus petite à la plus grande valeur", "From the smallest value to the largest"),
    "group": ("Ordre des groupes", "Order of the groups"),
}
