"""Charts worth looking at first, from what the profile of a dataset's columns says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.questions import Table, columns_for, completed
from parvis.core.charts.reading import FIRST_GROUPS
from parvis.core.columns import Column, ColumnType
from parvis.core.text import fold
from parvis.core.versions.period import is_upkeep
from parvis.core.years import is_year

MOST = 6
"""Suggestions at most."""
_FEW = 5
_SERIES = 8
_CODES = re.compile(r"(^|_)(id|ids|code|codes|num|numero|n|no|siret|siren|insee|uid|uuid|ref|rang|cp|x|y|lat|lon|lng|latitude|longitude|gid|fid|objectid|tel|fax)(_|$)")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a dataset by the part they may play in a chart."""

    moments: tuple[Column, ...]
    years: tuple[Column, ...]
    categories: tuple[Column, ...]
    """Of 2 to 40 values; names before codes, those of two values last."""
    measures: tuple[Column, ...]


def columns_by_part(table: Table) -> Columns:
    """Which columns are moments, categories, measures; codes and places are none of them."""
    moments, years, categories, measures = [], [], [], []
    for column in table.shape:
        profile = table.profile.get(column.name)
        distinct = profile.distinct if profile else 0
        is_empty = profile is not None and table.rows and profile.nulls > 0.6 * table.rows
        if is_empty:
            continue
        if column.type in (ColumnType.DATE, ColumnType.DATETIME):
            if distinct > 1 and not is_upkeep(column):
                moments.append(column)
        elif column.type.is_number and profile and profile.minimum is not None:
            if is_year(float(profile.minimum), column) and is_year(float(profile.maximum), column):
                years.extend([column] if distinct > 1 else [])
            elif not column.kind and not _is_code(column) and distinct > 8:
                measures.append(column)
        elif column.type in (ColumnType.TEXT, ColumnType.BOOLEAN) and 2 <= distinct <= 40 and distinct < table.rows / 2:
            categories.append((bool(column.kind) or _is_code(column), distinct < 3, column))
    ranked = tuple(column for *_rank, column in sorted(categories, key=lambda row: row[:2]))
    return Columns(tuple(moments), tuple(years), ranked, tuple(measures))


_AMOUNT = re.compile(
    r"\b(nb|nbre|nombre|montant|total|effectif|population|place|capacite|quantite|consommation|logement)s?\b"
)
_SHARE = re.compile(r"\b(pour|taux|moyen\w*|median\w*|ratio|indice|par|part|prix|%)\b")


def _words(column: Column) -> str:
    return fold(f"{column.name} {column.label}").replace("_", " ")


def _is_code(column: Column) -> bool:
    return bool(_CODES.search(fold(column.name)))


def suggest(dataset: str, table: Table) -> list[ChartDescription]:
    """At most six completed descriptions, the most telling first; none for a table without moments, categories, measures."""
    columns = columns_by_part(table)
    suggestions: list[ChartDescription] = []
    for rule in _RULES:
        for mark, source in rule(dataset, table, columns):
            description = completed(ChartDescription(mark, (source,)), {dataset: table})
            if description not in suggestions:
                suggestions.append(description)
            break
        if len(suggestions) == MOST:
            break
    return suggestions or _last_resort(dataset, table)


def _last_resort(dataset: str, table: Table) -> list[ChartDescription]:
    """The most frequent values of the column that repeats itself most."""
    repeating = [
        (profile.distinct, column.name)
        for column in columns_for("grouping", table.shape)
        if (profile := table.profile.get(column.name)) and 1 < profile.distinct <= table.rows / 2
    ]
    if not repeating:
        return []
    source = SeriesSource(dataset, grouping=min(repeating)[1])
    return [completed(ChartDescription("bars", (source,)), {dataset: table})]


type Rule = Callable[[str, Table, Columns], Iterator[tuple[str, SeriesSource]]]


def _distinct(table: Table, column: Column) -> int:
    profile = table.profile.get(column.name)
    return profile.distinct if profile else 0


def _amount(columns: Columns) -> dict[str, Any]:
    """What is measured: the rows counted, or the only measure there is when it is one that adds up."""
    for column in columns.measures:
        if _AMOUNT.search(_words(column)) and not _SHARE.search(_words(column)):
            return {"calculation": "sum", "measure": column.name}
    return {}


_RATE = re.compile(r"\b(taux|part|pourcentage|proportion|ratio|indice|moyen\w*|median\w*)\b")
"""Words of what is averaged, never added up, and tells more than how many rows there are."""


def _measured(columns: Columns) -> dict[str, Any]:
    """What is measured over time and by category: an amount added up, else a rate averaged, else the rows."""
    amount = _amount(columns)
    if amount:
        return amount
    for column in columns.measures:
        if column.annotations.get("unit") == "%" or _RATE.search(_words(column)):
            return {"calculation": "avg", "measure": column.name}
    return {}


def _over_time(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for column in (*columns.years, *columns.moments):
        yield "lines", SeriesSource(dataset, grouping=column.name, **_measured(columns))


def _by_category(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for column in columns.categories:
        yield "bars", SeriesSource(dataset, grouping=column.name, **_measured(columns))


def _by_two(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for first in columns.categories:
        for second in columns.categories:
            if first is not second and 2 <= _distinct(table, second) <= _FEW <= _distinct(table, first) <= FIRST_GROUPS:
                yield "bars", SeriesSource(dataset, grouping=first.name, series=second.name, **_amount(columns))


def _parts(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for column in columns.categories:
        profile = table.profile.get(column.name)
        values = (profile.distinct + (1 if profile.nulls else 0)) if profile else 99
        if 2 < values <= _FEW:
            yield "pie", SeriesSource(dataset, grouping=column.name)


def _shared_over_time(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for moment in (*columns.years, *columns.moments):
        for column in columns.categories:
            if _distinct(table, column) < _SERIES:
                yield "areas", SeriesSource(dataset, grouping=moment.name, series=column.name, **_amount(columns))


def _spread(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for column in columns.measures:
        yield "histogram", SeriesSource(dataset, measure=column.name)


def _compared(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for measure in columns.measures:
        for column in columns.categories:
            if _distinct(table, column) <= 20:
                yield "box", SeriesSource(dataset, measure=measure.name, grouping=column.name)


def _together(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    if len(columns.measures) > 1 and table.rows <= 2_000:
        first, second = columns.measures[:2]
        yield "points", SeriesSource(dataset, measure=second.name, against=first.name)


def _by_territory(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    """An amount, or the rows, per inhabitant of the communes they are in; IRIS are brought together by commune.

    Inhabitants are not related to inhabitants, and rows of several years are not added up.
    """
    source = SeriesSource(dataset, territory="commune", **_amount(columns))
    measure = table.shape.get(source.measure)
    per = "" if measure and _PEOPLE.search(_words(measure)) else "inhabitants"
    for column in table.shape:
        if column.kind in ("insee_commune", "iris") and _distinct(table, column) >= 2 and not columns.years:
            yield "bars", replace(source, grouping=column.name, per=per)


_PEOPLE = re.compile(r"\b(population|habitants?|hab)\b")


_RULES: tuple[Rule, ...] = (
    _over_time, _by_category, _by_territory, _by_two, _spread, _shared_over_time, _parts, _compared, _together,
)  # fmt: skip
