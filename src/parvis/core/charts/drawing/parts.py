"""Pies, boxes, heat maps, pyramids, treemaps, flows, small multiples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

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
    LETTERS,
    LINE,
    Canvas,
    Json,
    Size,
    colours,
    ink_on,
    legend_of,
    named,
    width_of,
    without_twins,
    wrapped,
)
from parvis.core.charts.formats import number_text, with_unit
from parvis.core.charts.layouts import curve, sankey, treemap


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
    labels, _widest, most_lines = names_beside(canvas, names)
    y = {"y": down(labels)} if any(names) else {}
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
    return {"height": max(len(names), 1) * max(32, LINE * most_lines + 8), "layer": layers}


_TURNED = 150
"""Most pixels that names turned upright may take above a heat map."""


def heatmap(canvas: Canvas) -> Json:
    """Cells coloured by their value; the value is written when it fits."""
    reading, theme = canvas.reading, canvas.theme
    places, stops = shades(canvas)
    scale: Json = {"range": stops, "domain": places, "type": "linear", "interpolate": "rgb"}
    legend = {"orient": "top", "title": lettering.lines(canvas.label("measure"), canvas.size.width - 20, LETTERS, 2),
              "format": PLAIN_NUMBER, "gradientLength": 180, "titleLimit": canvas.size.width, "titleColor": theme.ink_soft,
              "titleFontWeight": "normal", "titleFontSize": LETTERS, "tickCount": 3}  # fmt: skip
    labels, widest, most_lines = names_beside(canvas, reading.groups)
    room = (canvas.size.width - widest - 12) / max(len(reading.series), 1)
    columns, axis = _columns(canvas, room)
    place: Json = {
        "x": {"field": "sl", "type": "ordinal", "sort": list(columns.values()), "axis": axis},
        "y": down(labels),
    }
    colour = {"field": "v", "type": "quantitative", "scale": scale, "legend": legend}
    cell = {"type": "rect", "stroke": theme.paper, "strokeWidth": 1.5}
    layers: list[Json] = [{"mark": cell, "encoding": {**place, "color": colour, "tooltip": {"field": "d"}}}]
    texts = [cell_text(canvas, point.value) for point in reading.points]
    if max(lettering.width(text, _CELL) for text in texts) + 4 < room and len(texts) <= 240:
        text = {"type": "text", "fontSize": _CELL}
        layers.append({"mark": text, "encoding": {**place, "text": {"field": "t"}, "color": named("ink")}})
    return {"height": len(reading.groups) * max(26, LINE * most_lines + 6), "layer": layers,
            "resolve": {"scale": {"color": "independent"}}}  # fmt: skip


_CELL = 12
"""Size of the letters in a cell."""


def cell_text(canvas: Canvas, value: float | None) -> str:
    """A value in its cell: the number, its unit is in the legend."""
    return number_text(canvas.scaled(value), canvas.decimals, canvas.reading.language)


def columns_of(canvas: Canvas) -> dict[str, str]:
    """The label of each column of a heat map, the ``sl`` of the rows."""
    _labels, widest, _lines = names_beside(canvas, canvas.reading.groups)
    return _columns(canvas, (canvas.size.width - widest - 12) / max(len(canvas.reading.series), 1))[0]


def _columns(canvas: Canvas, room: float) -> tuple[dict[str, str], Json]:
    """The labels of columns and their axis: level when they fit, on a few lines when that does, else upright; some left out."""
    names = list(canvas.reading.series)
    axis: Json = {
        "orient": "top",
        "labelLimit": 0,
        "title": None,
        "domain": False,
        "ticks": False,
        "labelOverlap": False,
    }
    labels = without_twins({name: wrapped(name, room - 6, 2) for name in names}, room - 6)
    if max(map(width_of, labels.values())) <= room - 4 and not any("…" in label for label in labels.values()):
        return labels, {**axis, "labelAngle": 0}
    labels = without_twins({name: lettering.cut(name, _TURNED, LETTERS) for name in names}, _TURNED)
    axis |= {"labelAngle": -90}
    if room < LINE:
        axis["values"] = list(labels.values())[:: math.ceil(LINE / room)]
    return labels, axis


def shades(canvas: Canvas) -> tuple[list[float], list[str]]:
    """The stops of a heat map's colours and the values they stand at: diverging about nothing when values go both ways."""
    values = values_of(canvas)
    low, high = min(values), max(values)
    if low < 0 < high or canvas.description.palette == "diverging":
        stops, middle = canvas.theme.diverging, 0.0 if low < 0 < high else (low + high) / 2
        reach = max(high - middle, middle - low) or 1
        low, high = middle - reach, middle + reach
    else:
        stops = canvas.theme.sequential
        high = high if high > low else low + 1
    return [low + (high - low) * rank / (len(stops) - 1) for rank in range(len(stops))], list(stops)


def shade_of(places: Sequence[float], stops: Sequence[str], value: float) -> str:
    """The colour of a value between the stops, as the drawing mixes them."""
    for left, right, former, latter in zip(places, places[1:], stops, stops[1:], strict=False):
        if value <= right:
            share = min(max((value - left) / (right - left), 0), 1)
            return mixed(former, latter, share)
    return stops[-1]


def mixed(former: str, latter: str, share: float) -> str:
    """A colour between two, in RGB."""
    parts = ((int(former[at : at + 2], 16), int(latter[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(start + (end - start) * share):02x}" for start, end in parts)


def pyramid(canvas: Canvas) -> Json:
    """The first series to the left, the second to the right; the last group on top."""
    names = list(reversed(canvas.reading.groups))
    axis = {**along(canvas)["axis"], "labelExpr": "format(abs(datum.value), ',~r')"}
    step = 22 if len(names) <= 40 else 9
    labels, widest, _lines = names_beside(canvas, names)
    place = down(labels)
    if len(names) > 40:
        place["axis"] = {**place["axis"], "values": list(labels.values())[:: -(-len(names) // 20)]}
    encoding = {
        "y": place,
        "x": {"field": "sv", "type": "quantitative", "axis": axis, "stack": None},
        "color": colours(canvas, left=widest + 8),
        "tooltip": {"field": "d"},
    }
    return {"height": len(names) * step, "layer": [{"mark": {"type": "bar"}, "encoding": encoding}]}


_INSIDE = 6
"""Between the edge of a tile and what is written in it."""


def tiles(canvas: Canvas) -> tuple[Json, list[Json]]:
    """A treemap: the drawing, and its rows with the place of each tile."""
    reading, width, height = canvas.reading, canvas.size.width, canvas.size.height + 60
    names = list(reading.series)
    palette = dict(zip(names, canvas.colours_of(names), strict=True))
    values = [point.value or 0 for point in reading.points]
    rows = []
    for box in treemap(values, width, height):
        point = reading.points[box.rank]
        fill = palette.get(point.series) or _tile_colour(canvas, point.group, values[box.rank] / max(values))
        value = canvas.text(point.value)
        room, high = box.width - 2 * _INSIDE, box.height - 2 * _INSIDE
        most = min(int(high // LINE), 3)
        name = wrapped(point.group, room, most) if most and room > 24 else ""
        name = "" if name.startswith("…") else name
        taken = LINE * (name.count("\n") + 1)
        fits = name and taken + LINE <= high and lettering.width(value, LETTERS) <= room
        rows.append(
            {**canvas.row(point), "x": box.left, "x2": box.right, "y": box.top, "y2": box.bottom, "c": fill,
             "ink": ink_on(canvas.theme, fill), "n": f"{name}\n{value}" if fits else name}
        )  # fmt: skip
    frame = _frame(width, height)
    tile = {"type": "rect", "stroke": canvas.theme.paper, "strokeWidth": 2}
    colour: Json = colours(canvas) if names else named("c")
    corners: Json = {**frame, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    name_mark = {"type": "text", "align": "left", "baseline": "top", "dx": _INSIDE, "dy": _INSIDE, "fontSize": LETTERS,
                 "lineHeight": LINE}  # fmt: skip
    layers: list[Json] = [
        {"mark": tile, "encoding": {**corners, "color": colour, "tooltip": {"field": "d"}}},
        {"mark": name_mark, "encoding": {**frame, "text": {"field": "n"}, "color": named("ink")}},
    ]
    return {"height": height, "layer": layers, "resolve": {"scale": {"color": "independent"}}}, rows


def _tile_colour(canvas: Canvas, name: str, share: float) -> str:
    """The subject of the title alone in colour, else the larger the deeper; grey for what is no group."""
    colour = canvas.colour_of(name)
    if canvas.subjects or colour == canvas.theme.muted:
        return colour
    stops = canvas.theme.sequential
    return shade_of([rank / (len(stops) - 2) for rank in range(len(stops) - 1)], stops[1:], share)


def _frame(width: float, height: float) -> Json:
    return {
        "x": {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, width], "nice": False}},
        "y": {"field": "y", "type": "quantitative", "axis": None,
              "scale": {"domain": [0, height], "nice": False, "reverse": True}},
    }  # fmt: skip


def flows(canvas: Canvas) -> tuple[Json, list[Json]]:
    """A Sankey diagram of two columns: bands, then the bars of their ends, then names."""
    reading, width = canvas.reading, canvas.size.width
    height = max(canvas.size.height, 30 * max(len(reading.groups), len(reading.series)))
    links = [(point.group, point.series, point.value or 0) for point in reading.points]
    nodes, bands = sankey(links, reading.groups, reading.series, height, 12)
    bar, most = 12, canvas.size.width * (0.32 if canvas.size.is_narrow else 0.27)
    widest = max(lettering.width(f"{node.name} · {canvas.text(node.value)}", LETTERS) for node in nodes)
    margin = min(widest + 10, most)
    left, right = margin + bar, width - margin - bar
    rows: list[Json] = []
    tooltips = {(point.group, point.series): canvas.told(point) for point in reading.points}
    for rank, band in enumerate(bands):
        for x, top, bottom in curve(band, left, right):
            rows.append({"what": "flow", "f": rank, "g": band.source, "s": band.target, "x": x, "y": top, "y2": bottom,
                         "d": tooltips[band.source, band.target]})  # fmt: skip
    for node in nodes:
        at = margin if node.is_source else right
        text = f"{node.name} · {canvas.text(node.value)}"
        name = text if lettering.width(text, LETTERS) <= margin - 10 else node.name
        rows.append({"what": "source" if node.is_source else "target", "x": at, "x2": at + bar, "y": node.top,
                     "y2": node.bottom, "m": (node.top + node.bottom) / 2, "n": lettering.cut(name, margin - 10, LETTERS), "d": text,
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


_PANEL, _DENSE_PANEL = 110, 70
"""Height of a panel, in pixels."""


def _panels_across(canvas: Canvas) -> int:
    narrowest = 175 if canvas.size.is_dense else 200
    return max(min(int(canvas.size.width // narrowest), 4, max(len(canvas.reading.series), 1)), 1)


def multiples(canvas: Canvas) -> Json:
    """A small chart a series, all on the same scales."""
    reading = canvas.reading
    with_zero = reading.is_additive
    low, high = scale_ends(values_of(canvas), with_zero=with_zero)
    beside = ticks_width(canvas, low, high) + 14
    columns, height = _panels_across(canvas), _DENSE_PANEL if canvas.size.is_dense else _PANEL
    width = int((canvas.size.width - 24 * (columns - 1)) / columns - beside - 16)
    small = Canvas(canvas.description, reading, canvas.theme, Size("panel", width, height))
    value = up(small, with_zero=with_zero)
    value["axis"] = {**value["axis"], "title": None, "tickCount": 3}
    if reading.is_time or reading.is_numeric:
        x = across(small, width)
        places = sorted({place for point in reading.points if (place := canvas.place(point)) is not None})
        x["axis"] = {**x["axis"], "title": None, "labelFlush": True, "labelOverlap": True,
                     "values": [places[0], places[-1]] if len(places) > 1 else places}  # fmt: skip
    else:
        x, _labels = across_names(small, width)
        x["axis"]["title"] = None
    encoding: Json = {"x": x, "y": value, "color": {"value": canvas.first}, "tooltip": {"field": "d"}}
    mark: Any = {"type": "line", "point": {"size": 18}} if reading.is_ordered else {"type": "bar"}
    panels = panels_of(canvas)
    header = {"labelLimit": 0, "labelFontSize": LETTERS}
    facet = {"field": "sl", "type": "nominal", "sort": list(panels.values()), "title": None, "header": header}
    return {
        "facet": facet,
        "columns": columns,
        "spacing": {"row": 24, "column": 24},
        "spec": {"width": width, "height": height, "mark": mark, "encoding": encoding},
    }


def panels_of(canvas: Canvas) -> dict[str, str]:
    """The title of each small chart, the ``sl`` of the rows."""
    columns = _panels_across(canvas)
    room = canvas.size.width / columns - (30 if canvas.size.is_dense else 60)
    cut = {name: lettering.cut_inside(name, room, LETTERS, bold=True) for name in canvas.reading.series}
    return without_twins(cut, room)


def share_text(canvas: Canvas, value: float | None, total: float) -> str:
    """A part of the whole, in percents."""
    share = 100 * (value or 0) / total if total else 0
    decimals = 0 if share >= 10 or share == 0 else 1
    return with_unit(number_text(share, decimals, canvas.reading.language), "%", canvas.reading.language)
