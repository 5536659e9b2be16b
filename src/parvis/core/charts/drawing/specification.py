"""From a description and its reading to a Vega-Lite specification."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from parvis.core import lettering
from parvis.core.charts.description import ChartDescription
from parvis.core.charts.drawing import ordered, parts
from parvis.core.charts.drawing.canvas import SUBTITLE, TITLE, Canvas, Json, Size, configured, ink_on
from parvis.core.charts.points import Reading
from parvis.core.charts.questions import Answer
from parvis.core.charts.reading import read
from parvis.core.charts.themes import LIGHT, Theme

PADDING, USUAL_PADDING = 20, 5
"""Around a picture that stands alone, and around another."""
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDE = Size("wide", 720, 320)
NARROW = Size("narrow", 340, 260)
PAPER = Size("paper", 720, 300, is_dense=True)

_DRAWINGS: Mapping[str, Callable[[Canvas], Json]] = {
    "bars": ordered.bars,
    "lines": ordered.lines,
    "areas": ordered.areas,
    "points": ordered.points,
    "histogram": ordered.histogram,
    "pie": parts.pie,
    "box": parts.boxes,
    "heatmap": parts.heatmap,
    "pyramid": parts.pyramid,
    "multiples": parts.multiples,
}
_LAID_OUT: Mapping[str, Callable[[Canvas], tuple[Json, list[Json]]]] = {"treemap": parts.tiles, "sankey": parts.flows}
"""Types placed here, because Vega-Lite has no layout for them."""


def vega_lite(
    description: ChartDescription,
    answers: Sequence[Answer] | Reading,
    theme: Theme = LIGHT,
    language: str = "fr",
    *,
    size: Size = WIDE,
    titled: bool = False,
) -> Json:
    """The Vega-Lite 6 specification of a completed description, from its answers or from their reading.

    Nothing in it is fetched, and the only expression in it is ours: strangers' texts are values of rows or plain titles.
    With ``titled`` it has its title and its background, for a picture that stands alone.
    """
    reading = answers if isinstance(answers, Reading) else read(description, answers, language)
    # Vega fits the picture with its padding in the width: what is measured has less room.
    inner = replace(size, width=size.width - 2 * (PADDING - USUAL_PADDING)) if titled else size
    canvas = Canvas(description, reading, theme, inner)
    if description.mark in _LAID_OUT:
        body, rows = _LAID_OUT[description.mark](canvas)
    else:
        body, rows = _DRAWINGS[description.mark](canvas), _rows(canvas)
    body["config"] = configured(canvas)
    if "facet" not in body:
        body["width"] = size.width
        body["autosize"] = {"type": "pad" if description.mark == "pie" else "fit-x", "contains": "padding"}
        if description.mark == "pie":
            body["width"] = size.width - 20
    if titled:
        body["title"] = _title(canvas)
        body["background"] = theme.paper
        body["padding"] = PADDING
    return {"$schema": SCHEMA, "data": {"values": rows}, **body}


def _title(canvas: Canvas) -> Json:
    room = canvas.size.width - 2 * USUAL_PADDING
    description, spaced = canvas.description, canvas.spaced
    title: Json = {"text": lettering.lines(spaced(description.title), room, TITLE, 3, bold=True)}
    if description.subtitle:
        title["subtitle"] = lettering.lines(spaced(description.subtitle), room, SUBTITLE, 2)
    return title


def _rows(canvas: Canvas) -> list[Json]:
    rows = canvas.rows()
    for row, point in zip(rows, canvas.reading.points, strict=True):
        row["t"] = canvas.text(point.value)
    more = _MORE.get(canvas.description.mark)
    if more:
        more(canvas, rows)
    if canvas.description.mark in _LABELLED:
        labels = ordered.labels_of(canvas)
        for row in rows:
            row["l"] = labels[row["g"]]
    if canvas.description.mark in _COLUMNS:
        names = _COLUMNS[canvas.description.mark](canvas)
        for row in rows:
            row["sl"] = names[row["s"]]
    return rows


_LABELLED = ("bars", "lines", "areas", "box", "heatmap", "pyramid", "multiples")
"""Types whose groups stand along an axis under a label, ``l``, that was measured."""
_COLUMNS: Mapping[str, Callable[[Canvas], Mapping[str, str]]] = {
    "heatmap": parts.columns_of,
    "multiples": parts.panels_of,
}
"""Likewise of series, ``sl``."""


def _with_colours(canvas: Canvas, rows: list[Json]) -> None:
    """As stacks, and the colour of each bar when it has no series."""
    _with_order(canvas, rows)
    if not canvas.reading.series:
        for row in rows:
            row["c"] = canvas.colour_of(row["g"])


def _with_order(canvas: Canvas, rows: list[Json]) -> None:
    """The place of each series, so that stacks follow the legend."""
    place = {name: rank for rank, name in enumerate(canvas.reading.series)}
    for row in rows:
        row["o"] = place.get(row["s"], 0)


def _without_gaps(canvas: Canvas, rows: list[Json]) -> None:
    present = {(row["k"], row["s"]) for row in rows}
    for place in dict.fromkeys(row["k"] for row in rows):
        group = next(row["g"] for row in rows if row["k"] == place)
        for name in canvas.reading.series:
            if (place, name) not in present:
                rows.append({"g": group, "k": place, "s": name, "v": 0, "t": "", "d": ""})
    _with_order(canvas, rows)


def _with_shares(canvas: Canvas, rows: list[Json]) -> None:
    total = sum(point.value or 0 for point in canvas.reading.points)
    for rank, row in enumerate(rows):
        row["p"] = parts.share_text(canvas, row["v"], total)
        row["d"] += f" ({row['p']})"
        if total and (row["v"] or 0) / total < 0.03:
            row["p"] = ""  # too thin for a label: the legend and the table tell
        row["o"] = rank


def _with_bounds(canvas: Canvas, rows: list[Json]) -> None:
    for row, point in zip(rows, canvas.reading.points, strict=True):
        if point.bounds:
            row["lo"], row["hi"] = (bound / canvas.bounds.size for bound in point.bounds)


def _with_quartiles(canvas: Canvas, rows: list[Json]) -> None:
    for row, point in zip(rows, canvas.reading.points, strict=True):
        if point.quartiles:
            row["low"], row["q1"], _middle, row["q3"], row["high"] = map(canvas.scaled, point.quartiles)


def _with_inks(canvas: Canvas, rows: list[Json]) -> None:
    places, stops = parts.shades(canvas)
    for row, point in zip(rows, canvas.reading.points, strict=True):
        row["t"] = parts.cell_text(canvas, point.value)
        row["ink"] = ink_on(canvas.theme, parts.shade_of(places, stops, row["v"]))


def _with_sides(canvas: Canvas, rows: list[Json]) -> None:
    left = canvas.reading.series[0]
    for row in rows:
        row["sv"] = -row["v"] if row["s"] == left else row["v"]


def _with_places(canvas: Canvas, rows: list[Json]) -> None:
    for row, point in zip(rows, canvas.reading.points, strict=True):
        row["a"] = point.against
    for rank, row in enumerate(rows):
        row["i"] = rank  # nothing else tells one row of the dataset from another
    rows[:] = [row for row in rows if row["a"] is not None]


_MORE: Mapping[str, Callable[[Canvas, list[Json]], None]] = {
    "bars": _with_colours,
    "areas": _without_gaps,
    "pie": _with_shares,
    "histogram": _with_bounds,
    "box": _with_quartiles,
    "heatmap": _with_inks,
    "pyramid": _with_sides,
    "points": _with_places,
}
