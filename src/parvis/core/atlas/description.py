"""What a map is: layers of datasets, how each is drawn, what is said of a feature, where it begins. A value, kept as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from parvis.core.atlas.errors import BadMap
from parvis.core.atlas.kinds import KINDS, METHODS, PALETTES, TIME_STEPS, Kind
from parvis.core.charts.marks import CALCULATIONS, RATES, TERRITORIES
from parvis.core.descriptions import LONGEST_ODSQL, LONGEST_TEXT, Checks, Description, shown

MOST_LAYERS = 8
LONGEST_POPUP = 1_000
FEWEST_CLASSES, MOST_CLASSES = 2, 7

_checks = Checks(BadMap)


@dataclass(frozen=True, slots=True)
class MapLayer:
    """One layer: rows of a dataset where they are, or territories shaded by what the rows say of them.

    Columns are technical names.
    """

    dataset: str
    """Public identifier of the dataset."""
    kind: str = "points"
    """One of ``KINDS``."""
    label: str = ""
    """Its name in the list of layers; the dataset's title when empty."""
    where: tuple[str, ...] = ()
    """Conditions in ODSQL; all must hold."""
    version: str = ""
    """A version of the dataset; empty for the current one."""
    colour: str = ""
    """Column whose values give the colours: texts one by one, numbers by classes; empty for one colour."""
    tint: int = 1
    """Rank, from 1 to 8, of the colour of a layer that has only one."""
    size: str = ""
    """Column of numbers that gives the size of points, the width of lines."""
    classes: str = "quantiles"
    """How numbers are cut, one of ``METHODS``."""
    steps: int = 5
    """How many classes, at most."""
    bounds: tuple[float, ...] = ()
    """The bounds between classes when they are chosen, rising."""
    palette: str = ""
    """``diverging`` for values on both sides of a middle."""
    popup: str = ""
    """What is said of a feature, with ``{column}`` where values go; its first line is a title. Text, never HTML."""
    time: str = ""
    """Column of dates or numbers that a slider runs over."""
    step: str = ""
    """For dates, how wide a moment is: ``year``, ``month`` or ``day``; guessed when empty."""
    territory: str = ""
    """For shaded territories, the column of codes; guessed when empty."""
    level: str = ""
    """The territories that are shaded: ``commune``, ``epci``, ``departement``, ``region``; those of the codes when empty."""
    calculation: str = "count"
    """What is computed for each territory, of those of charts."""
    measure: str = ""
    """Column of numbers that is calculated; empty when rows are counted."""
    formula: str = ""
    """The same written by hand, as an aggregation of ODSQL: ``sum(places) / count(*)``."""
    per: str = ""
    """What it is related to: ``inhabitants`` (1,000 of them), ``km2``; empty for nothing."""
    unit: str = ""
    """Of the values; the column's own unit when empty."""
    hidden: bool = False
    """Whether it waits to be asked for."""

    @property
    def drawn(self) -> Kind:
        """The row of its kind."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class MapDescription(Description):
    """A map: the same value makes the questions, the map of the browser, the picture and the list."""

    parts: ClassVar[str] = "layers"
    part: ClassVar[type] = MapLayer
    most_parts: ClassVar[int] = MOST_LAYERS
    checks: ClassVar[Checks] = _checks

    layers: tuple[MapLayer, ...]
    """From the lowest to the uppermost."""
    title: str = ""
    """What is seen; made from the layers when empty."""
    subtitle: str = ""
    start: tuple[float, ...] = ()
    """Longitude, latitude and zoom at first; empty to show all the data."""
    compare: tuple[int, ...] = ()
    """Ranks, from 1, of two layers that are shown side by side; empty for one map of all."""

    def checked(self) -> Self:
        """The same description when every word of it exists and is short enough; BadMap otherwise.

        Whether its columns exist is said by ``completed``, which reads the datasets.
        """
        self.check_parts(("title", "subtitle"))
        for rank, layer in enumerate(self.layers):
            _check_layer(layer, f"layers[{rank}].")
        _check_start(self.start)
        count, ranks = len(self.layers), self.compare
        if ranks and (len(ranks) != 2 or not all(1 <= rank <= count for rank in ranks)):
            raise BadMap(name="compare", value=shown(list(ranks)), expected=f"deux rangs, de 1 à {count}")
        return self


def _check_start(start: tuple[float, ...]) -> None:
    if not start:
        return
    limits = ((-180, 180), (-85, 85), (0, 20))
    fits = len(start) == 3 and all(low <= value <= high for value, (low, high) in zip(start, limits, strict=True))
    if not fits:
        raise BadMap(name="start", value=shown(list(start)), expected="longitude, latitude, zoom")


def _check_layer(layer: MapLayer, place: str) -> None:
    _checks.question(layer, place, ("colour", "size", "time", "territory", "measure"))
    for name, allowed in AMONG.items():
        _checks.among(getattr(layer, name), allowed, place + name)
    for text in (*layer.where, layer.formula):
        _checks.short(text, LONGEST_ODSQL, f"{place}where, formula")
    for name, most in (("label", LONGEST_TEXT), ("version", 40), ("unit", 40), ("popup", LONGEST_POPUP)):
        _checks.short(getattr(layer, name), most, place + name)
    _checks.require(1 <= layer.tint <= 8, f"{place}tint", layer.tint, "1 – 8")
    steps = f"{FEWEST_CLASSES} – {MOST_CLASSES}"
    _checks.require(FEWEST_CLASSES <= layer.steps <= MOST_CLASSES, f"{place}steps", layer.steps, steps)
    _check_bounds(layer, place)


def _check_bounds(layer: MapLayer, place: str) -> None:
    rising = all(low < high for low, high in zip(layer.bounds, layer.bounds[1:], strict=False))
    if len(layer.bounds) >= MOST_CLASSES or not rising or not all(map(math.isfinite, layer.bounds)):
        expected = f"{MOST_CLASSES - 1} nombres au plus, du plus petit au plus grand"
        raise BadMap(name=f"{place}bounds", value=shown(list(layer.bounds)), expected=expected)
    if layer.classes == "chosen" and not layer.bounds:
        raise BadMap(name=f"{place}bounds", value="—", expected="10, 20, 50")


AMONG: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(KINDS),
    "classes": tuple(METHODS),
    "palette": tuple(PALETTES),
    "step": ("", *TIME_STEPS),
    "level": ("", *TERRITORIES),
    "calculation": tuple(CALCULATIONS),
    "per": ("", *RATES),
}
"""The words that some attributes of a layer may take."""
