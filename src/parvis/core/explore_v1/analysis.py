"""``analyze``: series of values along one or several axes (specification, section 11.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine
from parvis.core.engine.plans import Series, SeriesOrder
from parvis.core.explore import InvalidParameter
from parvis.core.explore.query import condition
from parvis.core.explore_v1.errors import MissingParameter
from parvis.core.explore_v1.request import V1Request
from parvis.core.explore_v1.series import Serie, read_series
from parvis.core.odsql import Names
from parvis.core.odsql.bound import Bound, Cell, Local, Result
from parvis.core.odsql.errors import wrong_type
from parvis.core.odsql.functions import FUNCTIONS, Function, Takes
from parvis.core.odsql.valuetypes import ValueType, type_of

MAX_POINTS = 10_000
MAX_AXES = 20
_MOMENTS = (ValueType.DATE, ValueType.DATETIME)
_PARTS = {
    **{name: FUNCTIONS[name][0] for name in ("year", "month", "day", "hour", "minute")},
    **{name: Function(name, (Takes.MOMENT,), ValueType.NUMBER, "") for name in ("week", "weekday", "yearday")},
}
_DESCENT = ("year", "month", "day", "hour", "minute")


@dataclass(frozen=True, slots=True)
class Axis:
    """One column of the key: the field it comes from, the part of its date when it is one, and what it holds."""

    field: str
    part: str
    value: Bound


@dataclass(frozen=True, slots=True)
class Analysis:
    """The points of an analysis, and whether some were left out."""

    points: list[dict[str, Any]]
    truncated: bool


def analyze(
    engine: Engine,
    source: AnySource,
    names: Names,
    request: V1Request,
    pairs: Iterable[tuple[str, str]],
    *,
    seconds: float = DEFAULT_SECONDS,
) -> Analysis:
    """The points that the parameters ask of the rows that the request keeps; keys without value are left out."""
    parameters = list(pairs)
    joined = next((name for name, _text in parameters if name.startswith("join.")), None)
    if joined:
        raise InvalidParameter(name=joined, value="", expected="one dataset alone")
    series = read_series(parameters)
    if not series:
        raise MissingParameter(name="y.<serie>.func")
    axes = _axes(names, request, parameters)
    limit = _limit(parameters)
    columns = [serie.columns(names) for serie in series]
    plan = Series(
        axes=tuple(axis.value for axis in axes),
        values=tuple(value for values in columns for value in values),
        where=condition(names, request.to_explore(names)),
        orders=_sort(parameters, axes, series),
        limit=limit + 1,
    )
    table = engine.table(source, plan, seconds=seconds)
    rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    points = [_point(row, axes, series, [len(values) for values in columns]) for row in rows[:limit]]
    _accumulate(points, series)
    return Analysis(points, len(rows) > limit)


def _point(row: tuple[Any, ...], axes: list[Axis], series: tuple[Serie, ...], sizes: list[int]) -> dict[str, Any]:
    point: dict[str, Any] = {}
    if axes:
        point["x"] = _key(row[: len(axes)], axes)
    start = len(axes)
    for serie, size in zip(series, sizes, strict=True):
        point[serie.name] = serie.read(list(row[start : start + size]))
        start += size
    return point


def _key(values: tuple[Any, ...], axes: list[Axis]) -> Any:
    """A value alone; parts of one date together; several fields by name."""
    by_field: dict[str, Any] = {}
    for axis, value in zip(axes, values, strict=True):
        if axis.part:
            by_field.setdefault(axis.field, {})[axis.part] = value
        else:
            by_field[axis.field] = value
    return next(iter(by_field.values())) if len(by_field) == 1 else by_field


def _accumulate(points: list[dict[str, Any]], series: tuple[Serie, ...]) -> None:
    for serie in series:
        if serie.cumulative:
            total = 0
            for point in points:
                if isinstance(point[serie.name], int | float):
                    total += point[serie.name]
                    point[serie.name] = total


# Axes


def _axes(names: Names, request: V1Request, pairs: list[tuple[str, str]]) -> list[Axis]:
    parameters = dict(pairs)
    periodic, precision = parameters.get("periodic", ""), parameters.get("precision", "")
    expressions = [part.strip() for name, text in pairs if name == "x" for part in text.split(",") if part.strip()]
    axes: list[Axis] = []
    for text in dict.fromkeys(expressions):
        axes += _axis(names, request.timezone, text, periodic, precision)
    if len(axes) > MAX_AXES:
        raise InvalidParameter(name="x", value=len(axes), expected=f"<= {MAX_AXES}")
    return axes


def _axis(names: Names, timezone: str, text: str, periodic: str, precision: str) -> list[Axis]:
    field, _dot, part = text.rpartition(".") if text.rpartition(".")[2] in _PARTS else (text, "", "")
    column = names.column(field, "x")
    kind = type_of(column)
    cell = Cell(column, kind)
    if part and kind not in _MOMENTS:
        raise wrong_type(text, kind, _MOMENTS, "x")
    if kind in _MOMENTS:
        moment = Local(cell, timezone) if kind is ValueType.DATETIME else cell
        stated = str(column.annotations.get("timeserie_precision") or ("hour" if kind is ValueType.DATETIME else "day"))
        parts = (part,) if part else _parts(periodic, precision or stated)
        return [Axis(field, p, Result(_PARTS[p], (moment,), ValueType.NUMBER)) for p in parts]
    if kind in (ValueType.POINT, ValueType.SHAPE):
        raise wrong_type(text, kind, (ValueType.TEXT, ValueType.NUMBER, ValueType.DATE), "x")
    return [Axis(field, "", cell)]


def _parts(periodic: str, precision: str) -> tuple[str, ...]:
    """The parts of a date from its period down to its precision: ``month`` and ``day`` give the days of a year."""
    if precision not in (*_DESCENT, "week"):
        raise InvalidParameter(name="precision", value=precision, expected=" | ".join((*_DESCENT, "week")))
    if periodic == "weekday":
        return ("weekday", "hour") if precision in ("hour", "minute") else ("weekday",)
    if periodic == "week" or precision == "week":
        return ("week",) if periodic == "week" else ("year", "week")
    period = periodic or "year"
    if period not in _DESCENT:
        raise InvalidParameter(name="periodic", value=periodic, expected=" | ".join((*_DESCENT, "week", "weekday")))
    start, end = _DESCENT.index(period), _DESCENT.index(precision)
    return _DESCENT[start : max(start, end) + 1]


# Order and size


def _sort(pairs: list[tuple[str, str]], axes: list[Axis], series: tuple[Serie, ...]) -> tuple[SeriesOrder, ...]:
    """The order: keys ascending, series descending, the other way round with a minus sign; keys decide between equals."""
    places = _places(axes, series)
    levels: list[SeriesOrder] = []
    for text in (part.strip() for name, value in pairs if name == "sort" for part in value.split(",")):
        if not text:
            continue
        minus, name = text.startswith("-"), text.lstrip("-")
        columns = places.get(name)
        if columns is None:
            raise InvalidParameter(name="sort", value=text, expected=" | ".join(places))
        levels += [replace(column, descending=minus is column.is_axis) for column in columns]
    return tuple(levels)


def _places(axes: list[Axis], series: tuple[Serie, ...]) -> dict[str, list[SeriesOrder]]:
    """The columns that a name orders by, each rising."""
    places: dict[str, list[SeriesOrder]] = {}
    keys = [SeriesOrder(True, rank, False) for rank in range(len(axes))]
    if keys:
        places["x"] = keys
    for axis, key in zip(axes, keys, strict=True):
        for name in (axis.field, f"{axis.field}.{axis.part}"):
            places.setdefault(f"x.{name.removesuffix('.')}", []).append(key)
    rank = 0
    for serie in series:
        for name in (serie.name, f"y.{serie.name}"):
            places.setdefault(name, [SeriesOrder(False, rank, False)])
        rank += max(len(serie.subsets), 1)
    return places


def _limit(pairs: list[tuple[str, str]]) -> int:
    text = dict(pairs).get("maxpoints", "").strip()
    if not text or text == "0":
        return MAX_POINTS
    if not re.fullmatch(r"\d{1,9}", text):
        raise InvalidParameter(name="maxpoints", value=text, expected="maxpoints >= 0")
    return min(int(text), MAX_POINTS)
