"""Bars, lines, areas, points, histograms: groups along one axis, values along the other."""

from __future__ import annotations

from parvis.core import lettering
from parvis.core.charts.drawing.axes import (
    PLAIN_NUMBER,
    across,
    across_names,
    along,
    down,
    names_beside,
    scale_ends,
    ticks_width,
    up,
    values_of,
)
from parvis.core.charts.drawing.canvas import (
    DASHES,
    LETTERS,
    LINE,
    SHAPES,
    UNDER_TITLE,
    Canvas,
    Json,
    colours,
    legend_of,
    named,
    width_of,
)

_WRITTEN = 40
"""Most bars that have their value."""
_MOST_DIRECT = 5
"""Most lines that are named at their end instead of in a legend."""
_PADDING = 10
"""What Vega keeps around a drawing, both sides together."""
_AFTER = 8
"""Pixels between the end of a line or a bar and what is written there."""


def bars(canvas: Canvas) -> Json:
    """Lying bars for named groups, standing ones for groups that follow one another."""
    reading = canvas.reading
    is_split = bool(reading.series)
    stacked = canvas.description.stacked and reading.is_additive and len(canvas.description.sources) == 1
    mark: Json = {"type": "bar", "cornerRadiusEnd": 0 if is_split and stacked else 2}
    if is_split and stacked:
        mark |= {"stroke": canvas.theme.paper, "strokeWidth": 0.75}
    encoding: Json = {"tooltip": {"field": "d"}}
    legend: Json = {"offset": UNDER_TITLE, "left": _left(canvas)} if reading.is_ordered else {"left": _beside(canvas)}
    encoding["color"] = colours(canvas, **legend) if is_split else named("c")
    stack = {"stack": "zero"} if is_split and stacked else {"stack": None}
    beside = {"field": "s", "type": "nominal", "sort": list(reading.series)}
    if is_split and stacked:
        encoding["order"] = {"field": "o"}
    if reading.is_ordered:
        place, _labels = across_names(canvas, plot_width(canvas))
        encoding |= {"x": place, "y": up(canvas, stacked=is_split and stacked, **stack)}
        if is_split and not stacked:
            encoding["xOffset"] = beside
        return {"height": canvas.size.height, "layer": [{"mark": mark, "encoding": encoding}]}
    labels, widest, most_lines = names_beside(canvas, reading.groups)
    encoding |= {"y": down(labels), "x": along(canvas, **stack)}
    least, between = (18, 3) if canvas.size.is_dense else (30, 8)
    step = max(least, LINE * most_lines + between)
    if is_split and not stacked:
        encoding["yOffset"] = beside
        step = max(step, 12 * len(reading.series) + 10)
    layers: list[Json] = [{"mark": mark, "encoding": encoding}]
    if not is_split and len(reading.groups) <= _WRITTEN and min(point.value or 0 for point in reading.points) >= 0:
        layers.append(_written(canvas, encoding))
        axis = {**encoding["x"]["axis"], "labels": False, "ticks": False, "domain": False, "grid": False}
        if len(canvas.magnitude.unit) <= len(canvas.text(1)) and canvas.magnitude.unit:
            axis["title"] = None if _is_said(canvas) else axis["title"]
        encoding["x"] = {**encoding["x"], **_with_room(canvas, widest), "axis": axis}
    return {"height": len(reading.groups) * step, "layer": layers}


def _is_said(canvas: Canvas) -> bool:
    """Whether the title of the chart says what is measured, so that an axis need not."""
    return canvas.reading.labels.get("measure", "\n") in canvas.description.title


def labels_of(canvas: Canvas) -> dict[str, str]:
    """The label of each group on its axis, where names are one: the ``l`` of the rows."""
    if canvas.description.mark in ("lines", "areas") or (
        canvas.description.mark == "bars" and canvas.reading.is_ordered
    ):
        return across_names(canvas, plot_width(canvas))[1]
    return names_beside(canvas, canvas.reading.groups)[0]


def plot_width(canvas: Canvas) -> float:
    """How wide a plot is beside the labels of its values."""
    low, high = scale_ends(values_of(canvas, stacked=True), with_zero=True)
    return canvas.size.width - ticks_width(canvas, low, high) - 16


def _with_room(canvas: Canvas, names: float) -> Json:
    """A scale that leaves each value its room after its bar, inside the picture."""
    width = canvas.size.width - names - 16
    ends = [
        (canvas.scaled(point.value) or 0)
        * width
        / max(width - lettering.width(canvas.text(point.value), LETTERS) - _AFTER, width / 4)
        for point in canvas.reading.points
    ]
    return {"scale": {"domainMin": 0, "domainMax": max(ends), "nice": False}} if max(ends) else {}


def _written(canvas: Canvas, encoding: Json) -> Json:
    mark = {"type": "text", "align": "left", "dx": 5, "fontSize": LETTERS, "color": canvas.theme.ink}
    return {"mark": mark, "encoding": {"y": encoding["y"], "x": encoding["x"], "text": {"field": "t"}}}


def lines(canvas: Canvas) -> Json:
    """One line a series; each has its dashes and its shape besides its colour, or its name at its end when they are few."""
    reading = canvas.reading
    names = list(reading.series)
    ends = _ends(canvas)
    beside = max((lettering.width(one["n"], LETTERS) for one in ends), default=-_AFTER) + _AFTER
    room = plot_width(canvas) - beside
    place = across(canvas, room) if reading.is_time or reading.is_numeric else across_names(canvas, room)[0]
    if ends:
        place["scale"] = {**place.get("scale", {}), "rangeMax": canvas.size.width - _left(canvas) - beside - _PADDING}
    encoding: Json = {"x": place, "y": up(canvas, with_zero=_has_zero(canvas)), "tooltip": {"field": "d"}}
    encoding["color"] = {"value": canvas.first}
    marked = dict(encoding)
    if names:
        shape = {"field": "s", "sort": names, "scale": {"domain": names, "range": list(SHAPES[: len(names)])}}
        dashes = [list(dash) for dash in DASHES[: len(names)]]
        dash = {"field": "s", "sort": names, "legend": None, "scale": {"domain": names, "range": dashes}}
        legend = None if ends else {**legend_of(canvas, names, UNDER_TITLE, left=_left(canvas)), "symbolType": "circle"}
        colour: Json = {**colours(canvas), "legend": legend}
        colour["scale"]["range"] = _line_colours(canvas, names)
        encoding |= {"color": colour, "strokeDash": dash}
        marked |= {"color": colour, "shape": {**shape, "legend": legend}}
    layers: list[Json] = [{"mark": {"type": "line", "strokeWidth": 2.4, "strokeJoin": "round"}, "encoding": encoding}]
    few = len(reading.groups) <= 40
    dot: Json = {"type": "point", "filled": True, "size": 46 if few else 120, "opacity": 1 if few else 0}
    layers.append({"mark": dot, "encoding": marked})
    if ends:
        text = {"type": "text", "align": "left", "dx": _AFTER, "fontSize": LETTERS, "color": canvas.theme.ink}
        at = {
            "x": {**encoding["x"], "field": place["field"]},
            "y": {**encoding["y"], "field": "e"},
            "text": {"field": "n"},
        }
        layers.append({"data": {"values": ends}, "mark": text, "encoding": at})
    return {"height": canvas.size.height, "layer": layers}


def _left(canvas: Canvas) -> float:
    """Where a plot begins, after the labels of its values."""
    low, high = scale_ends(values_of(canvas, stacked=canvas.reading.is_additive), with_zero=_has_zero(canvas))
    return ticks_width(canvas, low, high) + 12


def _beside(canvas: Canvas) -> float:
    """Where lying bars begin, after their names."""
    return names_beside(canvas, canvas.reading.groups)[1] + 8


def _line_colours(canvas: Canvas, names: list[str]) -> list[str]:
    """Those of the palette; grey for what is beside the subject of the title."""
    palette = canvas.colours_of(names)
    if not canvas.subjects:
        return palette
    return [palette[rank] if name in canvas.subjects else canvas.theme.muted for rank, name in enumerate(names)]


def _ends(canvas: Canvas) -> list[Json]:
    """The names of few lines where each ends, parted so that none covers another; none in a narrow picture."""
    reading = canvas.reading
    if not 1 < len(reading.series) <= _MOST_DIRECT or canvas.size.is_narrow:
        return []
    if not (reading.is_time or reading.is_numeric):
        return []
    last = {point.series: point for point in reading.points if point.value is not None}
    if len({point.group for point in last.values()}) > 1 or any(width_of(name) > 180 for name in last):
        return []  # lines that end at other places are told apart by a legend
    low, high = scale_ends(values_of(canvas), with_zero=_has_zero(canvas))
    gap = (LINE + 1) * (high - low) / canvas.size.height
    ranked = sorted(last.values(), key=lambda point: point.value or 0)
    levels = [canvas.scaled(point.value) or 0.0 for point in ranked]
    for rank in range(1, len(levels)):
        levels[rank] = max(levels[rank], levels[rank - 1] + gap)
    over = max(levels[-1] - high, 0)
    for rank in range(len(levels) - 1, -1, -1):
        highest = high if rank == len(levels) - 1 else levels[rank + 1] - gap
        levels[rank] = min(levels[rank], highest) if over else levels[rank]
    return [
        {"k": canvas.place(point), "e": level, "n": point.series} for point, level in zip(ranked, levels, strict=True)
    ]


def _has_zero(canvas: Canvas) -> bool:
    """Whether the axis begins at zero: where values are amounts, or when it costs little."""
    values = [point.value for point in canvas.reading.points if point.value is not None]
    return canvas.reading.is_additive or not values or min(values) <= 0.5 * max(values)


def areas(canvas: Canvas) -> Json:
    """Areas upon one another; a series without a value somewhere is nothing there."""
    reading = canvas.reading
    room = plot_width(canvas)
    place = across(canvas, room) if reading.is_time or reading.is_numeric else across_names(canvas, room)[0]
    encoding: Json = {"x": place, "y": up(canvas, stacked=True, stack="zero"), "tooltip": {"field": "d"}}
    encoding["color"] = (
        colours(canvas, offset=UNDER_TITLE, left=_left(canvas)) if reading.series else {"value": canvas.first}
    )
    if reading.series:
        encoding["order"] = {"field": "o"}
    mark = {"type": "area", "line": False, "stroke": canvas.theme.paper, "strokeWidth": 1, "opacity": 0.92}
    return {"height": canvas.size.height, "layer": [{"mark": mark, "encoding": encoding}]}


def points(canvas: Canvas) -> Json:
    """One point a group or a row, by two measures; series by colour and shape."""
    reading = canvas.reading
    axis = {"title": lettering.lines(canvas.reading.labels.get("against", ""), canvas.size.width - 40, LETTERS, 2),
            "titleLimit": canvas.size.width, "format": PLAIN_NUMBER, "tickCount": 4 if canvas.size.is_narrow else 6,
            "grid": True, "labelOverlap": "greedy", "labelSeparation": 10}  # fmt: skip
    encoding: Json = {
        "x": {"field": "a", "type": "quantitative", "scale": {"zero": False}, "axis": axis},
        "y": up(canvas, with_zero=False),
        "tooltip": {"field": "d"},
        "color": {"value": canvas.first},
    }
    if reading.series:
        names = list(reading.series)
        legend = legend_of(canvas, names, UNDER_TITLE, left=_left(canvas))
        legend.pop("symbolType")
        scale = {"domain": names, "range": list(SHAPES[: len(names)])}
        encoding["color"] = {**colours(canvas), "legend": legend}
        encoding["shape"] = {"field": "s", "sort": names, "scale": scale, "legend": legend}
    many = len(reading.points) > 300
    mark = {"type": "point", "filled": True, "size": 30 if many else 64, "opacity": 0.45 if many else 0.75}
    return {"height": canvas.size.height, "layer": [{"mark": mark, "encoding": encoding}]}


def histogram(canvas: Canvas) -> Json:
    """Bars side by side between their bounds."""
    words = canvas.reading.with_unit("grouping", canvas.bounds.unit)
    title = lettering.lines(words, canvas.size.width - 40, LETTERS, 2)
    axis = {"title": title, "titleLimit": canvas.size.width, "format": PLAIN_NUMBER, "labelOverlap": "greedy",
            "labelSeparation": 10, "tickCount": 4 if canvas.size.is_narrow else 8}  # fmt: skip
    encoding = {
        "x": {"field": "lo", "type": "quantitative", "bin": {"binned": True}, "axis": axis},
        "x2": {"field": "hi"},
        "y": up(canvas, title=canvas.reading.labels.get("measure", "")),
        "color": {"value": canvas.first},
        "tooltip": {"field": "d"},
    }
    mark = {"type": "bar", "stroke": canvas.theme.paper, "strokeWidth": 1, "binSpacing": 0}
    return {"height": canvas.size.height, "layer": [{"mark": mark, "encoding": encoding}]}
