"""A town's rows put face to face with OpenStreetMap: ten thousand of each, spread, crowded, and all at one place."""

from __future__ import annotations

import random

from parvis.config.bench.figures import Figure, timed
from parvis.core.osm.conflation import conflate
from parvis.core.osm.mappings import themes
from parvis.core.osm.model import Entry

MANY = 10_000
SPREADS = (("dans une ville", 0.15), ("serrés", 0.005), ("au même point", 0.0))
"""Degrees of the square that they are in."""
NAMES = ("", "École Jules-Ferry", "École maternelle Jules-Ferry", "Groupe scolaire Rosa-Parks")
BUDGET = 15
"""Seconds, of the design: the worst file that somebody sends must not keep the worker."""


def conflation_figures(rows: int) -> list[Figure]:
    """Seconds for trees, which have no name, and for schools, which do."""
    number = min(MANY, rows)
    figures = []
    for label, spread in SPREADS:
        for theme in ("arbre", "ecole"):
            sides = tuple(_entries(letter, number, spread, named=theme == "ecole") for letter in "rn")
            seconds, _result = timed(lambda sides=sides, theme=theme: conflate(*sides, themes()[theme]))
            what = f"{themes()[theme].title.lower()} {label}, {number} et {number}"
            figures.append(Figure("rapprochement", what, "s", seconds, budget=BUDGET))
    return figures


def _entries(letter: str, number: int, spread: float, *, named: bool) -> list[Entry]:
    chance = random.Random(letter)  # noqa: S311 - the same ones each time
    return [
        Entry(
            f"{letter}{rank}",
            2.3 + chance.uniform(0, spread),
            48.8 + chance.uniform(0, spread),
            name=chance.choice(NAMES) if named else "",
        )
        for rank in range(number)
    ]
