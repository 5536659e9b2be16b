"""Bars, lines, areas, points, histograms: groups along one axis, values along the other."""

from __future__ import annotations

from parvis.core.charts.drawing.canvas import (
    DASHES,
    NAMES_NARROW,
    NAMES_WIDE,
    SHAPES,
    UNDER_TITLE,
    Canvas,
    Json,
    across,
    along,
    colours,
    down,
    legend_of,
    up,
)

_WRITTEN = 20
"""Most bars that have their value."""
_LETTER = 7.8
"""Width in pixels of a letter of 13 px in a wide font: the letters of who reads are not those of who drew."""


def bars(canvas: Canvas) -> Json:
    """Lying bars for named groups, standing ones for groups that follow one another."""
    reading = canvas.reading
    is_split = bool(reading.series)
    stacked = canvas.description.stacked and reading.is_additive and len(canvas.description.sources) == 1
    mark: Json = {"type": "bar", "cornerRadiusEnd": 0 if is_split and stacked else 2}
    if is_split and stacked:
        mark |= {"stroke": canvas.theme.paper, "strokeWidth": 0.75}
    encoding: Json = {"tooltip": {"field": "d"}}
    offset = UNDER_TITLE if reading.is_ordered else 18
    encoding["color"] = colours(canvas, offset=offset) if is_split else {"value": canvas.first}
    stack = {"stack": "zero"} if is_split and stacked else {"stack": None}
    beside = {"field": "s", "type": "nominal", "sort": list(reading.series)}
    if is_split and stacked:
        encoding["order"] = {"field": "o"}
    if reading.is_ordered:
        encoding |= {"x": across(canvas, is_band=True), "y": up(canvas, **stack)}
        if is_split and not stacked:
            encoding["xOffset"] = beside
        return {"height": canvas.size.height, "layer": [{"mark": mark, "encoding": encoding}]}
    encoding |= {"y": down(canvas, reading.groups), "x": along(canvas, **stack)}
    step = 30
    if is_split and not stacked:
        encoding["yOffset"] = beside
        step = 12 * len(reading.series) + 10
    layers: list[Json] = [{"mark": mark, "encoding": encoding}]
    if not is_split and len(reading.groups) <= _WRITTEN and min(point.value or 0 for point in reading.points) >= 0:
        layers.append(_written(canvas, encoding))
        axis = {**encoding["x"]["axis"], "labels": False, "ticks": False, "domain": False, "grid": False}
        encoding["x"] = {**encoding["x"], **_with_room(canvas), "axis": axis}
    return {"height": len(reading.groups) * step, "layer": layers}


def _with_room(canvas: Canvas) -> Json:
    """A scale that leaves each value its room after its bar, inside the picture."""
    reading = canvas.reading
    names = min(max(map(len, reading.groups)) * _LETTER, NAMES_NARROW if canvas.size.is_narrow else NAMES_WIDE)
    width = canvas.size.width - names - 20
    ends = [
        (point.value or 0) * width / max(width - len(reading.text(point.value)) * _LETTER, width / 4)
        for point in reading.points
    ]
    return {"scale": {"domainMax": max(ends), "nice": False}} if max(ends) else {}


def _written(canvas: Canvas, encoding: Json) -> Json:
    mark = {"type": "text", "align": "left", "dx": 5, "fontSize": 13, "color": canvas.theme.ink}
    return {"mark": mark, "encoding": {"y": encoding["y"], "x": encoding["x"], "text": {"field": "t"}}}


def lines(canvas: Canvas) -> Json:
    """One line a series; each has its dashes and its shape besides its colour."""
    reading = canvas.reading
    encoding: Json = {"x": across(canvas, is_band=False), "y": up(canvas, scale={"zero": _has_zero(canvas)})}
    encoding |= {"tooltip": {"field": "d"}, "color": {"value": canvas.first}}
    marked = dict(encoding)
    if reading.series:
        names = list(reading.series)
        shape = {"field": "s", "sort": names, "scale": {"domain": names, "range": list(SHAPES[: len(names)])}}
        dashes = [list(dash) for dash in DASHES[: len(names)]]
        dash = {"field": "s", "sort": names, "legend": None, "scale": {"domain": names, "range": dashes}}
        legend = {**legend_of(canvas, names, UNDER_TITLE), "symbolType": "circle"}
        colour = {**colours(canvas), "legend": legend}
        encoding |= {"color": colour, "strokeDash": dash}
        marked |= {"color": colour, "shape": {**shape, "legend": legend}}
    layers: list[Json] = [{"mark": {"type": "line", "strokeWidth": 2.2, "strokeJoin": "round"}, "encoding": encoding}]
    few = len(reading.groups) <= 40
    dot: Json = {"type": "point", "filled": True, "size": 46 if few else 120, "opacity": 1 if few else 0}
    layers.append({"mark": dot, "encoding": marked})
    return {"height": canvas.size.height, "layer": layers}


def _has_zero(canvas: Canvas) -> bool:
    """Whether the axis begins at zero: where values are amounts, or when it costs little."""
    values = [point.value for point in canvas.reading.points if point.value is not None]
    return canvas.reading.is_additive or not values or min(values) <= 0.5 * max(values)


def areas(canvas: Canvas) -> Json:
    """Areas upon one another; a series without a value somewhere is nothing there."""
    reading = canvas.reading
    encoding: Json = {"x": across(canvas, is_band=False), "y": up(canvas, stack="zero"), "tooltip": {"field": "d"}}
    encoding["color"] = colours(canvas, offset=UNDER_TITLE) if reading.series else {"value": canvas.first}
    if reading.series:
        encoding["order"] = {"field": "o"}
    mark = {"type": "area", "line": False, "stroke": canvas.theme.paper, "strokeWidth": 1, "opacity": 0.92}
    return {"height": canvas.size.height, "layer": [{"mark": mark, "encoding": encoding}]}


def points(canvas: Canvas) -> Json:
    """One point a group or a row, by two measures; series by colour and shape."""
    reading = canvas.reading
    axis = {"title": canvas.reading.labels.get("against", ""), "format": ",f", "tickCount": 6, "grid": True}
    encoding: Json = {
        "x": {"field": "a", "type": "quantitative", "scale": {"zero": False}, "axis": axis},
        "y": up(canvas, scale={"zero": False}),
        "tooltip": {"field": "d"},
        "color": {"value": canvas.first},
    }
    if reading.series:
        names = list(reading.series)
        legend = legend_of(canvas, names, UNDER_TITLE)
        legend.pop("symbolType")
        scale = {"domain": names, "range": list(SHAPES[: len(names)])}
        encoding["color"] = {**colours(canvas), "legend": legend}
        encoding["shape"] = {"field": "s", "sort": names, "scale": scale, "legend": legend}
    many = len(reading.points) > 300
    mark = {"type": "point", "filled": True, "size": 30 if many else 64, "opacity": 0.45 if many else 0.75}
    return {"height": canvas.size.height, "layer": [{"mark": mark, "encoding": encoding}]}


def histogram(canvas: Canvas) -> Json:
    """Bars side by side between their bounds."""
    axis = {"title": canvas.label("grouping"), "format": ",f", "tickCount": 5 if canvas.size.is_narrow else 10}
    axis["title"] = canvas.reading.with_unit("grouping")
    value = up(canvas)
    value["axis"] = {**value["axis"], "title": canvas.reading.labels.get("measure", "")}
    encoding = {
        "x": {"field": "lo", "type": "quantitative", "bin": {"binned": True}, "axis": axis},
        "x2": {"field": "hi"},
        "y": value,
        "color": {"value": canvas.first},
        "tooltip": {"field": "d"},
    }
    mark = {"type": "bar", "stroke": canvas.theme.paper, "strokeWidth": 1, "binSpacing": 0}
    return {"height": canvas.size.height, "layer": [{"mark": mark, "encoding": encoding}]}
