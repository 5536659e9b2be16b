"""Thumbnails of charts: what a reading looks like without a word, as a few shapes of SVG.

Axes and labels at that size are specks: what remains is the shape of the answer, which is what cards are glanced at for. Drawn
here and not by Vega, so that one weighs one or two kilobytes and costs no process.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from parvis.core.charts.points import Point, Reading
from parvis.core.charts.themes import Theme

WIDTH, HEIGHT = 320, 200
"""Pixels of every thumbnail, maps' too."""
MARGIN = 18
MOST_BARS, MOST_COLUMNS, MOST_SERIES, MOST_DOTS, MOST_CELLS = 7, 48, 4, 240, 30
LEAST_OF_A_LINE = 4
"""Moments under which a line is two strokes: columns say more."""

_ACROSS, _DOWN = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
_MIDDLE, _RADIUS, _HOLE = HEIGHT / 2, 78.0, 44.0

type Painter = Callable[[Reading, Theme], Iterator[str]]


def thumbnail(mark: str, reading: Reading, theme: Theme) -> str:
    """The reading of a chart of that type (a name of ``MARKS``) as SVG, on no background; empty when nothing can be drawn."""
    painter = _PAINTERS.get(mark, _bars)
    if (painter is _bars and reading.is_ordered) or (painter is _lines and len(reading.groups) < LEAST_OF_A_LINE):
        painter = _columns
    shapes = "".join(painter(reading, theme))
    if not shapes:
        return ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{shapes}</svg>"
    )


def _valued(points: Sequence[Point]) -> list[tuple[Point, float]]:
    """Points with a value, which for a box is its median."""
    values = [(point, point.quartiles[2] if point.quartiles else point.value) for point in points]
    return [(point, value) for point, value in values if value is not None and math.isfinite(value)]


def _rectangle(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{max(height, 1):.1f}" fill="{colour}"/>'


def _ground(y: float, theme: Theme) -> str:
    return f'<path d="M{MARGIN} {y:.1f}h{_ACROSS}" stroke="{theme.joint}" stroke-width="1.5"/>'


def _totals(reading: Reading) -> dict[str, dict[str, float]]:
    """By group in the order of the chart, the values of its series."""
    totals: dict[str, dict[str, float]] = {group: {} for group in reading.groups}
    for point, value in _valued(reading.points):
        totals.setdefault(point.group, {})[point.series] = value
    return {group: values for group, values in totals.items() if values}


def _colours(reading: Reading, theme: Theme) -> Mapping[str, str]:
    return {series: theme.categorical[rank % len(theme.categorical)] for rank, series in enumerate(reading.series)}


def _bars(reading: Reading, theme: Theme) -> Iterator[str]:
    """The first bars, lying; the longest in full colour, as the title of a card most often speaks of it."""
    rows = list(_totals(reading).values())[:MOST_BARS]
    sums = [sum(abs(value) for value in values.values()) for values in rows]
    most = max(sums, default=0)
    if most <= 0:
        return
    colours, step = _colours(reading, theme), _DOWN / len(rows)
    thick = min(step * 0.68, 26)
    for rank, (values, total) in enumerate(zip(rows, sums, strict=True)):
        x, y = float(MARGIN), MARGIN + rank * step + (step - thick) / 2
        for series, value in values.items():
            wide = abs(value) / most * _ACROSS
            plain = theme.categorical[0] if total == most else theme.sequential[2]
            yield _rectangle(x, y, wide, thick, colours.get(series, plain))
            x += wide


def _columns(reading: Reading, theme: Theme) -> Iterator[str]:
    """Standing bars, for what follows one another; the last ones when they are many."""
    values = [sum(series.values()) for series in _totals(reading).values()][-MOST_COLUMNS:]
    yield from _standing(values, theme)


def _histogram(reading: Reading, theme: Theme) -> Iterator[str]:
    yield from _standing([value for _point, value in _valued(reading.points)], theme, gap=0.06)


def _standing(values: Sequence[float], theme: Theme, gap: float = 0.22) -> Iterator[str]:
    low, high = min([*values, 0]), max([*values, 0])
    if low == high:
        return
    step, scale = _ACROSS / len(values), _DOWN / (high - low)
    zero = MARGIN + high * scale
    for rank, value in enumerate(values):
        top = min(zero, zero - value * scale)
        colour = theme.categorical[0] if value in (low, high) else theme.sequential[3]
        yield _rectangle(MARGIN + (rank + gap / 2) * step, top, step * (1 - gap), abs(value) * scale, colour)
    yield _ground(zero, theme)


def _lines(reading: Reading, theme: Theme) -> Iterator[str]:
    """The first series as lines; with a single one, what lies under it is tinted."""
    ranks = {group: rank for rank, group in enumerate(reading.groups)}
    by_series: dict[str, list[tuple[int, float]]] = {}
    for point, value in _valued(reading.points):
        if point.group in ranks:
            by_series.setdefault(point.series, []).append((ranks[point.group], value))
    series = [row for name in (*reading.series, "") if (row := sorted(by_series.get(name, ()))) and len(row) > 1]
    series = series[:MOST_SERIES]
    values = [value for row in series for _rank, value in row]
    if not values:
        return
    low, high = min([*values, 0]) if reading.is_additive else min(values), max(values)
    scale, step = _DOWN / ((high - low) or 1), _ACROSS / max(len(ranks) - 1, 1)
    yield _ground(MARGIN + _DOWN, theme)
    for place, row in reversed(list(enumerate(series))):
        places = [(MARGIN + rank * step, MARGIN + (high - value) * scale) for rank, value in row]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        colour = theme.categorical[place]
        if len(series) == 1:
            close = f"V{MARGIN + _DOWN}H{places[0][0]:.1f}Z"
            yield f'<path d="{path}{close}" fill="{colour}" fill-opacity=".14"/>'
        yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/>'
        x, y = places[-1]
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'


def _dots(reading: Reading, theme: Theme) -> Iterator[str]:
    places = [
        (point.against, value, point.series) for point, value in _valued(reading.points) if point.against is not None
    ]
    places = places[:: max(len(places) // MOST_DOTS, 1)]
    if not places:
        return
    xs, ys = [place[0] for place in places], [place[1] for place in places]
    across, down = _ACROSS / ((max(xs) - min(xs)) or 1), _DOWN / ((max(ys) - min(ys)) or 1)
    colours = _colours(reading, theme)
    yield _ground(MARGIN + _DOWN, theme)
    for x, y, series in places:
        colour = colours.get(series, theme.categorical[0])
        at_x, at_y = MARGIN + (x - min(xs)) * across, MARGIN + (max(ys) - y) * down
        yield f'<circle cx="{at_x:.1f}" cy="{at_y:.1f}" r="4" fill="{colour}" fill-opacity=".6"/>'


def _cells(reading: Reading, theme: Theme) -> Iterator[str]:
    """A heat map; the first groups and series when there are many."""
    groups, series = reading.groups[:MOST_CELLS], reading.series[:MOST_CELLS]
    totals = _totals(reading)
    values = [totals[group][name] for group in groups if group in totals for name in series if name in totals[group]]
    if not values or not series:
        return
    low, span = min(values), (max(values) - min(values)) or 1
    wide, high = _ACROSS / len(groups), _DOWN / len(series)
    last = len(theme.sequential) - 1
    for across, group in enumerate(groups):
        for down, name in enumerate(series):
            value = totals.get(group, {}).get(name)
            if value is not None:
                colour = theme.sequential[round((value - low) / span * last)]
                yield _rectangle(MARGIN + across * wide, MARGIN + down * high, wide - 1, high - 1, colour)


def _ring(reading: Reading, theme: Theme) -> Iterator[str]:
    values = [value for _point, value in _valued(reading.points) if value > 0]
    whole, start = sum(values), 0.0
    for rank, value in enumerate(values):
        end = start + value / whole
        colour = theme.categorical[rank % len(theme.categorical)]
        if value == whole:
            middle = (_RADIUS + _HOLE) / 2
            yield f'<circle cx="{WIDTH / 2}" cy="{_MIDDLE}" r="{middle}" fill="none" stroke="{colour}" stroke-width="{_RADIUS - _HOLE}"/>'
            return
        yield f'<path d="{_arc(start, end)}" fill="{colour}" stroke="{theme.paper}" stroke-width="2"/>'
        start = end


def _arc(start: float, end: float) -> str:
    """A piece of ring, between two shares of the turn."""

    def place(share: float, radius: float) -> str:
        turn = share * 2 * math.pi
        return f"{WIDTH / 2 + radius * math.sin(turn):.1f} {_MIDDLE - radius * math.cos(turn):.1f}"

    large = int(end - start > 0.5)
    outer, inner = (f"A{radius} {radius} 0 {large}" for radius in (_RADIUS, _HOLE))
    return (
        f"M{place(start, _RADIUS)}{outer} 1 {place(end, _RADIUS)}L{place(end, _HOLE)}{inner} 0 {place(start, _HOLE)}Z"
    )


def _boxes(reading: Reading, theme: Theme) -> Iterator[str]:
    rows = [point.quartiles for point in reading.points if point.quartiles][:MOST_BARS]
    if not rows:
        return
    low, high = min(row[0] for row in rows), max(row[4] for row in rows)
    step, scale = _DOWN / len(rows), _ACROSS / ((high - low) or 1)
    thick = min(step * 0.6, 30)
    for rank, row in enumerate(rows):
        least, lower, median, upper, most = (MARGIN + (value - low) * scale for value in row)
        y = MARGIN + (rank + 0.5) * step
        yield f'<path d="M{least:.1f} {y:.1f}H{most:.1f}" stroke="{theme.ink_soft}" stroke-width="1.5"/>'
        yield _rectangle(lower, y - thick / 2, upper - lower, thick, theme.sequential[2])
        yield _rectangle(median - 1.5, y - thick / 2, 3, thick, theme.categorical[0])


def _pyramid(reading: Reading, theme: Theme) -> Iterator[str]:
    totals, sides = _totals(reading), reading.series[:2]
    values = [abs(value) for row in totals.values() for value in row.values()]
    if not values or not max(values):
        return
    scale, step = (_ACROSS / 2) / max(values), _DOWN / len(totals)
    for rank, row in enumerate(reversed(totals.values())):
        for side, name in enumerate(sides):
            wide = abs(row.get(name, 0)) * scale
            x = WIDTH / 2 - wide if side == 0 else WIDTH / 2
            yield _rectangle(x, MARGIN + rank * step, wide, step * 0.9, theme.categorical[side])


_PAINTERS: Mapping[str, Painter] = {
    "lines": _lines,
    "areas": _lines,
    "multiples": _lines,
    "points": _dots,
    "pie": _ring,
    "histogram": _histogram,
    "box": _boxes,
    "heatmap": _cells,
    "pyramid": _pyramid,
}
"""Those of other types are told by lying bars, or by standing ones when their groups have an order."""
