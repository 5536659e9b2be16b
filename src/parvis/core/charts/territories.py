"""Which columns hold codes of territories, what may be asked of them, and how that is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from parvis.core.charts.column_words import in_words, is_written_for_programs
from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.errors import BadDescription, NotAddable, NoTerritories, RatesAreNoParts
from parvis.core.charts.marks import MARKS, RATES, TERRITORIES
from parvis.core.columns import Column, TableShape
from parvis.core.text import fold

REACHED: Mapping[str, tuple[str, ...]] = {
    "iris": ("commune", "epci", "departement", "region"),
    "insee_commune": ("commune", "epci", "departement", "region"),
    "epci": ("epci", "region"),
    "department": ("departement", "region"),
    "region": ("region",),
}
"""For each kind of column that holds codes, the territories its values may be brought to, its own first."""


@dataclass(frozen=True, slots=True)
class Coded:
    """The column of a source whose values are codes of territories, and the part it plays."""

    role: str
    column: Column
    levels: tuple[str, ...]
    """Where its values may be brought to, their own level first."""


def coded(source: SeriesSource, shape: TableShape) -> Coded | None:
    """The grouping when its column holds codes of territories, else the series when its does; None otherwise."""
    for role in ("grouping", "series"):
        name = getattr(source, role)
        column = shape.get(name) if name and not source.is_written_by_hand else None
        if column is not None and column.kind in REACHED:
            return Coded(role, column, REACHED[column.kind])
    return None


def with_territory(description: ChartDescription, source: SeriesSource, shape: TableShape) -> SeriesSource:
    """The source with its level when only a rate was asked; NoTerritories, NotAddable… when it makes no sense."""
    if not source.territory and not source.per:
        return source
    coding = coded(source, shape)
    if coding is None or description.mark == "histogram":
        fit = ", ".join(column.label for column in shape if column.kind in REACHED) or "—"
        raise NoTerritories(dataset=source.dataset, expected=fit)
    level = source.territory or coding.levels[0]
    if level not in coding.levels:
        raise BadDescription(name="territory", value=level, expected=", ".join(coding.levels))
    brings = level != coding.levels[0] or coding.column.kind == "iris"
    if source.per and (not source.calculated.is_additive or _shows_rows(description, source)):
        raise NotAddable(
            calculation=source.calculated.french.lower(), what="rapporter cette mesure aux habitants ou à la surface"
        )
    if brings and (source.calculation not in TOGETHER or description.mark == "box"):
        raise NotAddable(calculation=source.calculated.french.lower(), what="rassembler les territoires")
    if source.per and description.type.is_whole:
        raise RatesAreNoParts(mark=description.type.french, instead=MARKS["bars"].french, mark_instead="bars")
    return replace(source, territory=level)


def _shows_rows(description: ChartDescription, source: SeriesSource) -> bool:
    return description.mark == "box" or (description.mark == "points" and not source.grouping)


TOGETHER: Mapping[str, Callable[[Iterable[float]], float]] = {"sum": sum, "count": sum, "min": min, "max": max}
"""How values of several codes make the value of one place; other calculations cannot be put together."""


def unit_of(source: SeriesSource, unit: str, language: str) -> str:
    """The unit of a measure once it is related: « places pour 1 000 habitants »."""
    if not source.per:
        return unit
    rate = RATES[source.per].label(language)
    return f"{unit} {rate}".strip()


_CODE_WORDS = frozenset(("code", "codes", "insee", "cog", "numero", "num", "no", "id"))


def level_of(source: SeriesSource, coding: Coded | None, language: str) -> str:
    """What the groups are: « Commune », « Intercommunalité »; empty when the label of their column says it, or none are territories.

    Codes that are not brought together are called by name as well: « Code INSEE » would say what they no longer show.
    """
    if source.territory or coding is None:
        return TERRITORIES[source.territory].label(language) if source.territory else ""
    words = set(re.findall(r"\w+", fold(in_words(coding.column.label))))
    says_code = bool(_CODE_WORDS & words) or is_written_for_programs(coding.column.label)
    return TERRITORIES[coding.levels[0]].label(language) if says_code and coding.column.kind != "iris" else ""
