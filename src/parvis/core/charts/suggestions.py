"""Charts worth looking at first, from what the profile of a dataset's columns says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.questions import Table, completed
from parvis.core.charts.reading import FIRST_GROUPS, is_year
from parvis.core.columns import Column, ColumnType
from parvis.core.text import fold

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
    """Of 2 to 40 values, fewest first."""
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
        if column.type in (ColumnType.DATE, ColumnType.DATETIME) and distinct > 1:
            moments.append(column)
        elif column.type.is_number and profile and profile.minimum is not None:
            if is_year(float(profile.minimum), column) and is_year(float(profile.maximum), column):
                years.append(column)
            elif not column.kind and not _is_code(column) and distinct > 8:
                measures.append(column)
        elif column.type in (ColumnType.TEXT, ColumnType.BOOLEAN) and 2 <= distinct <= 40 and distinct < table.rows / 2:
            categories.append((distinct, column))
    ranked = tuple(column for _count, column in sorted(categories, key=lambda pair: pair[0] < 3))
    return Columns(tuple(moments), tuple(years), ranked, tuple(measures))


def _is_code(column: Column) -> bool:
    return bool(_CODES.search(fold(column.name)))


def suggest(dataset: str, table: Table) -> list[ChartDescription]:
    """At most six completed descriptions, the most telling first; none for a table without moments, categories, measures."""
    columns = columns_by_part(table)
    found: list[ChartDescription] = []
    for rule in _RULES:
        for mark, source in rule(dataset, table, columns):
            description = completed(ChartDescription(mark, (source,)), {dataset: table})
            if description not in found:
                found.append(description)
            break
        if len(found) == MOST:
            break
    return found


type Rule = Callable[[str, Table, Columns], Iterator[tuple[str, SeriesSource]]]


def _distinct(table: Table, column: Column) -> int:
    profile = table.profile.get(column.name)
    return profile.distinct if profile else 0


def _amount(columns: Columns) -> dict[str, Any]:
    """What is measured: the rows counted, or the only measure there is when it is one that adds up."""
    for column in columns.measures:
        words = fold(f"{column.name} {column.label}").replace("_", " ")
        if re.search(r"\b(nb|nombre|nbre|montant|total|effectif|population|places?|capacite|quantite|consommation)", words):  # fmt: skip
            return {"calculation": "sum", "measure": column.name}
    return {}


def _over_time(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for column in (*columns.years, *columns.moments):
        yield "lines", SeriesSource(dataset, grouping=column.name, **_amount(columns))


def _by_category(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for column in columns.categories:
        yield "bars", SeriesSource(dataset, grouping=column.name, **_amount(columns))


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


_RULES: tuple[Rule, ...] = (
    _over_time, _by_category, _by_two, _spread, _shared_over_time, _parts, _compared, _together,
)  # fmt: skip
