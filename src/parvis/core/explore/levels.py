"""The levels of a hierarchical facet: parts of a text, or year, month and day of a date (specification, section 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parvis.core.columns import Column
from parvis.core.engine.duckdb.queries import Fragment, expression_sql
from parvis.core.explore.facet_terms import FacetOptions
from parvis.core.odsql.bound import Cell, Local
from parvis.core.odsql.valuetypes import ValueType, type_of

_PERIODS = ("year", "month", "day")

type Level = tuple[Fragment, Fragment]
"""The value grouped by, and the condition that keeps what is below the opened path."""


@dataclass(frozen=True, slots=True)
class Levels:
    """``at`` gives the next level below an opened path, ``path`` the whole path of one of its values."""

    mark: str
    at: Callable[[tuple[str, ...]], Level]
    path: Callable[[tuple[str, ...], object], tuple[str, ...]]
    deepest: int | None

    def goes_below(self, path: tuple[str, ...]) -> bool:
        """Whether there may be something under a path."""
        return self.deepest is None or len(path) < self.deepest

    def normal(self, value: str) -> tuple[str, ...]:
        """The path of a value as it was asked; dates may be written without zeros, or with dashes."""
        if self.deepest is None:
            return tuple(value.split(self.mark))
        return tuple(part.zfill(2) for part in value.replace("-", "/").split("/"))


def levels_of(column: Column, options: FacetOptions, timezone: str) -> Levels | None:
    """The levels of a facet; None when it is flat."""
    kind = type_of(column)
    cell = Cell(column, kind)
    if kind in (ValueType.DATE, ValueType.DATETIME):
        date = expression_sql(Local(cell, timezone) if kind is ValueType.DATETIME else cell)
        return Levels("/", lambda opened: _of_date(date, opened), _date_path, len(_PERIODS))
    if mark := options.level_mark(column):
        return Levels(
            mark, lambda opened: _of_text(cell, mark, opened), lambda _opened, v: tuple(str(v).split(mark)), None
        )
    return None


def _of_date(date: Fragment, opened: tuple[str, ...]) -> Level:
    """Numbers are grouped, not texts: ten times as fast."""
    value = Fragment(f"{_PERIODS[len(opened)]}({date.sql})", date.parameters)
    if not opened:
        return value, Fragment("TRUE")
    same = " AND ".join(f"{period}({date.sql}) = ?" for period, _part in zip(_PERIODS, opened, strict=False))
    return value, Fragment(f"({same})", tuple(v for part in opened for v in (*date.parameters, int(part))))


def _date_path(opened: tuple[str, ...], value: object) -> tuple[str, ...]:
    return (*opened, str(value).zfill(2 if opened else 4))


def _of_text(cell: Cell, mark: str, opened: tuple[str, ...]) -> Level:
    name = expression_sql(cell).sql
    depth = len(opened) + 1
    start = mark.join(opened) + mark
    path = f"array_to_string(list_slice(string_split({{0}}, ?), 1, {depth}), ?)"
    if cell.type is not ValueType.TEXTS:
        value = Fragment(path.format(name), (mark, mark))
        return value, Fragment(f"starts_with({name}, ?)", (start,)) if opened else Fragment("TRUE")
    inside = f"list_filter({name}, lambda x: starts_with(x, ?))" if opened else name
    value = Fragment(
        f"unnest(list_distinct(list_transform({inside}, lambda y: {path.format('y')})))",
        (*((start,) if opened else ()), mark, mark),
    )
    return value, Fragment("TRUE")
