"""The picture of each column: its distribution in bars, its usual values, its extremes; made once, at publication."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from parvis.core.columns import Column, ColumnType
from parvis.core.connections import opened
from parvis.core.progress import Progress, no_progress
from parvis.core.staging import quote_identifier
from parvis.core.versions.manifest import ColumnProfile, Manifest, read_manifest
from parvis.core.versions.relations import relation_of

BARS = 20
SHOWN_TOP = 10
_BATCH = 40
_FAR = 20
"""Extremes further than so many times the middle 98 % are put in an open bar at the end."""

_FEW = 15
"""Whole numbers of at most so many different values have one bar each."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How many values lie from ``low`` to ``high`` (``high`` excluded but for the last bar); None: no bound on that side.

    Bounds are numbers, or ISO dates; equal bounds stand for one value.
    """

    low: float | str | None
    high: float | str | None
    count: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """What one column holds. ``top``: value and count, most frequent first; ``lengths``: shortest and longest text.

    ``quartiles``: a quarter, half and three quarters of the values are at most so much.
    """

    name: str
    filled: int
    empty: int
    distinct: int
    minimum: Any = None
    maximum: Any = None
    mean: float | None = None
    quartiles: tuple[float, ...] = ()
    bars: tuple[Bar, ...] = ()
    unit: str = ""
    """Of the bars of dates: ``day``, ``month``, ``year`` or ``decade``; empty for numbers."""
    top: tuple[tuple[str, int], ...] = ()
    lengths: tuple[int, int] | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Portrait:
        """What ``to_dict`` gave."""
        bars = tuple(Bar(**bar) for bar in row["bars"])
        top = tuple((str(value), int(count)) for value, count in row["top"])
        lengths = row["lengths"]
        values = {**row, "bars": bars, "top": top, "quartiles": tuple(row["quartiles"])}
        return cls(**{**values, "lengths": (lengths[0], lengths[1]) if lengths else None})


@dataclass(frozen=True, slots=True)
class _Cuts:
    """Where the bars of a column begin and end, as numbers of its own scale (days for dates)."""

    edges: tuple[float, ...]
    labels: tuple[tuple[float | str | None, float | str | None], ...]
    unit: str = ""


@dataclass(slots=True)
class _ColumnFacts:
    quartiles: tuple[float, ...] = ()
    cuts: _Cuts | None = None
    counts: Sequence[int] = field(default_factory=tuple)
    lengths: tuple[int, int] | None = None


def portraits(
    folder: Path, *, work: Path | None = None, memory: str = "384MB", progress: Progress = no_progress
) -> list[Portrait]:
    """The portrait of each column of the version in ``folder``, in order; NotFound when it is no version."""
    manifest = read_manifest(folder)
    columns = list(manifest.shape)
    drawn: list[Portrait] = []
    shapes = manifest.shape.geometry is not None
    with opened(memory, work, spatial=shapes, preserve_insertion_order="false") as connection:
        relation = relation_of(folder, manifest)
        for start in range(0, len(columns), _BATCH):
            drawn += _batch(connection, relation, manifest, columns[start : start + _BATCH])
            progress("portrait", len(drawn), len(columns))
    return drawn


def _batch(
    connection: duckdb.DuckDBPyConnection, relation: str, manifest: Manifest, columns: Sequence[Column]
) -> list[Portrait]:
    """Two scans for the whole batch: quantiles and lengths, then the bars whose edges follow from them."""
    measures = {column.name: _ColumnFacts() for column in columns}
    _measure(connection, relation, columns, measures)
    for column in columns:
        measures[column.name].cuts = _cuts(column, manifest.profile.get(column.name), measures[column.name].quartiles)
    _count(connection, relation, columns, measures)
    return [_portrait(column, manifest, measures[column.name]) for column in columns]


def _scaled(column: Column) -> str:
    """SQL: the value on its scale; whole days since 1970 for dates."""
    name = quote_identifier(column.name)
    if column.type.is_number:
        return f"{name}::DOUBLE"
    return f"floor(epoch({name}::TIMESTAMP) / 86400)::DOUBLE"


def _has_bars(column: Column) -> bool:
    return column.type.is_number or column.type in (ColumnType.DATE, ColumnType.DATETIME)


def _measure(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Sequence[Column],
    measures: Mapping[str, _ColumnFacts],
) -> None:
    expressions: list[tuple[Column, str]] = []
    for column in columns:
        name = quote_identifier(column.name)
        if _has_bars(column):
            value = _scaled(column)
            expressions.append(
                (column, f"approx_quantile({value}, [0.01, 0.25, 0.5, 0.75, 0.99]) FILTER (isfinite({value}))")
            )
        elif column.type is ColumnType.TEXT and "multivalued" not in column.annotations:
            expressions.append((column, f"[min(length({name})), max(length({name}))]"))
    if not expressions:
        return
    row = connection.execute(f"SELECT {', '.join(sql for _column, sql in expressions)} FROM {relation}").fetchone()
    assert row is not None
    for (column, _sql), value in zip(expressions, row, strict=True):
        if value is None or None in value:
            continue
        if _has_bars(column):
            measures[column.name].quartiles = tuple(float(v) for v in value)
        else:
            measures[column.name].lengths = (int(value[0]), int(value[1]))


def _cuts(column: Column, profile: ColumnProfile | None, quantiles: Sequence[float]) -> _Cuts | None:
    if profile is None or not quantiles or profile.minimum is None or profile.maximum is None:
        return None
    if not column.type.is_number:
        return _date_cuts(str(profile.minimum)[:10], str(profile.maximum)[:10])
    low, high = float(profile.minimum), float(profile.maximum)
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    if low == high:
        return _Cuts((high,), ((profile.minimum, profile.minimum),))
    if column.type is ColumnType.INT and profile.distinct <= _FEW and high - low < _FEW:
        values = range(int(low), int(high) + 1)
        return _Cuts(tuple(float(v) for v in values), tuple((v, v) for v in values))
    return _number_cuts(low, high, quantiles[0], quantiles[-1], whole=column.type is ColumnType.INT)


def _number_cuts(low: float, high: float, first: float, last: float, *, whole: bool) -> _Cuts:
    """Bars of a round width; what lies very far is gathered in an open bar on its side."""
    spread = max(last - first, 0.0)
    start = first if spread and first - low > _FAR * spread else low
    end = last if spread and high - last > _FAR * spread else high
    width = _round_width((end - start) / BARS or (high - low) / BARS)
    width = max(width, 1.0) if whole else width
    begin = math.floor(start / width)
    last_step = max(math.floor(end / width) + 1, begin + 1)
    bounds = [_clean(step * width) for step in range(begin, last_step + 1)]
    labels: list[tuple[float | str | None, float | str | None]] = list(pairwise(bounds))
    edges = [_just_below(bound) for bound in bounds[1:]]
    if bounds[0] > low:
        labels.insert(0, (None, bounds[0]))
        edges.insert(0, _just_below(bounds[0]))
    if bounds[-1] <= high:
        labels.append((bounds[-1], None))
        edges.append(math.inf)
    return _Cuts(tuple(edges), tuple(labels))


def _just_below(bound: float) -> float:
    """The number before: below nought, the first that needs no special form, which DuckDB does not read back."""
    return -sys.float_info.min if bound == 0 else math.nextafter(bound, -math.inf)


def _round_width(width: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    if width <= 0 or not math.isfinite(width):
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= width * 0.999)


def _clean(value: float) -> float:
    """Without the dust of binary arithmetic (0.30000000000000004)."""
    return float(f"{value:.12g}")


_EPOCH = date(1970, 1, 1)


def _date_cuts(first: str, last: str) -> _Cuts | None:
    try:
        low, high = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    days = (high - low).days
    unit, follow = next((u, f) for u, most, f in _UNITS if days <= most)
    starts = [_begin(low, unit)]
    while starts[-1] <= high and len(starts) <= 400 and (following := follow(starts[-1])) is not None:
        starts.append(following)
    labels = tuple((a.isoformat(), b.isoformat()) for a, b in pairwise(starts))
    return _Cuts(tuple(float((day - _EPOCH).days - 1) for day in starts[1:]), labels, unit) if labels else None


def _begin(day: date, unit: str) -> date:
    if unit == "day":
        return day
    if unit == "month":
        return day.replace(day=1)
    year = day.year if unit == "year" else max(day.year // 10 * 10, 1)
    return date(year, 1, 1)


def _year_after(years: int) -> Callable[[date], date | None]:
    return lambda day: date(day.year // years * years + years, 1, 1) if day.year + years <= 9999 else None


_UNITS: tuple[tuple[str, float, Callable[[date], date | None]], ...] = (
    ("day", 31, lambda day: day + timedelta(days=1)),
    ("month", 365 * 2.5, lambda day: (day.replace(day=1) + timedelta(days=32)).replace(day=1)),
    ("year", 365.25 * 40, _year_after(1)),
    ("decade", math.inf, _year_after(10)),
)
"""For each unit of the bars of dates: the longest span in days it suits, and the beginning of the next bar."""


def _count(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Sequence[Column],
    measures: Mapping[str, _ColumnFacts],
) -> None:
    binned = [(column, cuts) for column in columns if (cuts := measures[column.name].cuts) is not None]
    if not binned:
        return
    sums = ", ".join(f"histogram(v{rank}, [{_edges(cuts)}])" for rank, (_column, cuts) in enumerate(binned))
    values = ", ".join(f"{_finite(column)} AS v{rank}" for rank, (column, _cuts) in enumerate(binned))
    row = connection.execute(f"SELECT {sums} FROM (SELECT {values} FROM {relation})").fetchone()
    assert row is not None
    for (column, cuts), counted in zip(binned, row, strict=True):
        by_edge = {float(edge): int(count) for edge, count in (counted or {}).items()}
        measures[column.name].counts = [by_edge.get(edge, 0) for edge in cuts.edges]


def _edges(cuts: _Cuts) -> str:
    # As text: a plain literal is first read as a decimal, which is not the number whose neighbours are told apart here.
    return ", ".join(f"'{edge!r}'::DOUBLE" for edge in cuts.edges)


def _finite(column: Column) -> str:
    value = _scaled(column)
    return f"CASE WHEN isfinite({value}) THEN {value} END"


def _portrait(column: Column, manifest: Manifest, measured: _ColumnFacts) -> Portrait:
    profile = manifest.profile.get(column.name) or ColumnProfile(manifest.rows, 0)
    cuts = measured.cuts
    bars = tuple(Bar(a, b, n) for (a, b), n in zip(cuts.labels, measured.counts, strict=True)) if cuts else ()
    while bars and not bars[-1].count:
        bars = bars[:-1]
    return Portrait(
        name=column.name,
        filled=manifest.rows - profile.nulls,
        empty=profile.nulls,
        distinct=profile.distinct,
        minimum=profile.minimum,
        maximum=profile.maximum,
        mean=profile.mean,
        quartiles=measured.quartiles[1:4] if column.type.is_number else (),
        bars=bars,
        unit=cuts.unit if cuts else "",
        top=tuple(profile.top[:SHOWN_TOP]),
        lengths=measured.lengths,
    )
