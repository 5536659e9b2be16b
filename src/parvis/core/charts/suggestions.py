"""Charts worth looking at first, from what the profile of a dataset's columns says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from parvis.core.charts.column_values import count_of_names, is_coded, is_coordinate, listed, step_of
from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.group_words import is_placeholder
from parvis.core.charts.questions import Table, columns_for, completed
from parvis.core.charts.reading import FIRST_GROUPS, MOST_ORDERED
from parvis.core.charts.territories import REACHED
from parvis.core.charts.totals import are_levels, on_one_level
from parvis.core.columns import Column, ColumnType
from parvis.core.text import fold
from parvis.core.versions.manifest import ColumnProfile
from parvis.core.versions.period import is_upkeep
from parvis.core.years import in_year, is_year

MOST = 6
"""Suggestions at most."""
_FEW = 5
_SERIES = 8
_CODES = re.compile(
    r"(^|_)(ids?|cod|codes?|ndeg|num|numero|n|no|siret|siren|insee|depcom|date|uid|uuid|ref|reference|rang|cp|cog|x|y|lat|lon|long|lng|latitude|longitude"
    r"|coord|coords|coordonnees?|lambert|l93|wgs84|gid|fid|oid|pk|objectid|identifiants?|matricule|rivoli|fantoir|photo|telephone|dossier|index|tel|fax)(_|\d*$)"
    r"|^osm_?id|polygonid|^(shape|st)_?(area|len|length|perimeter)"
)
_OF_MEASURES = re.compile(r"\b(champs?|variables?|indicateurs?|mesures?|grandeurs?|unites?|parametres?)\b")
"""Names of columns that say what each row measures: rows of two of their values are neither added up nor averaged."""
_DENSE = 3
"""Whole numbers that are all different and fill their range at least one in this many: ranks and numbers of files."""
_NARROW_RANGE = 0.02
"""Share of the largest that whole numbers, all different, spread over when they are codes of one prefix: 34057, 34077."""
_LEAST_MOMENTS, _LEAST_POINTS = 3, 12
_SKEWED = 0.06
"""Where the mean is in the range, from its start, when most values are in the first bar and a few far away."""
_LEAST_ROWS = 12
"""Rows under which their numbers by moment are ones and twos."""
_MOMENTS_ALIKE = 0.1
"""Share of the moments of a series of measures that come twice: others have one row each."""
_ALIKE = 0.03
"""What counts of distinct values may be wrong by: they are estimates beyond ten thousand."""


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
        if is_empty or _is_repeated(column, table):
            continue
        is_written = column.type is ColumnType.TEXT and profile is not None and bool(step_of(listed(profile)))
        if is_written or column.type in (ColumnType.DATE, ColumnType.DATETIME):
            if distinct >= _LEAST_MOMENTS and not is_upkeep(column):
                moments.append(column)
        elif column.type.is_number and profile and profile.minimum is not None:
            if is_year(float(profile.minimum), column) and is_year(float(profile.maximum), column):
                years.extend([column] if distinct > 1 else [])
            elif not (column.kind or _is_code(column) or _is_numbered(column, profile, table.rows)) and not (
                is_coordinate(table, column)
            ):
                measures.extend([column] if distinct > (2 if _AMOUNT.search(_words(column)) else 8) else [])
        elif column.type in (ColumnType.TEXT, ColumnType.BOOLEAN) and 2 <= distinct <= min(
            40, _filled(table, column) / 2
        ):
            coded = bool(column.kind) or _is_code(column) or bool(profile and is_coded(column, profile))
            if not _is_no_category(column, profile):
                categories.append((coded, distinct < 3, column))
    named = [row for row in categories if not row[0] or row[2].kind in REACHED] or categories
    ranked = tuple(column for *_rank, column in sorted(named, key=lambda row: row[:2]))
    return Columns(tuple(moments), tuple(years), ranked, tuple(measures))


_AMOUNT = re.compile(
    r"\b(nb|nbre|nombre|montant|total|effectif|population|pmun|ptot|inscrits?|votants?|voix|place|capacite|quantite|consommation|logement|occurr?ence)s?\b"
)
_SHARE = re.compile(r"\b(pour|taux|moyen\w*|median\w*|ratio|indice|par|part|prix|%)\b")
_NOW = re.compile(r"\b(libre|disponible|restant|stock|occupe)e?s?\b")
"""Words of what is there at one moment: two moments are not added up either."""


def _is_no_category(column: Column, profile: ColumnProfile | None) -> bool:
    """Whether the values of a column are one, or do not part rows that may be added up: levels of territories, what is measured."""
    if profile is None:
        return False
    return count_of_names(profile) < 2 or are_levels(profile.values) or bool(_OF_MEASURES.search(_words(column)))


def _is_repeated(column: Column, table: Table) -> bool:
    """Whether a header comes again, a group of columns for each candidate: the rows of one are not those of a whole."""
    return bool(table.shape.get(f"{column.name}_2") and table.shape.get(f"{column.name}_3")) or bool(
        _AGAIN.search(column.name) and table.shape.get(_AGAIN.sub("", column.name))
    )


_AGAIN = re.compile(r"_\d{1,2}$")


def _filled(table: Table, column: Column) -> int:
    """How many rows have a value there."""
    profile = table.profile.get(column.name)
    return table.rows - (profile.nulls if profile else 0)


def _is_numbered(column: Column, profile: ColumnProfile, rows: int) -> bool:
    """Whether whole numbers name their rows: all different, and of one run or of one prefix."""
    filled = rows - profile.nulls
    if column.type is not ColumnType.INT or filled < 8 or profile.distinct < filled or _AMOUNT.search(_words(column)):
        return False
    low, high = float(profile.minimum), float(profile.maximum)
    return high - low < _DENSE * filled or (low >= 1_000 and high - low < _NARROW_RANGE * high)


def _is_skewed(table: Table, column: Column) -> bool:
    """Whether nearly all values of a measure are beside a few far larger ones: bars and boxes would be one line."""
    profile = table.profile.get(column.name)
    if profile is None or profile.mean is None or profile.minimum is None or profile.maximum is None:
        return False
    return profile.mean - float(profile.minimum) < _SKEWED * (float(profile.maximum) - float(profile.minimum))


def _is_even(table: Table, column: Column) -> bool:
    """Whether each value of a column has as many rows as any other: a full panel, or a list of each once.

    Rows counted by it would draw the plan of the table, not what it tells.
    """
    profile = table.profile.get(column.name)
    if profile is None or not profile.distinct:
        return False
    alike = _MOMENTS_ALIKE if step_of(listed(profile)) else _ALIKE
    if profile.distinct >= _filled(table, column) * (1 - alike):
        return True
    if profile.top:
        most, least = profile.top[0][1], profile.top[-1][1]
        return most - least <= _ALIKE * most
    each = table.rows / profile.distinct  # no counts are kept of numbers: another column then has one value for each
    return each > 2 and any(
        abs(other.distinct - each) <= _ALIKE * each for name, other in table.profile.items() if name != column.name
    )


def _words(column: Column) -> str:
    return fold(f"{column.name} {column.label}").replace("_", " ")


def _is_code(column: Column) -> bool:
    return bool(_CODES.search(fold(column.name)))


def suggest(dataset: str, table: Table) -> list[ChartDescription]:
    """At most six completed descriptions, the most telling first; none for a table without moments, categories, measures."""
    columns = columns_by_part(table)
    suggestions: list[ChartDescription] = []
    questions: set[tuple[str, ...]] = set()
    for rule in _RULES:
        for mark, source in rule(dataset, table, columns):
            question = _question_of(mark, source)
            if question in questions:
                continue  # a ring of what bars already show tells nothing more
            questions.add(question)
            source = on_one_level(source, table)
            suggestions.append(completed(ChartDescription(mark, (source,)), {dataset: table}))
            break
        if len(suggestions) == MOST:
            break
    return suggestions or _last_resort(dataset, table)


def _question_of(mark: str, source: SeriesSource) -> tuple[str, ...]:
    """What a chart asks, whatever it is drawn as."""
    shown = "parts" if mark in ("bars", "pie") else mark
    return (shown, source.grouping, source.series, source.calculation, source.measure, source.against, source.per)


def _last_resort(dataset: str, table: Table) -> list[ChartDescription]:
    """The most frequent values of the column that repeats itself most."""
    repeating = [
        (profile.distinct, column.name)
        for column in columns_for("grouping", table.shape)
        if (profile := table.profile.get(column.name))
        and 1 < profile.distinct <= _filled(table, column) / 2
        and not is_upkeep(column)
        and not _is_one_part(table, column)
        and not (column.type.is_number and profile.distinct < 3)
        and not _is_even(table, column)
        and (profile.distinct <= MOST_ORDERED or not column.type.is_number)
    ]
    if not repeating:
        spread = [column for column in columns_by_part(table).measures if not _is_skewed(table, column)][:1]
        return [
            completed(ChartDescription("histogram", (SeriesSource(dataset, measure=column.name),)), {dataset: table})
            for column in spread
        ]
    source = SeriesSource(dataset, grouping=min(repeating)[1])
    return [completed(ChartDescription("bars", (source,)), {dataset: table})]


type Rule = Callable[[str, Table, Columns], Iterator[tuple[str, SeriesSource]]]


def _distinct(table: Table, column: Column) -> int:
    profile = table.profile.get(column.name)
    return profile.distinct if profile else 0


def _amount(columns: Columns) -> dict[str, Any]:
    """What is measured: the rows counted, or the only measure there is when it is one that adds up."""
    amounts = [
        column
        for column in columns.measures
        if _AMOUNT.search(_words(column)) and not _SHARE.search(_words(column)) and not _is_watched(columns)
    ]
    stem = _words(amounts[0]).split(" ")[0] if amounts else ""
    whole = [column for column in amounts if _WHOLE.search(_words(column)) and _words(column).split(" ")[0] == stem]
    return {"calculation": "sum", "measure": (whole or amounts)[0].name} if amounts else {}


_WHOLE = re.compile(r"\b(totale?s?|ensemble)\b")
"""Words of the amount that others are parts of: what is consumed in all, before what farms consume."""


def _is_watched(columns: Columns) -> bool:
    """Whether rows tell what was there at several moments: places of car parks, hour after hour."""
    return bool(columns.moments) and any(_NOW.search(_words(column)) for column in columns.measures)


_RATE = re.compile(r"\b(taux|part|pourcentage|proportion|ratio|indice|moyen\w*|median\w*)\b")
"""Words of what is averaged, never added up, and tells more than how many rows there are."""


def _measured(table: Table, columns: Columns, group: Column) -> dict[str, Any] | None:
    """What is measured over time and by category: an amount added up, else a rate averaged, else the rows.

    Where each group has as many rows, these are not counted: any other measure is averaged; None when there is none.
    """
    amount = _amount(columns)
    if amount:
        return amount
    for column in columns.measures:
        words = _words(column)
        if column.annotations.get("unit") == "%" or _RATE.search(words) or (_NOW.search(words) and columns.moments):
            return {"calculation": "avg", "measure": column.name}
    if not _is_even(table, group):
        return {}
    return {"calculation": "avg", "measure": columns.measures[0].name} if columns.measures else None


def _in_one_year(table: Table, columns: Columns, part: dict[str, Any]) -> dict[str, Any]:
    """What is measured, in the last whole year when the table has several: people of two censuses are not added up."""
    if not part or not columns.years:
        return part
    year = columns.years[0]
    profile = table.profile[year.name]
    last = int(float(profile.maximum))
    if last >= table.year > float(profile.minimum):
        last = table.year - 1
    return {**part, "where": (in_year(year.name, last),)}


def _over_time(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for column in (*columns.years, *columns.moments):
        part = _measured(table, columns, column)
        if part is not None and (part or _filled(table, column) >= _LEAST_ROWS):
            yield "lines", SeriesSource(dataset, grouping=column.name, **part)


def _by_category(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for column in columns.categories:
        part = _measured(table, columns, column)
        if part is not None and not _is_one_part(table, column):
            yield "bars", SeriesSource(dataset, grouping=column.name, **_in_one_year(table, columns, part))


def _by_two(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    part = _in_one_year(table, columns, _amount(columns))
    for first in columns.categories:
        for second in columns.categories:
            is_apart = fold(first.label).strip() != fold(second.label).strip()
            is_telling = bool(part) or not (_is_even(table, first) or _is_even(table, second))
            is_apart = is_apart and not (_NESTED.search(_words(first)) and _NESTED.search(_words(second)))
            is_apart = is_apart and not _is_one_part(table, first) and not _is_one_part(table, second)
            is_readable = 2 <= _distinct(table, second) <= _FEW <= _distinct(table, first) <= FIRST_GROUPS
            if is_apart and is_telling and is_readable:
                yield "bars", SeriesSource(dataset, grouping=first.name, series=second.name, **part)


_NESTED = re.compile(r"\b(iris|quartiers?|communes?|villes?|cantons?|epci|departements?|dep|regions?|academies?)\b")
"""Names of territories, of which one is in another: bars split by it would have one colour each."""


def _parts(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for column in columns.categories:
        profile = table.profile.get(column.name)
        values = (profile.distinct + (1 if profile.nulls else 0)) if profile else 99
        if 2 < values <= _FEW and not _is_even(table, column) and not _is_one_part(table, column):
            yield "pie", SeriesSource(dataset, grouping=column.name)


def _is_one_part(table: Table, column: Column) -> bool:
    """Whether a ring would be one piece: a value that nearly all rows have, or none that a third of them have."""
    profile = table.profile[column.name]
    nothing = profile.nulls + sum(count for value, count in profile.top if is_placeholder(value))
    return nothing > table.rows / 3 or bool(profile.top and profile.top[0][1] > 0.95 * table.rows)


def _shared_over_time(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for moment in (*columns.years, *columns.moments):
        for column in columns.categories:
            is_counted = not _amount(columns)
            if is_counted and (_is_even(table, moment) or _is_watched(columns) or _filled(table, moment) < _LEAST_ROWS):
                continue
            if _distinct(table, column) < _SERIES and not _is_one_part(table, column):
                yield "areas", SeriesSource(dataset, grouping=moment.name, series=column.name, **_amount(columns))


def _spread(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for column in columns.measures:
        if not _is_skewed(table, column):
            yield "histogram", SeriesSource(dataset, measure=column.name)


def _compared(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    for measure in columns.measures:
        for column in columns.categories:
            if _distinct(table, column) <= 20 and not _is_skewed(table, measure):
                yield "box", SeriesSource(dataset, measure=measure.name, grouping=column.name)


def _together(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    measures = [column for column in columns.measures if not _is_skewed(table, column)]
    if len(measures) > 1 and _LEAST_POINTS <= table.rows <= 2_000:
        first, second = measures[:2]
        yield "points", SeriesSource(dataset, measure=second.name, against=first.name)


def _by_territory(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    """An amount, or the rows, per inhabitant of the communes they are in; IRIS are brought together by commune.

    Inhabitants are not related to inhabitants, and rows of several years are not added up.
    """
    part = _in_one_year(table, columns, _amount(columns))
    if not part and (columns.years or any(column.kind in _PARTS_OF_PLACES for column in table.shape)):
        return
    measure = table.shape.get(part.get("measure", ""))
    per = "" if measure and _PEOPLE.search(_words(measure)) else "inhabitants"
    for column in table.shape:
        is_listed = not part and _filled(table, column) < _ROWS_EACH * _distinct(table, column)
        if (
            column.kind in REACHED
            and (part or column.kind in _COUNTED_IN)
            and _distinct(table, column) >= 2
            and not is_listed
        ):
            level = "commune" if column.kind == "iris" else REACHED[column.kind][0]
            yield "bars", SeriesSource(dataset, grouping=column.name, territory=level, per=per, **part)


def _ranked(dataset: str, table: Table, columns: Columns) -> Iterator[tuple[str, SeriesSource]]:
    """What each row is called, by its amount: the largest of a list."""
    part = _amount(columns)
    measure = table.shape.get(part.get("measure", ""))
    is_told = measure and _PEOPLE.search(_words(measure)) and any(column.kind in REACHED for column in table.shape)
    if not part or columns.years or columns.moments or is_told:
        return  # people by commune are told by their codes already
    for column in table.shape:
        profile = table.profile.get(column.name)
        if column.type is not ColumnType.TEXT or column.kind or profile is None or _is_code(column):
            continue
        is_name = profile.distinct > 8 and profile.distinct >= (1 - 2 * _ALIKE) * _filled(table, column)
        is_short = all(len(value) <= _LONGEST_NAME for value, _count in profile.top)
        if is_name and is_short and profile.nulls < table.rows / 3 and not is_coded(column, profile):
            yield "bars", SeriesSource(dataset, grouping=column.name, **part)


_LONGEST_NAME = 60
"""Letters of a name that a bar may have beside it: beyond, it is a sentence."""
_PARTS_OF_PLACES = ("iris", "polling_station")
"""Kinds of columns whose rows are parts of communes: their number says how a commune was cut out."""
_COUNTED_IN = ("insee_commune", "iris")


_ROWS_EACH = 3
"""Rows by territory under which they are a list of territories, which tells nothing by being counted."""
_PEOPLE = re.compile(r"\b(population|pmun|ptot|pcap|habitants?|hab)\b")


_RULES: tuple[Rule, ...] = (
    _over_time, _by_category, _by_territory, _ranked, _by_two, _spread, _shared_over_time, _parts, _compared, _together,
)  # fmt: skip
