"""What the reference of territories says of the codes that the answers of a drawing hold."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from parvis.core.charts.description import SeriesSource
from parvis.core.charts.errors import BroaderThanShown
from parvis.core.charts.marks import TERRITORIES
from parvis.core.charts.places import Place, joined
from parvis.core.charts.questions import Answer, keys_of
from parvis.core.charts.territories import Coded, coded
from parvis.core.columns import LABELS, TableShape
from parvis.hub.caches import byte_cache
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.selectors import seen_through
from parvis.hub.territories.codes import NAMED, by_codes, territories_of_codes
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import areas_of, population_year

Kind = Territory.Kind

_ROW, _NAME = 400, 150
"""About what a kept row takes, and a kept name."""
_LEAST_NAMED = 0.5
"""Share of the codes of an answer that are known, from which they are taken for codes."""
_PARENTS = {Kind.EPCI: "epci", Kind.DEPARTMENT: "department", Kind.REGION: "region"}


def placed(source: SeriesSource, answer: Answer, key: Hashable) -> Answer:
    """The answer with its codes of territories called by name, brought together and related, as its source asks.

    Codes that are not brought together are called by name all the same. Kept under ``key``, which names the answer and its version, until the process ends: references change with Parvis.
    """
    column = coded(source, answer.table.shape)
    if not source.territory:
        return answer if column is None else _named(source, answer, column, key)
    whole = (key, source, column.column.kind if column else "")
    placed_rows: Answer | None = byte_cache("territory-rows").get(whole)
    if placed_rows is None:
        placed_rows = joined(
            source, answer, lambda kind, codes, level: places(kind, codes, level, with_area=source.per == "km2")
        )
        byte_cache("territory-rows").put(whole, placed_rows, _ROW * len(placed_rows.rows))
    return replace(placed_rows, table=answer.table)


def _named(source: SeriesSource, answer: Answer, coding: Coded, key: Hashable) -> Answer:
    """The answer whose codes of territories have their names as labels, a label given by a person first; its rows are the same."""
    row_key = keys_of(source)[0 if coding.role == "grouping" else 1]
    cached_key = (key, "names", coding.column.name)
    names: dict[str, str] | None = byte_cache("territory-rows").get(cached_key)
    if names is None:
        codes = {str(row[row_key]) for row in answer.rows if row.get(row_key) not in (None, "")}
        territories = territories_of_codes(coding.column.kind, codes)
        official = NAMED[coding.column.kind][1]
        # The inhabited quarters of a commune (IRIS), and communes that became parts of it, keep their codes.
        names = {
            code: place.name
            if official(code) == place.code and coding.column.kind != "iris"
            else f"{place.name} ({code})"
            for code, place in territories.items()
        }
        if len(names) < _LEAST_NAMED * len(codes):
            names = {}  # numbers of somebody's own list, of which some are also codes of another place
        byte_cache("territory-rows").put(cached_key, names, _NAME * len(names))
    if not names:
        return answer
    labels = {**names, **coding.column.labels}
    named = coding.column.with_changes(annotations={**coding.column.annotations, LABELS: labels})
    columns = tuple(named if column.name == named.name else column for column in answer.table.shape)
    return replace(answer, table=replace(answer.table, shape=TableShape(columns)))


def require_level(dataset: Dataset, version: Version, level: str, language: str) -> None:
    """BroaderThanShown when the site shows less of a version than the territories of that level hold."""
    seen = seen_through(dataset, version) if level else None
    if seen is None or seen.place is None:
        return
    levels = list(TERRITORIES)
    if levels.index(level) > levels.index(seen.place):
        raise BroaderThanShown(name=seen.lens.name, level=TERRITORIES[level].label(language).lower())


def places(kind: str, codes: Collection[str], level: str, *, with_area: bool = False) -> dict[str, Place]:
    """The territory of that level in which each code is, by the code as it was given; unknown codes are left out.

    ``kind`` is that of a column (``insee_commune``, ``iris``, ``epci``, ``department``, ``region``). Codes that lost their first
    zero, codes of former communes and of districts are understood. ``with_area`` measures contours, which is slower.
    """
    territories = territories_of_codes(kind, codes)
    if level != NAMED[kind][0]:
        column = _PARENTS[Kind(level)]
        parents = {code: getattr(one, column) for code, one in territories.items()}
        above = by_codes(level, parents.values())
        territories = {code: above[parent] for code, parent in parents.items() if parent in above}
    areas = areas_of(level, {one.code for one in territories.values()}) if with_area else {}
    return {code: Place(one.code, one.name, one.population, areas.get(one.code)) for code, one in territories.items()}


def reference_of(rates: Iterable[str], *, contours: bool = False) -> str:
    """What of the reference a drawing rests on, in words; empty when it rests on none of it.

    ``rates`` are what its values are related to; ``contours`` says that it shows those of territories.
    """
    related, words = set(rates), []
    if contours:
        words.append(_("contours livrés avec Parvis (IGN)"))
    if "inhabitants" in related:
        words.append(_("population municipale de %(year)s (Insee)") % {"year": population_year()})
    if "km2" in related and not contours:
        words.append(_("surface mesurée sur les contours livrés (IGN)"))
    return " ; ".join(words)
