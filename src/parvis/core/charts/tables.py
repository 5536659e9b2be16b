"""The table of a chart: the same values as its picture, written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from parvis.core.charts.description import ChartDescription
from parvis.core.charts.formats import number_text
from parvis.core.charts.points import Point, Reading
from parvis.core.charts.questions import Answer
from parvis.core.charts.reading import read
from parvis.core.translation import gettext_noop, translate

MOST_COLUMNS = 12
"""Series beyond which the table has a line for each value instead of a column for each series."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's title; numbers are set to the right."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class ChartTable:
    """Titles and lines, as texts in the page's language; a value that is missing is an empty text."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]


def table(description: ChartDescription, answers: Sequence[Answer] | Reading, language: str = "fr") -> ChartTable:
    """The table of a chart; groups down, series across when they are few."""
    reading = answers if isinstance(answers, Reading) else read(description, answers, language)
    return _TABLES.get(description.mark, _of_groups)(reading)


def _value(reading: Reading, value: float | None) -> str:
    return "" if value is None else number_text(value, reading.decimals, reading.language)


def _measure(reading: Reading, role: str = "measure") -> str:
    return reading.with_unit(role)


def _of_groups(reading: Reading) -> ChartTable:
    grouping = reading.labels.get("grouping", "")
    if not reading.series:
        two = (Head(grouping, is_number=False), Head(_measure(reading), is_number=True))
        return ChartTable(two, tuple((point.group, _value(reading, point.value)) for point in reading.points))
    if len(reading.series) > MOST_COLUMNS:
        return _of_values(reading)
    values = {(point.group, point.series): point.value for point in reading.points}
    heads = (Head(grouping, is_number=False), *(Head(name, is_number=True) for name in reading.series))
    rows = tuple(
        (group, *(_value(reading, values.get((group, name))) for name in reading.series)) for group in reading.groups
    )
    return ChartTable(heads, rows)


def _of_values(reading: Reading) -> ChartTable:
    heads = (
        Head(reading.labels.get("grouping", ""), is_number=False),
        Head(reading.labels.get("series", ""), is_number=False),
        Head(_measure(reading), is_number=True),
    )
    return ChartTable(heads, tuple((p.group, p.series, _value(reading, p.value)) for p in reading.points))


_QUARTILES = (
    gettext_noop("Plus petite"),
    gettext_noop("Premier quartile"),
    gettext_noop("Médiane"),
    gettext_noop("Troisième quartile"),
    gettext_noop("Plus grande"),
    gettext_noop("Valeurs"),
)


def _of_boxes(reading: Reading) -> ChartTable:
    grouping = reading.labels.get("grouping") or _measure(reading)
    heads = (
        Head(grouping, is_number=False),
        *(Head(translate(name, reading.language), is_number=True) for name in _QUARTILES),
    )
    rows = tuple(
        (
            point.group or translate(gettext_noop("Ensemble"), reading.language),
            *(_value(reading, value) for value in point.quartiles or ()),
            number_text(point.count, 0, reading.language),
        )
        for point in reading.points
    )
    return ChartTable(heads, rows)


def _of_points(reading: Reading) -> ChartTable:
    has = {
        "grouping": any(point.group for point in reading.points),
        "series": bool(reading.series),
    }
    texts: list[tuple[str, Callable[[Point], str]]] = []
    if has["grouping"]:
        texts.append((reading.labels.get("grouping", ""), lambda point: point.group))
    if has["series"]:
        texts.append((reading.labels.get("series", ""), lambda point: point.series))
    numbers: list[tuple[str, Callable[[Point], str]]] = [
        (reading.labels.get("against", ""), lambda point: _plain(reading, point.against)),
        (_measure(reading), lambda point: _value(reading, point.value)),
    ]
    heads = (*(Head(t, is_number=False) for t, _get in texts), *(Head(t, is_number=True) for t, _get in numbers))
    getters = [get for _text, get in (*texts, *numbers)]
    return ChartTable(heads, tuple(tuple(get(point) for get in getters) for point in reading.points))


def _plain(reading: Reading, value: float | None) -> str:
    if value is None:
        return ""
    decimals = 0 if value == int(value) else min(len(repr(float(value)).partition(".")[2]), 4)
    return number_text(value, decimals, reading.language)


_TABLES: Mapping[str, Callable[[Reading], ChartTable]] = {
    "box": _of_boxes,
    "points": _of_points,
    "sankey": _of_values,
}
