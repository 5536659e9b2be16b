"""What a layer asks of its dataset, in ODSQL."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable

from parvis.core.atlas.description import MapLayer
from parvis.core.charts.marks import CALCULATIONS, STEPS
from parvis.core.charts.questions import GROUP, MOST_PLACES, SERIES, VALUE
from parvis.core.explore import ExploreRequest

MOST_ROWS = 2_000
"""Rows of a layer that are fetched at once; larger layers are drawn from tiles."""
MOST_MOMENTS = 240
"""Moments that a slider has."""


def rows_question(
    layer: MapLayer, columns: Iterable[str], moment: str = "", *, timezone: str = "UTC"
) -> ExploreRequest:
    """The rows of a layer, or of one of its moments, with these columns."""
    names = ", ".join(name_of(column) for column in dict.fromkeys(columns))
    return ExploreRequest(select=names, where=conditions_of(layer, moment), limit=MOST_ROWS, timezone=timezone)


def values_question(layer: MapLayer, *, timezone: str = "UTC") -> ExploreRequest:
    """The value of each code of a choropleth; of each code and moment when a slider runs over it."""
    value = layer.formula or CALCULATIONS[layer.calculation].odsql.format(column=name_of(layer.measure))
    groups = [f"{name_of(layer.territory)} as {GROUP}", *([f"{_moment(layer)} as {SERIES}"] if layer.time else [])]
    return ExploreRequest(
        select=f"{value} as {VALUE}",
        where=layer.where,
        group_by=", ".join(groups),
        limit=MOST_PLACES,
        timezone=timezone,
    )


def moments_question(layer: MapLayer, *, timezone: str = "UTC") -> ExploreRequest:
    """The moments at which there are rows."""
    return ExploreRequest(
        select=f"count(*) as {VALUE}",
        where=(*layer.where, f"{name_of(layer.time)} is not null"),
        group_by=f"{_moment(layer)} as {GROUP}",
        limit=MOST_MOMENTS + 1,
        timezone=timezone,
    )


def conditions_of(layer: MapLayer, moment: str = "") -> tuple[str, ...]:
    """The conditions of a layer, and that of a moment of its slider."""
    return (*layer.where, *([within(layer, moment)] if layer.time and moment else []))


def within(layer: MapLayer, moment: str) -> str:
    """The condition that a row falls in a moment, which ``moments_question`` gave."""
    name = name_of(layer.time)
    if not layer.step:
        number = int(moment)
        return f"{name} = {number}"
    first, after = _bounds(moment)
    return f"{name} >= date'{first}' and {name} < date'{after}'"


def _bounds(moment: str) -> tuple[str, str]:
    """The first day of a year, a month or a day, and the first after it."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", moment)
    if match is None:
        raise ValueError(moment)
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    first = f"{year:04}-{month:02}-{day:02}"
    if match[3] and day < calendar.monthrange(year, month)[1]:
        return first, f"{year:04}-{month:02}-{day + 1:02}"
    if match[2] and month < 12:
        return first, f"{year:04}-{month + 1:02}-01"
    return first, f"{year + 1:04}-01-01"


def _moment(layer: MapLayer) -> str:
    name = name_of(layer.time)
    return f'date_format({name}, "{STEPS[layer.step].pattern}")' if layer.step else name


def name_of(column: str) -> str:
    """A column's name in the query language."""
    return f"`{column}`"
