"""Answers made into one reading: the same points for the drawing, the sentence and the table, with texts already written."""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from parvis.core.charts.column_values import step_of
from parvis.core.charts.column_words import in_words
from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.errors import NegativeParts, NothingToDraw, TooManyParts, WrongParts
from parvis.core.charts.formats import (
    NOTHING,
    moment_of,
    moments_between,
    number_text,
    usual_decimals,
)
from parvis.core.charts.group_words import group_text, is_number
from parvis.core.charts.marks import CALCULATIONS, MARKS, STEPS, Mark
from parvis.core.charts.places import BEHIND, LEFT_OUT
from parvis.core.charts.points import REST, Point, Reading
from parvis.core.charts.questions import AGAINST, COUNT, QUARTILES, Answer, Table, keys_of
from parvis.core.charts.territories import coded, level_of, unit_of
from parvis.core.charts.titles import dated
from parvis.core.charts.totals import kept_by, summed, total_among
from parvis.core.charts.whole_periods import unfinished_keys
from parvis.core.columns import Column, ColumnType
from parvis.core.text import fold
from parvis.core.translation import SOURCE, gettext_noop, primary, translate
from parvis.core.units import unit_word
from parvis.core.years import is_year

MOST_ORDERED = 120
"""Most bars that follow one another in time or by number."""
MOST_FOLLOWED = 500
"""Most names along a line: as many would say nothing, and the drawing gives up at some thousands."""
FIRST_GROUPS = 20
"""Bars of unordered groups kept when their number was not said."""


def read(description: ChartDescription, answers: Sequence[Answer], language: str = "fr") -> Reading:
    """The reading of a completed description's answers; ChartError when its type cannot show them well."""
    lang = primary(language or SOURCE)
    mark = description.type
    points = [point for rank, answer in enumerate(answers) for point in _points(description, rank, answer, lang)]
    if not any(point.value is not None for point in points):
        raise NothingToDraw
    first, answer = description.sources[0], answers[0]
    keys = [point.key for point in points]
    grouping = answer.table.shape.get(first.grouping)
    years = [key for key in keys if key is not None]
    if years and not first.step and all(is_number(key) and is_year(key, grouping) for key in years):
        points = [replace(point, key=None if point.key is None else str(int(point.key))) for point in points]
        first, keys = replace(first, step="year"), []
    if not first.step and mark.name not in _NEVER_TIMED and (step := step_of(keys)):
        first, keys = replace(first, step=step), []
        points = [replace(point, group=group_text(point.key, grouping, step, lang, {})) for point in points]
    if len(answers) == 1 and _counts(description, first) and grouping is not None and not first.is_written_by_hand:
        points = with_empty_moments(points, grouping, first.step, lang)
    points, total = _without_total(description, points, lang)
    unit = unit_of(first, unit_word(description.unit or _unit(description, first, answer), lang), lang)
    is_time = first.step in STEPS and STEPS[first.step].is_time
    reading = Reading(
        tuple(points),
        labels=_labels(description, first, answer, lang),
        unit="" if mark.name == "histogram" else unit,
        group_unit=unit if mark.name == "histogram" else "",
        decimals=_decimals(description, points),
        step=first.step if first.step in STEPS else "",
        is_time=is_time,
        is_numeric=mark.name != "histogram" and bool(keys) and all(is_number(key) for key in keys if key is not None)
        and any(key is not None for key in keys),
        is_additive=_adds_up(description),
        is_count=_counts_rows(description, first) and len(answers) == 1,
        total_groups=_groups_in_all(answer, points, is_single=len(answers) == 1 and not first.series and not total),
        total=total,
        levels=tuple((_title_of(answer.table, name), sign, value) for name, sign, value in kept_by(first)),
        unplaced=max((int(row.get(LEFT_OUT, 0)) for one in answers for row in one.rows[:1]), default=0),
        language=lang,
    )  # fmt: skip
    arranged = _arranged(description, reading)
    return with_unfinished(arranged, first, answer.table) if is_time and len(answers) == 1 else arranged


_NEVER_TIMED = ("pie", "treemap", "sankey", "histogram", "points", "box")
"""Types whose groups do not follow one another."""
_MOST_MOMENTS = 400
"""Moments that may be drawn for the few that have rows."""


def with_empty_moments(points: list[Point], grouping: Column, step: str, lang: str) -> list[Point]:
    """The points with those of the years, months or days between them that have no row: none is a number of rows too.

    Where most have none, the moments are those of something else than a calendar, and are left as they are.
    """
    if step not in STEPS or not STEPS[step].is_time or grouping.type not in (ColumnType.DATE, ColumnType.DATETIME):
        return points
    keys = {str(point.key) for point in points if point.key is not None}
    between = moments_between(min(keys), max(keys), step, _MOST_MOMENTS) if keys else []
    if not keys <= set(between) or len(keys) < len(between) / 2:
        return points
    series = list(dict.fromkeys((point.series, point.series_key) for point in points))
    empty = [
        Point(group_text(key, grouping, step, lang, {}), name, 0, key, series_key=series_key)
        for key in between
        if key not in keys
        for name, series_key in series
    ]
    return [*points, *empty]


_SPLIT_BY: Mapping[str, Sequence[str]] = {
    "group": ("bars", "pie", "treemap", "sankey"),
    "series": ("bars", "areas", "lines", "treemap", "multiples"),
}
"""Types that show the parts of a whole by their groups, by their series."""


def _without_total(description: ChartDescription, points: list[Point], lang: str) -> tuple[list[Point], str]:
    """The points without the group, else the series, that is the sum of the others, and its name."""
    first = description.sources[0]
    if len(description.sources) > 1 or not _adds_up(description):
        return points, ""
    for role, marks in _SPLIT_BY.items():
        if description.mark not in marks or (role == "group" and first.step):
            continue
        sums = summed((getattr(point, role), point.value or 0) for point in points)
        name = total_among(sums, is_count=_counts(description, first))
        if name and name != translate(NOTHING, lang):
            return [point for point in points if getattr(point, role) != name], name
    return points, ""


def _title_of(table: Table, name: str) -> str:
    column = table.shape.get(name)
    return in_words(column.label) if column else name


def with_unfinished(reading: Reading, source: SeriesSource, table: Table) -> Reading:
    """The reading that knows which of its last moments are not over in the data."""
    keys = {point.group: str(point.key) for point in reading.points}
    ordered = [keys[group] for group in reading.groups]
    count, day = unfinished_keys(ordered, source.step, table.profile.get(source.grouping), table.created)
    if not 0 < count < len(ordered):
        return reading
    return replace(reading, unfinished=count, until=day)


def _groups_in_all(answer: Answer, points: Sequence[Point], *, is_single: bool) -> int:
    """How many groups have a value, those that were not answered too."""
    if is_single and answer.total > len(answer.rows):
        return answer.total
    return len({point.group for point in points if point.value is not None})


def _adds_up(description: ChartDescription) -> bool:
    """Whether values may be added up; those of several datasets only where they are drawn one upon another."""
    first = description.sources[0]
    if first.is_written_by_hand or first.per or not first.calculated.is_additive:
        return False
    is_piled = description.mark in ("areas", "pyramid") or (description.mark == "bars" and description.stacked)
    return len(description.sources) == 1 or is_piled


def _points(description: ChartDescription, rank: int, answer: Answer, lang: str) -> list[Point]:
    source = description.sources[rank]
    if description.mark == "histogram" and not source.is_written_by_hand:
        measured = answer.table.shape.get(source.measure)
        return _bins(answer, lang, is_whole=measured is not None and measured.type is ColumnType.INT)
    group_key, series_key, value_key = keys_of(source)
    several = len(description.sources) > 1
    grouped = answer.table.shape.get(source.grouping)
    split = answer.table.shape.get(source.series)
    group_labels, series_labels = _value_labels(answer, grouped, group_key), _value_labels(answer, split, series_key)
    points = []
    for row in answer.rows:
        key = row.get(group_key) if group_key else None
        quartiles = _quartiles(row) if description.mark == "box" and QUARTILES[0] in row else None
        series = group_text(row.get(series_key), split, "", lang, series_labels) if series_key else ""
        if several:
            name = source.label or (answer.table.shape.get(source.measure) or source).label or source.dataset
            series = f"{name} · {series}" if series else name
        points.append(
            Point(
                group=group_text(key, grouped, source.step, lang, group_labels) if group_key else "",
                series=series,
                value=quartiles[2] if quartiles else _number(row.get(value_key)),
                key=key,
                against=_number(row.get(AGAINST)),
                quartiles=quartiles,
                count=row.get(COUNT),
                behind=row.get(BEHIND),
                source=rank,
                series_key=row.get(series_key) if series_key else None,
            )
        )
    return points


_BIN = re.compile(r"\[(-?[\d.eE+-]+), (-?[\d.eE+-]+)\[")


def _bins(answer: Answer, lang: str, *, is_whole: bool = False) -> list[Point]:
    _group, _series, value_key = keys_of(SeriesSource("x"))
    raw = []
    for row in answer.rows:
        match = _BIN.fullmatch(str(row.get("c_group") or ""))
        if match:
            raw.append(((float(match[1]), float(match[2])), _number(row.get(value_key))))
    decimals = _decimals_between([bound for bounds, _value in raw for bound in bounds])
    text = _single if is_whole and all(high - low == 1 for (low, high), _value in raw) else _range
    return [Point(text(bounds, decimals, lang), "", value, bounds[0], None, bounds) for bounds, value in sorted(raw)]


def _single(bounds: tuple[float, float], _decimals: int, lang: str) -> str:
    """The only whole number between bounds."""
    return number_text(bounds[0], 0, lang)


def _decimals_between(bounds: Sequence[float]) -> int:
    """As many as tell each bound from the next: « de 45,10 à moins de 45,12 »."""
    ordered = sorted(set(bounds))
    least = min((after - before for before, after in itertools.pairwise(ordered)), default=1)
    return (
        max(usual_decimals(bounds), min(math.ceil(-math.log10(least) - 1e-9), 6))
        if least < 1
        else usual_decimals(bounds)
    )


def _range(bounds: tuple[float, float], decimals: int, lang: str) -> str:
    low, high = (number_text(bound, decimals, lang) for bound in bounds)
    return translate(gettext_noop("de {low} à moins de {high}"), lang, low=low, high=high)


def _quartiles(row: Mapping[str, Any]) -> tuple[float, float, float, float, float] | None:
    five = [_number(row.get(key)) for key in QUARTILES]
    if any(value is None for value in five):
        return None
    low, first, middle, third, high = (float(value) for value in five if value is not None)
    return low, first, middle, third, high


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def _value_labels(answer: Answer, column: Column | None, key: str) -> Mapping[str, str]:
    """What the values under a key of the answer are called, by value."""
    return column.labels_of(row.get(key) for row in answer.rows) if column and column.labels else {}


_OF_MOMENTS = frozenset(("date", "jour", "mois", "annee", "moment", "periode", "horodatage", "timestamp"))
"""Titles of columns of dates that say a step, which may not be the one they are told by."""


def _labels(description: ChartDescription, source: SeriesSource, answer: Answer, lang: str) -> dict[str, str]:
    shape = answer.table.shape
    columns = {role: shape.get(getattr(source, role)) for role in ("grouping", "series", "measure", "against")}
    labels = {role: in_words(column.label) for role, column in columns.items() if column}
    coding = coded(source, shape)
    if coding and (level := level_of(source, coding, lang)):
        labels[coding.role] = level
    if source.is_written_by_hand:
        labels = {role: getattr(source, role) for role in ("grouping", "series", "measure")} | labels
    else:
        labels["measure"] = dated(
            _measure_label(description, source, labels.get("measure", ""), lang), source, shape, lang
        )
        if description.mark == "histogram":
            measured = shape.get(source.measure)
            labels["grouping"] = in_words(measured.label) if measured else ""
    step = STEPS.get(source.step)
    if step and step.is_time and fold(labels.get("grouping", "")) in _OF_MOMENTS:
        labels["grouping"] = step.label(lang).rpartition(" ")[2].capitalize()
    return {**labels, **{role: text for role, text in description.labels.items() if text}}


def _counts(description: ChartDescription, source: SeriesSource) -> bool:
    """Whether the values are numbers of rows."""
    if description.mark == "histogram":
        return True
    return source.calculation == "count" and description.mark not in ("box", "points") and not source.is_written_by_hand


def _counts_rows(description: ChartDescription, source: SeriesSource) -> bool:
    """Whether values are numbers of rows that nobody gave another name, related to nothing."""
    has_name = bool(description.labels.get("measure") or source.per)
    return description.mark != "histogram" and _counts(description, source) and not has_name


def _measure_label(description: ChartDescription, source: SeriesSource, column: str, lang: str) -> str:
    if _counts(description, source):
        return CALCULATIONS["count"].label(lang)
    if description.mark == "box" or (description.mark == "points" and not source.grouping):
        return column
    if source.calculation == "sum":
        return column  # what adds up is told by its name alone
    return f"{column} ({source.calculated.label(lang).lower()})"


def _unit(description: ChartDescription, source: SeriesSource, answer: Answer) -> str:
    column = answer.table.shape.get(source.measure)
    counts = _counts(description, source) and description.mark != "histogram"
    if column is None or counts or source.calculation == "distinct":
        return ""
    return str(column.annotations.get("unit") or "")


def _decimals(description: ChartDescription, points: Sequence[Point]) -> int:
    if description.decimals is not None:
        return description.decimals
    return usual_decimals(value for point in points for value in (point.quartiles or (point.value,)))


# Order, and how much can be shown


def _arranged(description: ChartDescription, reading: Reading) -> Reading:
    mark = description.type
    points = [point for point in reading.points if point.value is not None]
    if mark.is_whole:
        _refuse_negative(mark, reading, points)
    if reading.is_time:
        points = [point for point in points if moment_of(str(point.key)) is not None] or points
    totals: dict[str, float] = defaultdict(float)
    by_series: dict[str, float] = defaultdict(float)
    for point in points:
        totals[point.group] += point.value or 0
        by_series[point.series] += abs(point.value or 0)
    groups = _sorted_groups(description, reading, points, totals)
    series = _sorted_series(reading, mark, by_series)
    if len(series) > mark.most_series:
        raise _too_many(mark, len(series), "séries", mark.instead)
    if mark.name == "pyramid" and len(series) != 2:
        raise WrongParts(count=len(series), instead=MARKS[mark.instead].french)
    groups, points = _limited(description, reading, groups, points)
    shown_groups = set(groups)
    points = [point for point in points if point.group in shown_groups]
    rank = {group: place for place, group in enumerate(groups)}
    place = {name: order for order, name in enumerate(series)}
    if mark.name != "points" or reading.points[0].group:
        points.sort(key=lambda point: (rank[point.group], place[point.series]))
    return replace(reading, points=tuple(points), groups=tuple(groups), series=tuple(s for s in series if s))


def _refuse_negative(mark: Mark, reading: Reading, points: Sequence[Point]) -> None:
    for point in points:
        if point.value is not None and point.value < 0:
            value = reading.text(point.value)
            raise NegativeParts(group=point.group, value=value, mark=mark.french, instead=MARKS["bars"].french)


def _too_many(mark: Mark, count: int, parts: str, instead: str) -> TooManyParts:
    most = mark.most_series if parts == "séries" else mark.most_groups
    return TooManyParts(count=count, parts=parts, mark=mark.french, most=most, instead=MARKS[instead].french, mark_instead=instead)  # fmt: skip


def natural(text: str) -> tuple[Any, ...]:
    """A key that sorts « 5 à 9 ans » before « 10 à 14 ans », and « Évry » among the E."""
    parts = re.split(r"(\d+)", fold(text))
    return tuple((0, int(part), "") if part.isascii() and part.isdecimal() else (1, 0, part) for part in parts if part)


def _sorted_groups(
    description: ChartDescription, reading: Reading, points: Sequence[Point], totals: Mapping[str, float]
) -> list[str]:
    order = description.order or _USUAL_ORDER.get(description.mark, "-value")
    if not description.order and reading.is_ordered and description.mark != "treemap":
        order = "group"  # the parts of a treemap go by size, and it is the smallest that are put together
    if order in ("value", "-value"):
        sign = 1 if order == "value" else -1
        return sorted(totals, key=lambda group: (reading.is_missing(group), sign * totals[group], natural(group)))
    if reading.is_numeric or reading.step or description.mark == "histogram":
        keys: dict[str, Any] = {point.group: point.key for point in points}
        is_missing = {group: key is None for group, key in keys.items()}
        return sorted(totals, key=lambda group: (is_missing[group], keys[group] or 0))
    return sorted(totals, key=natural)


_USUAL_ORDER: Mapping[str, str] = {
    "lines": "group",
    "areas": "group",
    "histogram": "group",
    "pyramid": "group",
    "heatmap": "group",
    "multiples": "group",
}


def _sorted_series(reading: Reading, mark: Mark, by_series: Mapping[str, float]) -> list[str]:
    if mark.name in ("pyramid", "heatmap"):
        return sorted(by_series, key=natural)
    return sorted(by_series, key=lambda name: (reading.is_missing(name), -by_series[name], natural(name)))


def _limited(
    description: ChartDescription, reading: Reading, groups: list[str], points: list[Point]
) -> tuple[list[str], list[Point]]:
    """The groups that are shown; what is left out of a whole is added up as « Autres »."""
    mark, source = description.type, description.sources[0]
    most = mark.most_groups
    if mark.name == "bars":
        if reading.is_ordered and not source.limit:
            if len(groups) > MOST_ORDERED:
                raise TooManyParts(
                    count=len(groups), parts="barres", mark=mark.french, most=MOST_ORDERED, instead=MARKS["lines"].french, mark_instead="lines"
                )  # fmt: skip
            return groups, points
        shown = groups[: min(source.limit or FIRST_GROUPS, most)]
        return [*shown, *(group for group in groups[len(shown) :] if reading.is_missing(group))], points
    if mark.name in _FOLLOWED and not reading.is_ordered and len(groups) > MOST_FOLLOWED and not source.limit:
        raise TooManyParts(
            count=len(groups), parts="groupes", mark=mark.french, most=MOST_FOLLOWED, instead=MARKS["bars"].french, mark_instead="bars"
        )  # fmt: skip
    if mark.name == "pie" or mark.name == "sankey":
        if len(groups) > most:
            raise _too_many(mark, max(len(groups), reading.total_groups), "parts", mark.instead)
        return groups, points
    most = min(source.limit or most, most)
    if mark.name == "treemap" and len(groups) > most:
        return _with_rest(reading, groups, points, most) if reading.is_additive else (groups[:most], points)
    if len(groups) > most and mark.name in ("heatmap", "pyramid"):
        raise _too_many(mark, len(groups), "groupes", mark.instead)
    return groups[:most], points


_FOLLOWED = ("lines", "areas", "multiples")
"""Types whose groups are followed from one to the next: names by the hundred would say nothing."""


def _with_rest(reading: Reading, groups: list[str], points: list[Point], most: int) -> tuple[list[str], list[Point]]:
    leading, rest = groups[: most - 1], set(groups[most - 1 :])
    sums: dict[str, float] = defaultdict(float)
    for point in points:
        if point.group in rest:
            sums[point.series] += point.value or 0
    name = f"{translate(REST, reading.language)} ({len(rest)})"
    return [*leading, name], [p for p in points if p.group not in rest] + [Point(name, s, v) for s, v in sums.items()]
