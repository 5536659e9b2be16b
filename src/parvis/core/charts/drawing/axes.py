"""Axes whose labels are chosen by their measured widths: none is cut without need, none touches another."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from parvis.core import lettering
from parvis.core.charts.drawing.canvas import (
    LETTERS,
    LINE,
    Canvas,
    Json,
    width_of,
    without_twins,
    wrapped,
)
from parvis.core.charts.formats import moment_of, moment_text, number_text, short_moment

TIGHT, AIRY = 8, 14
"""Pixels between two labels: of groups that all have theirs, of moments that are chosen."""
MOST_NAMES = {True: 0.42, False: 0.34}
"""The share of a narrow and of a wide picture that the names beside lying bars may take."""
_SHORTEST_YEARS = 18
"""Months from which an axis tells years alone."""
_MOST_TICKS = 12
TICK_COUNT = 5

PLAIN_NUMBER = ",~r"
"""As d3 writes numbers of any size, without zeros at the end."""


def scale_ends(values: Sequence[float], *, with_zero: bool, count: int = TICK_COUNT) -> tuple[float, float]:
    """The ends of an axis on round numbers, as d3 makes them."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if with_zero:
        low, high = min(low, 0), max(high, 0)
    if low == high:
        low, high = (low - 1, high + 1) if low else (0, 1)
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= raw * 0.999)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def ticks_width(canvas: Canvas, low: float, high: float) -> float:
    """How wide the labels of an axis of values are."""
    step = (high - low) / TICK_COUNT
    decimals = max(0, min(8, -math.floor(math.log10(step) + 0.3))) if step > 0 else 0
    return max(lettering.width(number_text(end, decimals, canvas.reading.language), LETTERS) for end in (low, high))


def values_of(canvas: Canvas, *, stacked: bool = False) -> list[float]:
    """The values that an axis must hold: the largest totals when they are stacked."""
    values = [value for point in canvas.reading.points if (value := canvas.scaled(point.value)) is not None]
    if not stacked:
        return values
    totals: dict[str, float] = {}
    for point in canvas.reading.points:
        totals[point.group] = totals.get(point.group, 0) + (canvas.scaled(point.value) or 0)
    return [*values, *totals.values()]


def up(canvas: Canvas, *, with_zero: bool = True, stacked: bool = False, title: str | None = None, **more: Any) -> Json:
    """The encoding of the value along the vertical axis, its title level above it, on two lines when it must."""
    low, high = scale_ends(values_of(canvas, stacked=stacked), with_zero=with_zero)
    rows = lettering.lines(canvas.label("measure") if title is None else title, canvas.size.width - 16, LETTERS, 2)
    axis = {
        "title": rows,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleY": -14 - LINE * (len(rows) - 1),
        "titleX": -ticks_width(canvas, low, high) - 6,
        "titleBaseline": "bottom",
        "titleLimit": canvas.size.width,
        "tickCount": TICK_COUNT,
        **_whole_ticks(canvas, stacked=stacked),
        "format": PLAIN_NUMBER,
        "grid": True,
    }
    scale = {"domain": [low, high], "nice": False}
    return {"field": "v", "type": "quantitative", "axis": axis, "scale": scale, **more}


def _whole_ticks(canvas: Canvas, *, stacked: bool) -> Json:
    """The ticks of few whole values that add up: half a row is nothing."""
    values = values_of(canvas, stacked=stacked)
    low, high = min(values, default=0), max(values, default=0)
    is_whole = canvas.reading.is_additive and canvas.magnitude.size == 1 and canvas.reading.decimals == 0
    return {"values": list(range(math.ceil(high) + 1))} if is_whole and 0 <= low <= high <= TICK_COUNT else {}


def along(canvas: Canvas, **more: Any) -> Json:
    """The encoding of the value along the horizontal axis."""
    axis = {
        "title": lettering.lines(canvas.label("measure"), canvas.size.width - 16, LETTERS, 2),
        "titleLimit": canvas.size.width,
        "tickCount": 4 if canvas.size.is_narrow else 6,
        **_whole_ticks(canvas, stacked=True),
        "format": PLAIN_NUMBER,
        "grid": True,
        "labelOverlap": "greedy",
        "labelSeparation": TIGHT,
        "labelFlush": 24,
    }
    if canvas.size.is_narrow:
        axis["titleAnchor"] = "end"  # a long title goes on under the names rather than out of the picture
    return {"field": "v", "type": "quantitative", "axis": axis, **more}


def names_beside(canvas: Canvas, names: Sequence[str]) -> tuple[dict[str, str], float, int]:
    """The names beside lying bars, on as many lines as they need; how wide they are; how many lines the longest takes."""
    room = canvas.size.width * MOST_NAMES[canvas.size.is_narrow]
    labels = without_twins({name: wrapped(name, room, 3 if canvas.size.is_narrow else 2) for name in names}, room)
    widest = max(map(width_of, labels.values()), default=0)
    return labels, widest, max((label.count("\n") + 1 for label in labels.values()), default=1)


_CENTRED: Json = {
    "condition": [
        {"test": "length(split(datum.value, '\\n')) == 2", "value": -LINE / 2},
        {"test": "length(split(datum.value, '\\n')) == 3", "value": -LINE},
    ],
    "value": 0,
}
"""How far labels of several lines go up to stand in the middle of their bar: Vega puts their first line there."""


def down(labels: Mapping[str, str]) -> Json:
    """The encoding of named groups from top to bottom; ``l`` of the rows is their label."""
    axis = {"title": None, "labelLimit": 0, "domain": False, "ticks": False, "labelOffset": _CENTRED}
    return {"field": "l", "type": "ordinal", "sort": list(labels.values()), "axis": axis}


def across_names(canvas: Canvas, room: float) -> tuple[Json, dict[str, str]]:
    """The encoding of groups from left to right on a plot that wide, and their labels, the ``l`` of the rows."""
    reading = canvas.reading
    groups = list(reading.groups)
    band = room / max(len(groups), 1)
    labels = _short_labels(canvas, band)
    shown = list(labels.values())
    if max(map(width_of, shown)) > band - TIGHT:
        if reading.is_ordered:
            shown = _thinned(canvas, labels, band)
        else:
            labels = without_twins({name: wrapped(name, band - TIGHT, 3) for name in groups}, band - TIGHT)
            shown = [label for label in labels.values() if width_of(label) <= band - TIGHT / 2]
            if len(shown) < len(labels):
                most = max(map(width_of, labels.values()))
                shown = list(labels.values())[:: max(math.ceil((most + TIGHT) / band), 1)]
    title = "" if reading.is_time or _says_itself(canvas) else reading.labels.get("grouping", "")
    axis: Json = {"labelAngle": 0, "labelLimit": 0, "labelOverlap": False, "title": title or _year_of(canvas)}
    if len(shown) < len(labels):
        axis["values"] = shown
    return {"field": "l", "type": "ordinal", "sort": list(labels.values()), "axis": axis}, labels


def _says_itself(canvas: Canvas) -> bool:
    """Whether groups need no title: days of a week, months."""
    return canvas.reading.step in ("weekday", "month-of-year")


def _year_of(canvas: Canvas) -> str | None:
    """The year that all days of an axis are in, which their labels then leave out."""
    years = {str(point.key)[:4] for point in canvas.reading.points}
    return years.pop() if canvas.reading.step == "day" and len(years) == 1 else None


def _short_labels(canvas: Canvas, band: float) -> dict[str, str]:
    """Each group and what is written under it: as it is, or as short as its kind allows when it would not fit."""
    reading = canvas.reading
    groups = {group: group for group in reading.groups}
    if not reading.step or (max(map(width_of, groups)) <= band - TIGHT and reading.step != "day"):
        return groups
    keys = {point.group: str(point.key) for point in reading.points}
    same_year = _year_of(canvas) is not None
    short = {
        group: short_moment(keys[group], reading.step, reading.language, with_year=not same_year) for group in groups
    }
    return short if len(set(short.values())) == len(short) else groups


def _thinned(canvas: Canvas, labels: Mapping[str, str], band: float) -> list[str]:
    """The labels that are written of groups too many for all: each January for months, else one in so many."""
    widest = max(map(width_of, labels.values()))
    if canvas.reading.step == "month":
        keys = {point.group: str(point.key) for point in canvas.reading.points}
        januaries = [label for group, label in labels.items() if keys[group].endswith("-01")]
        if len(januaries) > 1 and band * 12 > widest + TIGHT:
            return januaries
    return list(labels.values())[:: max(math.ceil((widest + TIGHT) / band), 1)]


def across(canvas: Canvas, room: float) -> Json:
    """The encoding of moments or numbers along a horizontal axis of that width."""
    reading = canvas.reading
    places = sorted({place for point in reading.points if (place := canvas.place(point)) is not None})
    if reading.is_time:
        values, form, title = _time_ticks(canvas, places, room)
        axis: Json = {"format": form, "values": values, "title": title, "labelAngle": 0, "labelOverlap": False}
        return {"field": "k", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}
    plain = all(point.group.isdecimal() for point in reading.points)
    axis = {"format": "d" if plain else PLAIN_NUMBER, "tickCount": 4 if canvas.size.is_narrow else 8,
            "title": reading.labels.get("grouping", ""), "labelOverlap": "greedy", "labelSeparation": TIGHT}  # fmt: skip
    if len(places) <= (5 if canvas.size.is_narrow else 10):
        axis["values"] = places
    return {"field": "k", "type": "quantitative", "scale": {"zero": False, "nice": False}, "axis": axis}


def _time_ticks(canvas: Canvas, places: Sequence[float], room: float) -> tuple[list[float], str, str | None]:
    """The moments that are labelled, how they are written, and the title: the year when labels leave it out."""
    reading = canvas.reading
    language = reading.language
    months = (places[-1] - places[0]) / 86_400_000 / 30.4 if places else 0
    keys = sorted({str(point.key) for point in reading.points})
    if reading.step == "year" or months > _SHORTEST_YEARS:
        first, last = int(keys[0][:4]), int(keys[-1][:4])
        starts = [(moment_of(str(year)), str(year)) for year in range(first, last + 1)]
        inside = [(place, text) for place, text in starts if place is not None and places[0] <= place <= places[-1]]
        if reading.step == "year" and len(places) <= _MOST_TICKS:
            inside = [(place, text) for place, text in inside if place in set(places)]
        if len(inside) > 1 or reading.step == "year":
            return _apart(inside, places, room), "%Y", None
    if reading.step == "month" or months > 3:
        starts = [
            (moment_of(key[:7]), moment_text(key[:7], "month", language)) for key in dict.fromkeys(k[:7] for k in keys)
        ]
        inside = [(place, text) for place, text in starts if place is not None and places[0] <= place <= places[-1]]
        return _apart(inside, places, room), "%b %Y", None
    year = _year_of(canvas)
    days = [(float(place), "28 sept." if year else "28 sept. 2024") for place in places]
    return _apart(days, places, room), "%e %b" if year else "%e %b %Y", year


def _apart(ticks: Sequence[tuple[float, str]], places: Sequence[float], room: float) -> list[float]:
    """The ticks at a regular step, so that none touches the next; one at an end of the axis is written inside it, half a text nearer."""
    spread = (places[-1] - places[0]) or 1
    text = max((width_of(text) for _place, text in ticks), default=0)
    widest = text + AIRY

    def is_airy(former: float, latter: float) -> bool:
        inside = (former == places[0]) + (latter == places[-1])
        return (latter - former) / spread * room >= widest + inside * text / 2

    for step in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 25, 30, 50, 60, 100, 120, 250, 500, 1_000):
        chosen = [place for place, _text in ticks][::step]
        if len(chosen) <= _MOST_TICKS and all(itertools.starmap(is_airy, itertools.pairwise(chosen))):
            return chosen
    return _spaced([place for place, _text in ticks], (widest + text / 2) * spread / room)


def _spaced(places: Sequence[float], gap: float) -> list[float]:
    """The first place, then each that is far enough from the one before."""
    spaced = list(places[:1])
    for place in places[1:]:
        if place - spaced[-1] >= gap:
            spaced.append(place)
    return spaced
