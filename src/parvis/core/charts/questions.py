"""The questions a chart asks, in ODSQL, and what the columns must be for them to make sense."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.errors import BadDescription, MissingPart, UnknownColumn
from parvis.core.charts.marks import STEPS, Mark, Need
from parvis.core.charts.territories import with_territory
from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.explore import ExploreRequest
from parvis.core.translation import gettext_noop
from parvis.core.versions.manifest import ColumnProfile

GROUP, SERIES, VALUE, AGAINST, COUNT = "c_group", "c_series", "c_value", "c_against", "c_count"
"""Keys of the answers to questions that are not written by hand."""
QUARTILES = ("c_low", "c_first", "c_middle", "c_third", "c_high")
"""Keys of an answer for boxes: least, first quartile, median, third quartile, greatest."""

MOST_ROWS = 5_000
"""Most rows of an answer that are drawn."""
MOST_PLACES = 40_000
"""Most groups of an answer that are brought together by territory: all communes of France fit."""
BINS = 20
"""About how many bars a histogram has when its step was not said."""


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of a dataset before it is asked: its columns, and their profile when there is one."""

    shape: TableShape
    profile: Mapping[str, ColumnProfile] = field(default_factory=dict)
    rows: int = 0
    created: str = ""
    """The day its rows were written, as ISO 8601: what is after it has not happened."""

    @property
    def year(self) -> int:
        """The year its rows were written in, which is not over in them; one that never comes when it is unknown."""
        return int(self.created[:4]) if self.created[:4].isdecimal() else 9999


@dataclass(frozen=True, slots=True)
class Answer:
    """What a dataset answered: rows by key, in order; ``total`` is how many groups (or rows) there were in all."""

    rows: Sequence[Mapping[str, Any]]
    total: int
    table: Table


def questions(description: ChartDescription, *, timezone: str = "UTC") -> tuple[ExploreRequest, ...]:
    """One request for each source, in order; its answer is read with ``keys_of``. Nothing is looked up."""
    return tuple(_question(description.type, description, source, timezone) for source in description.sources)


def keys_of(source: SeriesSource) -> tuple[str, str, str]:
    """Keys of the grouping, the series and the value in the answer to a source's question; empty for what is not asked."""
    if source.is_written_by_hand:
        return source.grouping, source.series, source.measure
    return (GROUP if source.grouping else ""), (SERIES if source.series else ""), VALUE


def _question(mark: Mark, description: ChartDescription, source: SeriesSource, timezone: str) -> ExploreRequest:
    if source.is_written_by_hand:
        return ExploreRequest(
            select=source.select,
            where=source.where,
            group_by=source.group_by,
            order_by=source.order_by,
            limit=min(source.limit or MOST_ROWS, MOST_ROWS),
            timezone=timezone,
        )
    select, group_by = _ASKED.get(mark.name, _totals)(source)
    return ExploreRequest(
        select=", ".join(select),
        where=source.where,
        group_by=", ".join(group_by),
        order_by=source.order_by or _order(description, source),
        # Without groups, totals are given again for each row.
        limit=1 if mark.name == "box" and not group_by else MOST_PLACES if source.territory else MOST_ROWS,
        timezone=timezone,
    )


def _totals(source: SeriesSource) -> tuple[list[str], list[str]]:
    value = source.calculated.odsql.format(column=_name(source.measure))
    return [f"{value} as {VALUE}"], _groups(source)


def _rows(source: SeriesSource) -> tuple[list[str], list[str]]:
    if source.grouping:
        select, group_by = _totals(source)
        across = source.calculated.odsql.format(column=_name(source.against))
        return [*select, f"{across} as {AGAINST}"], group_by
    series = [f"{_name(source.series)} as {SERIES}"] if source.series else []
    return [f"{_name(source.measure)} as {VALUE}", f"{_name(source.against)} as {AGAINST}", *series], []


def _bins(source: SeriesSource) -> tuple[list[str], list[str]]:
    return [f"count(*) as {VALUE}"], [f"range({_name(source.measure)}, {source.step or 1}) as {GROUP}"]


def _boxes(source: SeriesSource) -> tuple[list[str], list[str]]:
    column = _name(source.measure)
    formulas = (
        f"min({column})",
        f"percentile({column}, 25)",
        f"median({column})",
        f"percentile({column}, 75)",
        f"max({column})",
    )
    named = [f"{formula} as {key}" for formula, key in zip(formulas, QUARTILES, strict=True)]
    return [*named, f"count({column}) as {COUNT}"], _groups(source)


_ASKED: Mapping[str, Callable[[SeriesSource], tuple[list[str], list[str]]]] = {
    "points": _rows,
    "histogram": _bins,
    "box": _boxes,
}


def _groups(source: SeriesSource) -> list[str]:
    step = STEPS.get(source.step)
    groups = []
    if source.grouping:
        name = _name(source.grouping)
        groups.append(f'date_format({name}, "{step.pattern}") as {GROUP}' if step else f"{name} as {GROUP}")
    if source.series:
        groups.append(f"{_name(source.series)} as {SERIES}")
    return groups


def _order(description: ChartDescription, source: SeriesSource) -> str:
    """Largest values first where only some groups may be kept, the order of the groups elsewhere."""
    if description.mark in ("points", "histogram", "box", "lines", "areas", "pyramid", "multiples"):
        return ""
    return "" if source.step or not source.grouping else f"{VALUE} desc"


def _name(column: str) -> str:
    return f"`{column}`"


# What the columns must be


def completed(description: ChartDescription, tables: Mapping[str, Table]) -> ChartDescription:
    """The description with what may be guessed filled in (step of dates, width of bars), its columns checked.

    ``tables`` knows each dataset by its identifier. MissingPart, UnknownColumn and BadDescription tell what to change.
    """
    sources = tuple(
        with_territory(
            description, _completed(description.type, source, tables[source.dataset]), tables[source.dataset].shape
        )
        for source in description.sources
    )
    return replace(description, sources=sources)


def _completed(mark: Mark, source: SeriesSource, table: Table) -> SeriesSource:
    if source.is_written_by_hand:
        _refuse_missing(mark, source, (("grouping", mark.grouping), ("measure", "needed")))
        return source
    has_measure: Need = "needed" if source.calculated.needs_numbers or source.calculation != "count" else mark.measure
    needs: tuple[tuple[str, Need], ...]
    needs = (("grouping", mark.grouping), ("series", mark.series), ("measure", has_measure))
    if mark.name == "points":
        needs = (*needs, ("against", "needed"))
        if source.grouping and source.calculation in ("count", "distinct"):
            source = replace(source, calculation="avg")
    _refuse_missing(mark, source, needs)
    for role in ("grouping", "series"):
        if getattr(source, role):
            _column(source, table, role, _GROUPED)
    for role in ("measure", "against"):
        if getattr(source, role) and (role == "against") <= (mark.name == "points"):
            numbers = source.calculated.needs_numbers or mark.name in ("points", "histogram", "box")
            _column(source, table, role, _NUMBERS if numbers else _GROUPED)
    return _with_step(mark, source, table)


def _refuse_missing(mark: Mark, source: SeriesSource, needs: Sequence[tuple[str, Need]]) -> None:
    for role, need in needs:
        if need == "needed" and not getattr(source, role):
            raise MissingPart(mark=mark.french, part=PARTS[role], role=role)


PARTS: Mapping[str, str] = {
    "grouping": gettext_noop("le regroupement"),
    "series": gettext_noop("les séries"),
    "measure": gettext_noop("la mesure (une colonne de nombres)"),
    "against": gettext_noop("la mesure horizontale (une colonne de nombres)"),
}
"""The roles of columns, on screen."""

_NUMBERS = frozenset({ColumnType.INT, ColumnType.DOUBLE})
_GROUPED = _NUMBERS | {ColumnType.TEXT, ColumnType.BOOLEAN, ColumnType.DATE, ColumnType.DATETIME}


def columns_for(role: str, shape: TableShape) -> list[Column]:
    """The columns that may take a role, in the order of the table."""
    kinds = _NUMBERS if role in ("measure", "against") else _GROUPED
    return [column for column in shape if column.type in kinds and (kinds is _GROUPED or _is_single(column))]


def _is_single(column: Column) -> bool:
    return not column.annotations.get("multivalued")


def _column(source: SeriesSource, table: Table, role: str, kinds: frozenset[ColumnType]) -> Column:
    name = getattr(source, role)
    column = table.shape.get(name)
    if column is not None and column.type in kinds:
        return column
    reason = "elle n’existe pas" if column is None else "elle n’est pas du bon type"
    fit = ", ".join(one.label for one in columns_for(role, table.shape)[:12]) or "—"
    raise UnknownColumn(column=name, dataset=source.dataset, reason=reason, expected=fit, role=role)


def _with_step(mark: Mark, source: SeriesSource, table: Table) -> SeriesSource:
    if mark.name == "histogram":
        measure = table.shape.get(source.measure)
        whole = measure is not None and measure.type is ColumnType.INT
        width = source.step or nice_width(table.profile.get(source.measure), whole=whole)
        return replace(source, step=width)
    column = table.shape.get(source.grouping) if source.grouping else None
    moments = column is not None and column.type in (ColumnType.DATE, ColumnType.DATETIME)
    if source.step and not moments:
        return replace(source, step="")
    if not moments or source.step:
        return source
    return replace(source, step=usual_step(table.profile.get(source.grouping)))


_LEAST_SPARSE = 24
"""Months from which dates that most of them lack are told by year."""


def usual_step(profile: ColumnProfile | None) -> str:
    """Years over a long time, months over a few years, days over a few weeks."""
    if profile is None or not profile.minimum or not profile.maximum:
        return "year"
    try:
        first, last = (
            int(str(moment)[:4]) * 12 + int(str(moment)[5:7] or 1) for moment in (profile.minimum, profile.maximum)
        )
    except ValueError:
        return "year"
    months = last - first
    if months >= _LEAST_SPARSE and profile.distinct < months / 2:
        return "year"  # payments, sittings: most months would have none
    return "year" if months > 60 else "month" if months > 3 else "day"


def nice_width(profile: ColumnProfile | None, bins: int = BINS, *, whole: bool = False) -> str:
    """1, 2, 2.5 or 5 times a power of ten, so that values spread over about that many bars; ``1`` when nothing is known.

    ``whole`` is for columns of whole numbers, whose bars are at least 1 wide.
    """
    if profile is None or profile.minimum is None or profile.maximum is None:
        return "1"
    spread = float(profile.maximum) - float(profile.minimum)
    if not math.isfinite(spread) or spread <= 0:
        return "1"
    raw = spread / bins
    power = 10.0 ** math.floor(math.log10(raw))
    width = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw * 0.999)
    if whole or width == int(width):
        return str(max(math.ceil(width), 1))
    if width < 1e-9:
        raise BadDescription(name="step", value=width, expected="0.000000001 et plus")
    return f"{width:.9f}".rstrip("0").rstrip(".")
