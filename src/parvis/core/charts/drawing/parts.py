"""Pies, boxes, heat maps, pyramids, treemaps, flows, small multiples."""

from __future__ import annotations

from typing import Any

from parvis.core.charts.drawing.canvas import (
    Canvas,
    Json,
    across,
    along,
    colours,
    down,
    legend_of,
    up,
)
from parvis.core.charts.formats import number_text, with_unit
from parvis.core.charts.layouts import curve, sankey, treemap
from parvis.core.charts.vision import contrast

_LETTER = 7.2
"""Width of a letter of 13 pixels, about."""


def pie(canvas: Canvas) -> Json:
    """Five parts at most, each with its share written beside it."""
    radius = 100 if canvas.size.is_narrow else 130
    names = list(canvas.reading.groups)
    shared: Json = {
        "theta": {"field": "v", "type": "quantitative", "stack": True},
        "order": {"field": "o"},
        "tooltip": {"field": "d"},
    }
    colour = {**colours(canvas, field="g", names=names), "legend": legend_of(canvas, names)}
    arc = {
        "type": "arc",
        "outerRadius": radius,
        "innerRadius": radius * 0.45,
        "stroke": canvas.theme.paper,
        "strokeWidth": 2,
    }
    text = {"type": "text", "radius": radius + 24, "fontSize": 14, "fontWeight": "bold", "color": canvas.theme.ink}
    layers = [
        {"mark": arc, "encoding": {**shared, "color": colour}},
        {"mark": text, "encoding": {**shared, "text": {"field": "p"}, "detail": {"field": "g"}}},
    ]
    return {"height": 2 * radius + 70, "layer": layers}  # fmt: skip


def boxes(canvas: Canvas) -> Json:
    """From least to greatest, the box of the middle half, the median across it."""
    theme = canvas.theme
    names = canvas.reading.groups
    y = {"y": down(canvas, names)} if any(names) else {}
    value = along(canvas)
    tooltip: Json = {"tooltip": {"field": "d"}}
    whisker = {"x": {**value, "field": "low", "scale": {"zero": False}}, "x2": {"field": "high"}}
    half = {"x": {**value, "field": "q1"}, "x2": {"field": "q3"}}
    layers: list[Json] = [
        {"mark": {"type": "rule", "color": theme.ink_soft, "strokeWidth": 1.2}, "encoding": {**y, **whisker, **tooltip}},
        {"mark": {"type": "bar", "color": canvas.first, "size": 16}, "encoding": {**y, **half, **tooltip}},
        {"mark": {"type": "tick", "color": theme.paper, "thickness": 3, "size": 16},
         "encoding": {**y, "x": {**value, "field": "v"}, **tooltip}},
    ]  # fmt: skip
    return {"height": max(len(names), 1) * 32, "layer": layers}


def heatmap(canvas: Canvas) -> Json:
    """Cells coloured by their value; the value is written when it fits."""
    reading, theme = canvas.reading, canvas.theme
    values = [point.value for point in reading.points if point.value is not None]
    diverges = min(values) < 0 < max(values) or canvas.description.palette == "diverging"
    scale: Json = {"range": list(theme.diverging if diverges else theme.sequential), "type": "linear"}
    if diverges:
        scale["domainMid"] = 0
    legend = {"orient": "top", "title": canvas.label("measure"), "format": ",f", "gradientLength": 180, "titleLimit": 300,
              "titleColor": theme.ink_soft, "titleFontWeight": "normal", "tickCount": 4}  # fmt: skip
    room = (canvas.size.width - 140) / max(len(reading.series), 1)
    longest = max(map(len, reading.series)) * _LETTER
    axis = {"orient": "top", "labelAngle": 0 if longest < room else -60, "labelLimit": 90, "title": None,
            "domain": False, "ticks": False}  # fmt: skip
    place: Json = {
        "x": {"field": "s", "type": "ordinal", "sort": list(reading.series), "axis": axis},
        "y": down(canvas, reading.groups),
    }
    colour = {"field": "v", "type": "quantitative", "scale": scale, "legend": legend}
    cell = {"type": "rect", "stroke": theme.paper, "strokeWidth": 1.5}
    layers: list[Json] = [{"mark": cell, "encoding": {**place, "color": colour, "tooltip": {"field": "d"}}}]
    if max(len(reading.text(value)) for value in values) * _LETTER < room and len(values) <= 240:
        text = {"type": "text", "fontSize": 12}
        layers.append({"mark": text, "encoding": {**place, "text": {"field": "t"}, "color": _readable("ink")}})
    return {"height": len(reading.groups) * 26, "layer": layers, "resolve": {"scale": {"color": "independent"}}}


def _readable(field: str) -> Json:
    """A colour that each row names itself."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def on(canvas: Canvas, colour: str) -> str:
    """The ink that is read on a colour."""
    theme = canvas.theme
    return max((theme.ink, theme.paper), key=lambda ink: contrast(ink, colour))


def on_scale(canvas: Canvas, value: float, values: list[float]) -> str:
    """The ink that is read on a value's colour in a heat map."""
    low, high = min(values), max(values)
    if low < 0 < high:
        stops, share = canvas.theme.diverging, 0.5 + value / (2 * max(abs(low), high))
    else:
        stops, share = canvas.theme.sequential, (value - low) / (high - low) if high > low else 0.5
    return on(canvas, stops[round(share * (len(stops) - 1))])


def pyramid(canvas: Canvas) -> Json:
    """The first series to the left, the second to the right; the last group on top."""
    names = list(reversed(canvas.reading.groups))
    axis = {**along(canvas)["axis"], "labelExpr": "format(abs(datum.value), ',')"}
    step = 22 if len(names) <= 40 else 9
    place = down(canvas, names)
    if len(names) > 40:
        place["axis"] = {**place["axis"], "values": names[:: -(-len(names) // 20)]}
    encoding = {
        "y": place,
        "x": {"field": "sv", "type": "quantitative", "axis": axis, "stack": None},
        "color": colours(canvas),
        "tooltip": {"field": "d"},
    }
    return {"height": len(names) * step, "layer": [{"mark": {"type": "bar"}, "encoding": encoding}]}


def tiles(canvas: Canvas) -> tuple[Json, list[Json]]:
    """A treemap: the drawing, and its rows with the place of each tile."""
    reading, width, height = canvas.reading, canvas.size.width, canvas.size.height + 60
    names = list(reading.series)
    palette = dict(zip(names, canvas.palette(len(names)), strict=False))
    rows = []
    for box in treemap([point.value or 0 for point in reading.points], width, height):
        point = reading.points[box.rank]
        fill = palette.get(point.series, canvas.first)
        most = int((box.width - 12) / _LETTER)
        name = point.group if len(point.group) <= most else point.group[: max(most - 1, 0)] + "…"
        fits = most >= 4 and box.height >= 20
        rows.append(
            {**canvas.row(point), "x": box.left, "x2": box.right, "y": box.top, "y2": box.bottom, "ink": on(canvas, fill),
             "n": name if fits else "", "t": reading.text(point.value) if fits and box.height >= 40 and len(reading.text(point.value)) <= most else ""}
        )  # fmt: skip
    frame = _frame(width, height)
    tile = {"type": "rect", "stroke": canvas.theme.paper, "strokeWidth": 2}
    colour: Json = colours(canvas) if names else {"value": canvas.first}
    corners: Json = {**frame, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    ink = _readable("ink")
    name_mark = {"type": "text", "align": "left", "baseline": "top", "dx": 6, "dy": 6, "fontSize": 13}
    value_mark = {**name_mark, "dy": 23, "fontSize": 12}
    layers: list[Json] = [
        {"mark": tile, "encoding": {**corners, "color": colour, "tooltip": {"field": "d"}}},
        {"mark": name_mark, "encoding": {**frame, "text": {"field": "n"}, "color": ink}},
        {"mark": value_mark, "encoding": {**frame, "text": {"field": "t"}, "color": ink}},
    ]
    return {"height": height, "layer": layers, "resolve": {"scale": {"color": "independent"}}}, rows


def _frame(width: float, height: float) -> Json:
    return {
        "x": {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, width], "nice": False}},
        "y": {"field": "y", "type": "quantitative", "axis": None,
              "scale": {"domain": [0, height], "nice": False, "reverse": True}},
    }  # fmt: skip


def flows(canvas: Canvas) -> tuple[Json, list[Json]]:
    """A Sankey diagram of two columns: bands, then the bars of their ends, then names."""
    reading, width = canvas.reading, canvas.size.width
    height = max(canvas.size.height, 26 * max(len(reading.groups), len(reading.series)))
    links = [(point.group, point.series, point.value or 0) for point in reading.points]
    nodes, bands = sankey(links, reading.groups, reading.series, height, 12)
    bar, margin = 12, (96 if canvas.size.is_narrow else 180)
    left, right = margin + bar, width - margin - bar
    rows: list[Json] = []
    tooltips = {(point.group, point.series): canvas.told(point) for point in reading.points}
    for rank, band in enumerate(bands):
        for x, top, bottom in curve(band, left, right):
            rows.append({"what": "flow", "f": rank, "g": band.source, "s": band.target, "x": x, "y": top, "y2": bottom,
                         "d": tooltips[band.source, band.target]})  # fmt: skip
    for node in nodes:
        at = margin if node.is_source else right
        text = f"{node.name} · {reading.text(node.value)}"
        name = text if len(text) <= int((margin - 10) / _LETTER) else node.name
        rows.append({"what": "source" if node.is_source else "target", "x": at, "x2": at + bar, "y": node.top,
                     "y2": node.bottom, "m": (node.top + node.bottom) / 2, "n": _cut(name, margin), "d": text,
                     "e": at - 6 if node.is_source else at + bar + 6})  # fmt: skip
    frame = _frame(width, height)
    palette = {"domain": list(reading.groups), "range": canvas.palette(len(reading.groups))}
    band_encoding = {
        **frame,
        "y2": {"field": "y2"},
        "detail": {"field": "f"},
        "color": {"field": "g", "type": "nominal", "scale": palette, "legend": None},
        "tooltip": {"field": "d"},
    }
    layers: list[Json] = [
        {"transform": [_only("flow")], "mark": {"type": "area", "opacity": 0.5, "interpolate": "monotone"},
         "encoding": band_encoding},
        {"transform": [{"filter": {"field": "what", "oneOf": ["source", "target"]}}],
         "mark": {"type": "rect", "color": canvas.theme.ink_soft},
         "encoding": {**frame, "x2": {"field": "x2"}, "y2": {"field": "y2"}, "tooltip": {"field": "d"}}},
        *(_names(canvas, frame, side, align) for side, align in (("source", "right"), ("target", "left"))),
    ]  # fmt: skip
    return {"height": height, "layer": layers}, rows


def _only(kind: str) -> Json:
    return {"filter": {"field": "what", "equal": kind}}


def _names(canvas: Canvas, frame: Json, side: str, align: str) -> Json:
    mark = {"type": "text", "align": align, "baseline": "middle", "fontSize": 13, "color": canvas.theme.ink}
    encoding = {**frame, "x": {**frame["x"], "field": "e"}, "y": {**frame["y"], "field": "m"}, "text": {"field": "n"}}
    return {"transform": [_only(side)], "mark": mark, "encoding": encoding}


def _cut(text: str, width: float) -> str:
    most = int((width - 10) / _LETTER)
    return text if len(text) <= most else text[: most - 1] + "…"


def multiples(canvas: Canvas) -> Json:
    """A small chart a series, all on the same scales."""
    reading = canvas.reading
    columns = min(1 if canvas.size.is_narrow else 3, max(len(reading.series), 1))
    width = (canvas.size.width - 60) // columns - 44
    small = Canvas(canvas.description, reading, canvas.theme, type(canvas.size)("panel", width, 110))
    value = up(small)
    value["axis"] = {**value["axis"], "title": None, "tickCount": 3}
    x = across(small, is_band=not reading.is_time and not reading.is_numeric)
    axis = {**x["axis"], "title": None}
    if reading.is_time or reading.is_numeric:
        places = sorted({place for point in reading.points if (place := canvas.place(point)) is not None})
        axis["values"] = [places[0], places[-1]] if len(places) > 1 else places
        axis["labelFlush"] = True
    encoding: Json = {"x": {**x, "axis": axis}, "y": value, "color": {"value": canvas.first}, "tooltip": {"field": "d"}}
    mark: Any = {"type": "line", "point": {"size": 18}} if reading.is_ordered else {"type": "bar"}
    facet = {"field": "s", "type": "nominal", "sort": list(reading.series), "title": None}
    return {
        "facet": facet,
        "columns": columns,
        "spacing": {"row": 24, "column": 24},
        "spec": {"width": width, "height": 110, "mark": mark, "encoding": encoding},
    }


def share_text(canvas: Canvas, value: float | None, total: float) -> str:
    """A part of the whole, in percents."""
    share = 100 * (value or 0) / total if total else 0
    decimals = 0 if share >= 10 or share == 0 else 1
    return with_unit(number_text(share, decimals, canvas.reading.language), "%", canvas.reading.language)
