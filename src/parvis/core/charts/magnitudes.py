"""What large values are counted in, as people say them: « 40 M€ », « 22,1 millions de logements »."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from parvis.core.charts.formats import number_text, with_unit
from parvis.core.text import fold
from parvis.core.translation import gettext_noop, translate

_EUROS = ((1e9, gettext_noop("Md€")), (1e6, gettext_noop("M€")), (1e3, gettext_noop("k€")))
_LEAST_THOUSANDS = 100_000
"""Euros from which thousands are counted: below, « 12 000 € » is as short."""
_OTHERS = (
    (1e9, gettext_noop("milliards"), gettext_noop("milliard")),
    (1e6, gettext_noop("millions"), gettext_noop("million")),
)
_OF = gettext_noop("{magnitude} de {unit}")
_OF_VOWEL = gettext_noop("{magnitude} d’{unit}")
"""Before a vowel, which French elides."""


@dataclass(frozen=True, slots=True)
class Magnitude:
    """What values are divided by, and the unit they then have."""

    size: float
    unit: str
    single: str
    """The unit of fewer than two: « million de logements »."""

    def unit_for(self, value: float) -> str:
        """The unit after that value, already divided."""
        return self.single if abs(value) < 2 else self.unit


def magnitude_of(values: Iterable[float | None], unit: str, language: str = "fr") -> Magnitude:
    """The one that the largest value is best told in; the unit itself for values that are short as they are."""
    largest = max((abs(value) for value in values if value is not None), default=0)
    for size, *words in _EUROS if unit == "€" else _OTHERS:
        if largest >= max(size, _LEAST_THOUSANDS):
            names = [_of(translate(word, language), unit, language) for word in words]
            return Magnitude(size, names[0], names[-1])
    return Magnitude(1, unit, unit)


def _of(magnitude: str, unit: str, language: str) -> str:
    if unit in ("€", "%", ""):
        return magnitude
    model = _OF_VOWEL if fold(unit[:1]) in "aeiouyh" else _OF
    return translate(model, language, magnitude=magnitude, unit=unit)


def round_text(value: float, decimals: int, unit: str, language: str = "fr") -> str:
    """A value for a sentence: three figures of a large one, in millions; a small one as it is written elsewhere."""
    magnitude = magnitude_of([value], unit, language)
    if magnitude.size < 1e6:
        return with_unit(number_text(value, decimals, language), unit, language)
    counted = value / magnitude.size
    places = 0 if abs(counted) >= 100 or round(counted, 1) == round(counted) else 1
    return with_unit(number_text(counted, places, language), magnitude.unit_for(counted), language)
