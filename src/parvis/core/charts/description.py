"""What a chart is: a few words, the questions it asks of datasets, how the answers are drawn. A value, kept as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

from parvis.core.charts.errors import BadDescription
from parvis.core.charts.marks import CALCULATIONS, MARKS, ORDERS, RATES, STEPS, TERRITORIES, Calculation, Mark
from parvis.core.descriptions import LONGEST_ODSQL, LONGEST_TEXT, Checks, Description, shown

MOST_SOURCES = 8

_checks = Checks(BadDescription)


@dataclass(frozen=True, slots=True)
class SeriesSource:
    """One question to one dataset.

    Columns are technical names. Usually ``measure``, ``grouping`` and ``series`` are columns and the ODSQL is made from
    them. When ``select`` is written by hand, it is asked as it is (with ``group_by`` and ``order_by``), and the three name
    keys of its answer.
    """

    dataset: str
    """Public identifier of the dataset."""
    calculation: str = "count"
    """What is computed for each group, of those of ``CALCULATIONS``."""
    measure: str = ""
    """Column of numbers that is calculated; empty when rows are counted."""
    grouping: str = ""
    """Column whose values are the groups: the bars, the moments of a line, the parts of a pie."""
    step: str = ""
    """For a grouping by date, one of ``STEPS``; for a histogram, the width of a bar as a decimal number."""
    series: str = ""
    """Column whose values are the series: colours, panels, columns of a heat map, ends of flows."""
    against: str = ""
    """For points, the column of numbers along the horizontal axis."""
    where: tuple[str, ...] = ()
    """Conditions in ODSQL; all must hold."""
    label: str = ""
    """Name of the series when several sources are drawn together."""
    select: str = ""
    """ODSQL written by hand, instead of what the columns would make."""
    group_by: str = ""
    """The same, with ``select``."""
    order_by: str = ""
    """The same."""
    limit: int = 0
    """Most groups kept, those of largest values first; 0 for as many as the type can show."""
    version: str = ""
    """A version of the dataset; empty for the current one."""
    territory: str = ""
    """For a grouping (else series) by codes of territories: the level they are called by name at, and brought together to;
    empty to show codes as they are."""
    per: str = ""
    """What the measure is related to, one of ``RATES``: 1,000 inhabitants, a square kilometre; empty for nothing."""

    @property
    def is_written_by_hand(self) -> bool:
        """Whether the question is asked as it is written."""
        return bool(self.select)

    @property
    def calculated(self) -> Calculation:
        """The row of its calculation."""
        return CALCULATIONS[self.calculation]


@dataclass(frozen=True, slots=True)
class ChartDescription(Description):
    """A chart: the same value makes the questions, the drawing, the sentence and the table."""

    parts: ClassVar[str] = "sources"
    part: ClassVar[type] = SeriesSource
    most_parts: ClassVar[int] = MOST_SOURCES
    checks: ClassVar[Checks] = _checks

    mark: str
    """A type, of those of ``MARKS``."""
    sources: tuple[SeriesSource, ...]
    """Its questions: one, or several for the types that take several datasets."""
    title: str = ""
    """What is seen; made from the columns when empty."""
    subtitle: str = ""
    """Unit and period, for instance."""
    unit: str = ""
    """Of the measure; the column's own unit when empty."""
    decimals: int | None = None
    """Of the values written; chosen from their size when None."""
    order: str = ""
    """Of the groups: ``-value`` largest first, ``value`` smallest first, ``group`` their own; the type's usual one when empty."""
    stacked: bool = True
    """For bars with series: one upon another, or side by side."""
    palette: str = ""
    """``categorical``, ``sequential`` or ``diverging``; the type's usual one when empty."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Titles of the axes, by role (``grouping``, ``series``, ``measure``, ``against``), instead of the columns' labels."""

    @property
    def type(self) -> Mark:
        """The row of its type."""
        return MARKS[self.mark]

    def checked(self) -> Self:
        """The same description when every word of it exists and is short enough; BadDescription otherwise.

        Whether its columns exist is said by ``questions``, which reads the datasets.
        """
        _checks.among(self.mark, MARKS, "mark")
        _checks.among(self.order, ORDERS, "order")
        _checks.among(self.palette, ("", "categorical", "sequential", "diverging"), "palette")
        _checks.require(self.decimals is None or 0 <= self.decimals <= 6, "decimals", self.decimals, "0 – 6")
        for role, text in self.labels.items():
            _checks.among(role, ("grouping", "series", "measure", "against"), "labels")
            _checks.short(text, LONGEST_TEXT, f"labels.{role}")
        self.check_parts(("title", "subtitle", "unit"))
        several = ", ".join(mark.name for mark in MARKS.values() if mark.several_sources)
        _checks.require(len(self.sources) == 1 or self.type.several_sources, "mark", self.mark, several)
        for rank, source in enumerate(self.sources):
            _check_source(source, f"sources[{rank}].", is_histogram=self.mark == "histogram")
        return self


def _check_source(source: SeriesSource, place: str, *, is_histogram: bool) -> None:
    columns = () if source.is_written_by_hand else ("measure", "grouping", "series", "against")
    _checks.question(source, place, columns)
    _checks.among(source.calculation, CALCULATIONS, f"{place}calculation")
    if is_histogram and source.step:
        _width(source.step, f"{place}step")
    elif not is_histogram:
        _checks.among(source.step, ("", *STEPS), f"{place}step")
    for name, allowed in (("territory", TERRITORIES), ("per", RATES)):
        _checks.among(getattr(source, name), ("", *({} if source.is_written_by_hand else allowed)), place + name)
    for text in (*source.where, source.select, source.group_by, source.order_by):
        _checks.short(text, LONGEST_ODSQL, f"{place}where, select, group_by, order_by")
    _checks.short(source.label, LONGEST_TEXT, f"{place}label")
    _checks.short(source.version, 40, f"{place}version")
    _checks.require(0 <= source.limit <= 2_000, f"{place}limit", source.limit, "0 – 2000")


def _width(text: str, name: str) -> None:
    if not re.fullmatch(r"\d{1,15}(\.\d{1,9})?", text, re.ASCII) or not float(text):
        raise BadDescription(name=name, value=shown(text), expected="10, 0.5, 2000…")
