"""What answers are made into: points, and the reading that the drawing, the sentence and the table share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from parvis.core.charts.formats import NOTHING, number_text, with_unit
from parvis.core.charts.magnitudes import round_text
from parvis.core.charts.places import Behind
from parvis.core.text import fold
from parvis.core.translation import gettext_noop, ngettext_noop, translate, translate_plural

REST = gettext_noop("Autres")
_ROWS = ngettext_noop("ligne", "lignes")

_PERIOD = re.compile(r"\d|[ts][1-4] |(?:annee|trimestre|semestre|mois|janvier|decembre|situation|au) ")
"""Titles of columns that say when, not what: the unit says it."""
_LONGEST_SYMBOL = 4
"""« km² », « MWh »: letters of a unit that is a symbol, which is no noun."""


@dataclass(frozen=True, slots=True)
class Point:
    """One mark of the drawing, one line of the table."""

    group: str
    """The group as it is read; empty when there is none."""
    series: str
    value: float | None
    key: Any = None
    """The group as it was answered, to sort and to place it."""
    against: float | None = None
    bounds: tuple[float, float] | None = None
    """Lower bound, and upper bound that is not in it, of a bar of a histogram."""
    quartiles: tuple[float, float, float, float, float] | None = None
    count: int | None = None
    behind: Behind | None = None
    """For a territory: its codes, and what the value was before it was related."""
    source: int = 0
    """Rank of the question that answered it."""
    series_key: Any = None
    """The series as it was answered."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is drawn: points, groups and series in their order, words of the axes, how numbers are written."""

    points: tuple[Point, ...]
    groups: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    """By role: ``grouping``, ``series``, ``measure``, ``against``."""
    unit: str = ""
    """Of the values."""
    group_unit: str = ""
    """Of the bounds of a histogram."""
    decimals: int = 0
    step: str = ""
    is_time: bool = False
    """Whether the groups are moments that follow one another."""
    is_numeric: bool = False
    """Whether the groups are numbers."""
    is_additive: bool = False
    """Whether the values of groups may be added up."""
    is_count: bool = False
    """Whether values are numbers of rows, related to nothing."""
    total_groups: int = 0
    """How many groups there were before some were left out."""
    unplaced: int = 0
    """Codes of territories that are in no place that is known, or whose inhabitants or area are not."""
    unfinished: int = 0
    """How many of the last moments are not over in the data: they are shown, and not compared."""
    until: str = ""
    """The day or the month that the data of the last moment go to, when that is why: ``2023-04-10``."""
    total: str = ""
    """The group or the series that was the sum of the others, and is not shown beside them."""
    levels: tuple[tuple[str, str, str], ...] = ()
    """What keeps the rows of one level: title of a column, ``=`` or ``!=``, value."""
    language: str = "fr"

    @property
    def is_ordered(self) -> bool:
        """Whether groups have an order of their own, time or number."""
        return self.is_time or self.is_numeric or bool(self.step)

    def is_rest(self, group: str) -> bool:
        """Whether a group is what is left out of a whole: « Autres (12) »."""
        return group == self.groups[-1] and group.startswith(f"{translate(REST, self.language)} (")

    def with_unit(self, role: str, unit: str | None = None) -> str:
        """The words of an axis with its unit (or the one that is given), unless it is the same word: « Montant (€) »."""
        label = self.labels.get(role, "")
        if unit is None:
            unit = self.group_unit if role == "grouping" else self.unit
        own = self.group_unit if role == "grouping" else self.unit
        if own and unit != own and (match := re.search(rf"\((en )?{re.escape(own)}\)", label)):
            return label[: match.start()] + f"({match[1] or ''}{unit})" + label[match.end() :]
        if not unit or fold(unit) in re.split(r"[\s(),]+", fold(label)):
            return label
        if fold(unit).startswith(f"{fold(label)} ") or re.search(rf"\b{re.escape(fold(label))}$", fold(unit)):
            return (
                unit[:1].upper() + unit[1:]
            )  # « Places pour 1 000 habitants », « Millions de logements » are said once
        if is_period(label) and len(unit) > _LONGEST_SYMBOL:
            return f"{unit[:1].upper()}{unit[1:]} ({label})"  # « Locaux (1er trimestre 2018) »
        return f"{label[:-1]}, {unit})" if label.endswith(")") else f"{label} ({unit})"

    def is_missing(self, group: str) -> bool:
        """Whether a group is that of rows without a value, or with what stands for none: « - », « n.d. »."""
        nothing = translate(NOTHING, self.language)
        return group == nothing or group.startswith(f"{nothing} (")

    def spoken(self, value: float | None) -> str:
        """A value with its unit as a sentence tells it: millions are rounded, rows are called so."""
        if value is None:
            return self.text(value)
        rows = translate_plural(*_ROWS, int(abs(value)), self.language) if self.is_count and not self.unit else ""
        return round_text(value, self.decimals, self.unit or rows, self.language)

    def beside(self, value: float | None) -> str:
        """A value told beside another of the same kind, which has said that rows are counted."""
        return self.text(value) if value is None else round_text(value, self.decimals, self.unit, self.language)

    def text(self, value: float | None) -> str:
        """A value with its unit."""
        return with_unit(number_text(value, self.decimals, self.language), self.unit, self.language)


def is_period(label: str) -> bool:
    """Whether the title of a column says when, not what: « 1er trimestre 2018 »."""
    return bool(_PERIOD.match(fold(label)))
