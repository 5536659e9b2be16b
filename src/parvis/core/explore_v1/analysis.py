"""``analyze``: series of values along one or several axes (specification, section 11.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine, Statement
from parvis.core.engine.duckdb.queries import Fragment, condition_sql, expression_sql
from parvis.core.explore import InvalidParameter
from parvis.core.explore.query import condition
from parvis.core.explore_v1.errors import MissingParameter
from parvis.core.explore_v1.request import V1Request
from parvis.core.explore_v1.series import Serie, read_series
from parvis.core.odsql import Names
from parvis.core.odsql.bound import Cell, Local
from parvis.core.odsql.errors import wrong_type
from parvis.core.odsql.valuetypes import ValueType, type_of

MAX_POINTS = 10_000
MAX_AXES = 20
_MOMENTS = (ValueType.DATE, ValueType.DATETIME)
_PARTS = {
    "year": "year({0})",
    "month": "month({0})",
    "day": "day({0})",
    "hour": "hour({0})",
    "minute": "minute({0})",
    "week": "week({0})",
    "weekday": "(isodow({0}) - 1)",
    "yearday": "dayofyear({0})",
}
_DESCENT = ("year", "month", "day", "hour", "minute")


@dataclass(frozen=True, slots=True)
class Axis:
    """One column of the key: the field it comes from, the part of its date when it is one, and its SQL."""

    field: str
    part: str
    sql: Fragment


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
    statement, sizes = _statement(names, request, axes, series, _sort(parameters, axes, series), limit + 1)
    table = engine.table(source, statement, seconds=seconds)
    rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    points = [_point(row, axes, series, sizes) for row in rows[:limit]]
    _accumulate(points, series)
    return Analysis(points, len(rows) > limit)


def _statement(
    names: Names, request: V1Request, axes: list[Axis], series: tuple[Serie, ...], sort: str, limit: int
) -> tuple[Statement, list[int]]:
    where = condition_sql(condition(names, request.to_explore(names)))
    columns = [serie.fragments(names) for serie in series]
    values = [fragment for fragments in columns for fragment in fragments]
    keys = [f"__k{rank}" for rank in range(len(axes))]
    inner = ", ".join(["*", *(f"{axis.sql.sql} AS {key}" for axis, key in zip(axes, keys, strict=True))])
    outer = ", ".join([*keys, *(f"{fragment.sql} AS __v{rank}" for rank, fragment in enumerate(values))])
    sql = f"SELECT {outer} FROM (SELECT {inner} FROM rows WHERE {where.sql})"
    if keys:
        present = " AND ".join(f"{key} IS NOT NULL" for key in keys)
        sql += f" WHERE {present} GROUP BY {', '.join(keys)} ORDER BY {sort} LIMIT ?"
    parameters = [value for fragment in values for value in fragment.parameters]
    parameters += [value for axis in axes for value in axis.sql.parameters]
    parameters += [*where.parameters, *([limit] if keys else [])]
    return Statement(sql, tuple(parameters)), [len(fragments) for fragments in columns]


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
        seen = expression_sql(Local(cell, timezone) if kind is ValueType.DATETIME else cell)
        moment = Fragment(f"CAST({seen.sql} AS TIMESTAMP)", seen.parameters)
        stated = str(column.annotations.get("timeserie_precision") or ("hour" if kind is ValueType.DATETIME else "day"))
        parts = (part,) if part else _parts(periodic, precision or stated)
        return [Axis(field, p, _with(_PARTS[p], moment)) for p in parts]
    if kind in (ValueType.POINT, ValueType.SHAPE):
        raise wrong_type(text, kind, (ValueType.TEXT, ValueType.NUMBER, ValueType.DATE), "x")
    bare = expression_sql(cell)
    return [Axis(field, "", _with("unnest(list_distinct({0}))", bare) if kind is ValueType.TEXTS else bare)]


def _with(template: str, inside: Fragment) -> Fragment:
    return Fragment(template.replace("{0}", inside.sql), inside.parameters)


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


def _sort(pairs: list[tuple[str, str]], axes: list[Axis], series: tuple[Serie, ...]) -> str:
    """The order: keys ascending, series descending, the other way round with a minus sign; keys decide between equals."""
    places = _places(axes, series)
    levels = []
    for text in (part.strip() for name, value in pairs if name == "sort" for part in value.split(",")):
        if not text:
            continue
        minus, name = text.startswith("-"), text.lstrip("-")
        columns = places.get(name)
        if columns is None:
            raise InvalidParameter(name="sort", value=text, expected=" | ".join(places))
        down = minus if columns[0].startswith("__k") else not minus
        levels += [f"{column} {'DESC' if down else 'ASC'} NULLS LAST" for column in columns]
    return ", ".join([*levels, *(f"__k{rank}" for rank in range(len(axes)))])


def _places(axes: list[Axis], series: tuple[Serie, ...]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    keys = [f"__k{rank}" for rank in range(len(axes))]
    if keys:
        places["x"] = keys
    for axis, key in zip(axes, keys, strict=True):
        for name in (axis.field, f"{axis.field}.{axis.part}"):
            places.setdefault(f"x.{name.removesuffix('.')}", []).append(key)
    rank = 0
    for serie in series:
        for name in (serie.name, f"y.{serie.name}"):
            places.setdefault(name, [f"__v{rank}"])
        rank += max(len(serie.subsets), 1)
    return places


def _limit(pairs: list[tuple[str, str]]) -> int:
    text = dict(pairs).get("maxpoints", "").strip()
    if not text or text == "0":
        return MAX_POINTS
    if not re.fullmatch(r"\d{1,9}", text):
        raise InvalidParameter(name="maxpoints", value=text, expected="maxpoints >= 0")
    return min(int(text), MAX_POINTS)
