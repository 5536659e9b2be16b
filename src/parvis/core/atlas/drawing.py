"""The picture of a map, drawn without a browser: contours for the ground, then the layers, and a legend when it stands alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from parvis.core.atlas import canvas
from parvis.core.atlas.legends import Legend, Step
from parvis.core.charts.formats import number_text
from parvis.core.charts.themes import Theme
from parvis.core.geo.svg import Box, Frame, bounds

_GROUND: Mapping[str, tuple[str, str, str, str]] = {
    "light": ("#f6f3ed", "#ded8cc", "#ebe8e1", "#d6e3e6"),
    "dark": ("#20262f", "#363e4b", "#171c24", "#12293a"),
}
"""Of each theme: land, joints, land abroad, sea."""
_BASE_AREAS: Mapping[str, tuple[str, str]] = {
    "sea": ("#d6e3e6", "#12293a"),
    "ground": ("#f6f3ed", "#20262f"),
    "built": ("#ebe3d6", "#282e38"),
    "works": ("#e6dfd3", "#2a303b"),
    "wood": ("#dfe5d0", "#1f2f29"),
    "park": ("#e8ecda", "#22312b"),
    "wet": ("#e1e9e2", "#1f2e32"),
    "sand": ("#f3ead2", "#32302a"),
    "water": ("#c6dbe1", "#1c3745"),
}
"""Areas of the base map in the order in which they are drawn: the colours of the map in a browser, light then dark."""
_BASE_LINES: Mapping[str, tuple[str, str, float]] = {
    "stream": ("#c6dbe1", "#1c3745", 1.6),
    "rail": ("#8f887b", "#6d7685", 0.9),
    "large": ("#d5cdbf", "#414956", 1.2),
    "main": ("#dcc493", "#5f5947", 2.0),
}
_WATER: Mapping[str, str] = {"light": "#c6dbe1", "dark": "#1c3745"}
_CELL = 56
"""Side of the squares in which points are gathered, in pixels."""
_REACH = 26
"""How far a point warms a density, in pixels."""


type _Base = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Feature:
    """Something drawn: where, in which step of the legend, how large (0 to 1), standing for how many rows."""

    geometry: Mapping[str, Any]
    step: Step
    size: float = 0.0
    count: int = 1


@dataclass(frozen=True, slots=True)
class Drawing:
    """A layer as it is drawn."""

    kind: str
    label: str
    features: Sequence[Feature]
    legend: Legend
    is_sized: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A map of the picture: one, or two side by side."""

    layers: Sequence[Drawing]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is drawn."""

    panels: Sequence[Panel]
    box: Box
    ground: Sequence[Mapping[str, Any]] = ()
    """Contours of what lies around."""
    joints: Mapping[str, Any] | None = None
    """The borders between them."""
    waters: Sequence[Mapping[str, Any]] = ()
    """Rivers and lakes."""
    abroad: Sequence[Mapping[str, Any]] = ()
    """Land around the contours, abroad."""
    base: _Base = field(default_factory=dict)
    """What the base map holds there, by kind: waters, woods, towns, roads, rails."""
    names: Sequence[tuple[float, float, str]] = ()
    """Longitude, latitude and name of the places that are written, the most important first."""
    title: str = ""
    subtitle: str = ""
    source: str = ""
    language: str = "fr"
    insets: Sequence[Box] = ()
    """Boxes of what lies far from the rest, drawn beside it."""


@dataclass(slots=True)
class _Page:
    width: int
    theme: Theme
    height: int = 0
    pieces: list[str] = field(default_factory=list)


def svg(scene: Scene, theme: Theme, width: int, height: int, *, titled: bool = False) -> str:
    """The picture, ``width`` wide; ``height`` is that of the map, to which a title and a legend are added when ``titled``."""
    page = _Page(width, theme)
    if titled:
        _heading(page, scene)
    gap = 12 if len(scene.panels) > 1 else 0
    each = (width - gap * (len(scene.panels) - 1)) // len(scene.panels)
    for rank, panel in enumerate(scene.panels):
        inner = _panel(scene, panel, theme, each, height) + "".join(_insets(scene, panel, theme, height))
        page.pieces.append(
            f'<svg x="{rank * (each + gap)}" y="{page.height}" width="{each}" height="{height}" viewBox="0 0 {each} {height}">{inner}</svg>'
        )
    page.height += height
    if titled:
        _legends(page, scene)
    back = f'<rect width="{width}" height="{page.height}" fill="{theme.paper}"/>' if titled else ""
    head = (
        f'xmlns="http://www.w3.org/2000/svg" width="{width}" height="{page.height}" viewBox="0 0 {width} {page.height}"'
    )
    name = f"<title>{canvas.written(scene.title)}</title>" if scene.title else ""
    return f'<svg {head} font-family="{canvas.FONT}">{name}{back}{"".join(page.pieces)}</svg>'


def _heading(page: _Page, scene: Scene) -> None:
    page.height = 16
    for words, size, weight, colour in ((scene.title, 22, 700, page.theme.ink), (scene.subtitle, 15, 400, page.theme.ink_soft)):  # fmt: skip
        for line in _wrapped(words, page.width - 32, size):
            page.height += size + 6
            page.pieces.append(canvas.text(16, page.height - 6, line, colour, size, font_weight=weight))
    page.height += 8


def _panel(scene: Scene, panel: Panel, theme: Theme, width: int, height: int) -> str:
    land, joint, beyond, sea = _GROUND[theme.name]
    window = canvas.window_on(scene.box, width, height)
    borders = canvas.line_path(scene.joints, window) if scene.joints else ""
    pieces = [
        f'<rect width="{width}" height="{height}" fill="{sea}"/>',
        *_areas_path(scene.abroad, window, beyond),
        *_areas_path(scene.ground, window, land),
        *_waters(scene.waters, window, theme),
        *_base_areas(scene.base, window, theme),
        f'<path d="{borders}" fill="none" stroke="{joint}"/>' if borders else "",
        *_base_lines(scene.base, window, theme),
        *(
            piece
            for layer in panel.layers
            if layer.kind in _UNDER_NAMES
            for piece in _LAYERS[layer.kind](layer, window, theme)
        ),
        *(
            piece
            for layer in panel.layers
            if layer.kind not in _UNDER_NAMES
            for piece in _LAYERS[layer.kind](layer, window, theme)
        ),
        *_names(scene, panel, window, theme),
    ]
    if panel.title:
        wide = min(width - 16, 20 + len(panel.title) * canvas.LETTER)
        pieces.append(f'<rect x="8" y="8" width="{wide:.0f}" height="26" rx="4" fill="{theme.paper}" opacity="0.9"/>')
        pieces.append(canvas.text(18, 26, panel.title, theme.ink, 14, font_weight=600))
    return "".join(pieces)


def _areas_path(areas: Sequence[Mapping[str, Any]], window: Frame, colour: str) -> Iterator[str]:
    if path := "".join(canvas.area_path(one, window) for one in areas):
        yield f'<path d="{path}" fill="{colour}"/>'


def _base_areas(base: _Base, window: Frame, theme: Theme) -> Iterator[str]:
    for kind, colours in _BASE_AREAS.items():
        yield from _areas_path(base.get(kind, ()), window, colours[theme.name == "dark"])


def _base_lines(base: _Base, window: Frame, theme: Theme) -> Iterator[str]:
    is_dark = theme.name == "dark"
    for kind, (light, dark, wide) in _BASE_LINES.items():
        if path := "".join(canvas.line_path(one, window) for one in base.get(kind, ())):
            yield f'<path d="{path}" fill="none" stroke="{dark if is_dark else light}" stroke-width="{wide}" stroke-linejoin="round"/>'


def _waters(waters: Sequence[Mapping[str, Any]], window: Frame, theme: Theme) -> Iterator[str]:
    """Lakes and rivers, under everything that is said."""
    colour = _WATER[theme.name]
    if lakes := "".join(canvas.area_path(one, window) for one in waters):
        yield f'<path d="{lakes}" fill="{colour}"/>'
    if rivers := "".join(canvas.line_path(one, window) for one in waters):
        yield f'<path d="{rivers}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"/>'


def _insets(scene: Scene, panel: Panel, theme: Theme, height: int) -> Iterator[str]:
    """Territories far from the others, one below the other on the left, each at its own scale."""
    if not scene.insets:
        return
    layers = [layer for layer in panel.layers if layer.kind in _UNDER_NAMES]
    boxed = [[(feature, bounds([feature.geometry])) for feature in layer.features] for layer in layers]
    for rank, box in enumerate(scene.insets):
        near = [
            replace(layer, features=[feature for feature, own in features if own and _meet(own, box)])
            for layer, features in zip(layers, boxed, strict=True)
        ]
        side = (height - 12) // len(scene.insets) - 12
        inner = _panel(
            replace(scene, box=box, ground=(), joints=None, waters=(), abroad=(), base={}, names=()),
            Panel(near),
            theme,
            side,
            side,
        )
        frame = f'<rect width="{side}" height="{side}" fill="none" stroke="{theme.ink_soft}"/>'
        place = f'x="12" y="{12 + rank * (side + 12)}" width="{side}" height="{side}" viewBox="0 0 {side} {side}"'
        yield f"<svg {place}>{inner}{frame}</svg>"


def _meet(box: Box, other: Box) -> bool:
    return box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]


def _points(layer: Drawing, window: Frame, theme: Theme) -> Iterator[str]:
    # The palest class would be lost on the ground without an edge of ink.
    edge = theme.ink_soft if layer.legend.form == "classes" else theme.paper
    for x, y, radius, feature in _placed(layer, window):
        yield canvas.mark(x, y, radius, feature.step.colour(theme.name), feature.step.mark, edge)


def _placed(layer: Drawing, window: Frame) -> Iterator[tuple[int, int, float, Feature]]:
    """The points of a layer, the largest first: place, radius."""
    for feature in sorted(layer.features, key=lambda one: -one.size):
        many = min(math.log10(feature.count) * 2.4, 9) if feature.count > 1 else 0
        radius = 3 + 11 * math.sqrt(max(feature.size, 0)) if layer.is_sized else 4 + many
        for place in canvas.points_of(feature.geometry):
            yield *window.point(*place), radius, feature


def _clusters(layer: Drawing, window: Frame, theme: Theme) -> Iterator[str]:
    # A group stands for all its categories: it wears none of their colours.
    is_single = layer.legend.form == "single"
    colour = layer.legend.steps[0].colour(theme.name) if is_single else theme.ink_soft
    for x, y, radius, total, feature in _gathered(layer, window):
        if total == 1:
            yield canvas.mark(x, y, 4, feature.step.colour(theme.name), feature.step.mark, theme.paper)
            continue
        yield f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="{colour}" stroke="{theme.paper}" stroke-width="2"/>'
        on = "#ffffff" if theme.name == "light" else "#10151c"
        yield canvas.text(x, y + 4, number_text(total), on, 12, text_anchor="middle")


def _gathered(layer: Drawing, window: Frame) -> Iterator[tuple[int, int, float, int, Feature]]:
    """The groups of a layer, one a square, in which each stays whole so that none covers another: place, radius, rows."""
    cells: dict[tuple[int, int], list[tuple[int, int, int, Feature]]] = {}
    for feature in layer.features:
        for place in canvas.points_of(feature.geometry):
            x, y = window.point(*place)
            cells.setdefault((x // _CELL, y // _CELL), []).append((x, y, feature.count, feature))
    for (across, down), inside in cells.items():
        total = sum(count for _x, _y, count, _feature in inside)
        if total == 1:
            yield *inside[0][:2], 4, 1, inside[0][3]
            continue
        radius = 10 + 4 * math.log10(total)
        x = _kept_inside(sum(one[0] * one[2] for one in inside) / total, across, radius)
        y = _kept_inside(sum(one[1] * one[2] for one in inside) / total, down, radius)
        yield x, y, radius, total, inside[0][3]


def _kept_inside(middle: float, rank: int, radius: float) -> int:
    """The coordinate of the middle of a disc, moved so that its edge stays inside the square of that rank."""
    room = max(_CELL / 2 - radius - 1, 0)
    return round(min(max(middle, (rank + 0.5) * _CELL - room), (rank + 0.5) * _CELL + room))


def _heat(layer: Drawing, window: Frame, theme: Theme) -> Iterator[str]:
    weights: dict[tuple[int, int], int] = {}
    for feature in layer.features:
        for place in canvas.points_of(feature.geometry):
            x, y = window.point(*place)
            weights[x // 6, y // 6] = weights.get((x // 6, y // 6), 0) + feature.count
    if not weights:
        return
    most = max(weights.values())
    colour = layer.legend.steps[0].colour(theme.name)
    identity = f"chaleur-{colour[1:]}"
    yield (
        f'<radialGradient id="{identity}"><stop offset="0" stop-color="{colour}"/>'
        f'<stop offset="0.4" stop-color="{colour}" stop-opacity="0.5"/><stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>'
    )
    least = max(0.12, min(0.5, 24 / len(weights)))
    for (x, y), weight in weights.items():
        strength = least + (0.75 - least) * weight / most
        yield f'<circle cx="{x * 6 + 3}" cy="{y * 6 + 3}" r="{_REACH}" fill="url(#{identity})" opacity="{strength:.2f}"/>'


def _lines(layer: Drawing, window: Frame, theme: Theme) -> Iterator[str]:
    for feature in layer.features:
        path = canvas.line_path(feature.geometry, window)
        wide = 1.5 + 6 * feature.size if layer.is_sized else 2.4
        if path:
            colour = feature.step.colour(theme.name)
            yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{wide:.1f}" stroke-linejoin="round" stroke-linecap="round"/>'


_GRAIN = 16
"""Pixels of the side of areas under which edges of another colour would hide them: all the communes of France on a card."""


def _areas(layer: Drawing, window: Frame, theme: Theme) -> Iterator[str]:
    opacity = 0.88 if layer.kind == "choropleth" else 0.62
    is_grain = window.width * window.height < len(layer.features) * _GRAIN**2
    for feature in layer.features:
        path = canvas.area_path(feature.geometry, window)
        if path:
            colour = feature.step.colour(theme.name)
            edge, wide = (colour, 0.5) if is_grain else (theme.paper, 1.2)
            yield f'<path d="{path}" fill="{colour}" fill-opacity="{opacity}" fill-rule="evenodd" stroke="{edge}" stroke-width="{wide}"/>'


def _any(layer: Drawing, window: Frame, theme: Theme) -> Iterator[str]:
    """Lines and areas of datasets that mix geometries: each is drawn as what it is."""
    yield from _areas(layer, window, theme)
    yield from _lines(layer, window, theme)
    if layer.kind != "choropleth":
        yield from _points(layer, window, theme)


_LAYERS = {"points": _any, "clusters": _clusters, "heat": _heat, "lines": _any, "areas": _any, "choropleth": _areas}


_UNDER_NAMES = ("areas", "choropleth")
_GRAIN = 16
"""Side of the squares by which it is told whether a name would cover something, in pixels."""
_STEPS = (0, -20, 20, -34, 34)
"""Where a name may stand from its place, up or down, the nearest first."""


def _names(scene: Scene, panel: Panel, window: Frame, theme: Theme) -> Iterator[str]:
    """The names that have room, the most important first: over areas and lines, beside points and counts, never over them."""
    land = _GROUND[theme.name][0]
    taken = _covered(panel, window)
    for longitude, latitude, name in scene.names:
        x, middle = window.point(longitude, latitude)
        half = len(name) * 3.6
        for step in _STEPS:
            y = middle + step
            inside = half < x < window.width - half and 14 < y < window.height - 10
            squares = _squares(x - half, y - 13, x + half, y + 3)
            if inside and taken.isdisjoint(squares):
                taken |= set(_squares(x - half - 30, y - 22, x + half + 30, y + 12))
                yield canvas.text(x, y, name, theme.ink, 13, halo=land, text_anchor="middle")
                break


def _covered(panel: Panel, window: Frame) -> set[tuple[int, int]]:
    """The squares that points and counts cover."""
    discs: list[tuple[int, int, float]] = []
    for layer in panel.layers:
        if layer.kind == "clusters":
            discs += [(x, y, radius) for x, y, radius, _total, _feature in _gathered(layer, window)]
        elif layer.kind not in (*_UNDER_NAMES, "heat"):
            discs += [(x, y, radius) for x, y, radius, _feature in _placed(layer, window)]
    return {square for x, y, r in discs for square in _squares(x - r, y - r, x + r, y + r)}


def _squares(left: float, top: float, right: float, bottom: float) -> list[tuple[int, int]]:
    across = range(int(left // _GRAIN), int(right // _GRAIN) + 1)
    return [(x, y) for y in range(int(top // _GRAIN), int(bottom // _GRAIN) + 1) for x in across]


def _legends(page: _Page, scene: Scene) -> None:
    shown: dict[tuple[str, tuple[Step, ...]], Drawing] = {}
    for panel in scene.panels:
        for layer in panel.layers:
            shown.setdefault((layer.legend.title or layer.label, layer.legend.steps), layer)
    page.height += 12
    for layer in shown.values():
        _legend(page, layer)
    for line in _wrapped(scene.source, page.width - 32, 12):
        page.height += 16
        page.pieces.append(canvas.text(16, page.height, line, page.theme.ink_soft, 12))
    page.height += 14


def _legend(page: _Page, layer: Drawing) -> None:
    x, ink = 16.0, page.theme.ink
    if layer.legend.form != "single":
        page.height += 18
        title = layer.legend.title or layer.label
        page.pieces.append(canvas.text(16, page.height, title, ink, 14, font_weight=600))
        page.height += 4
    page.height += 18
    for step in _steps(layer):
        wide = 28 + len(step.text) * canvas.LETTER + 18
        if x > 16 and x + wide > page.width - 16:
            x, page.height = 16.0, page.height + 20
        colour = step.colour(page.theme.name)
        if layer.kind == "lines":
            page.pieces.append(
                f'<rect x="{x:.0f}" y="{page.height - 7}" width="16" height="4" rx="2" fill="{colour}"/>'
            )
        elif layer.kind not in _UNDER_NAMES:
            page.pieces.append(canvas.mark(x + 8, page.height - 5, 6, colour, step.mark, page.theme.joint))
        else:
            edge = page.theme.ink_soft
            page.pieces.append(f'<rect x="{x:.0f}" y="{page.height - 12}" width="16" height="14" rx="3" fill="{colour}" stroke="{edge}" stroke-width="0.6"/>')  # fmt: skip
        page.pieces.append(canvas.text(x + 22, page.height, step.text, ink))
        x += wide
    page.height += 8


def _steps(layer: Drawing) -> Sequence[Step]:
    """The steps of a layer, and that of features without a value where there is one."""
    missing = layer.legend.missing
    return (*layer.legend.steps, *([missing] if any(feature.step is missing for feature in layer.features) else []))


def _wrapped(words: str, width: int, size: int) -> list[str]:
    """The words cut in lines that about fit, four at most."""
    most = max(int(width / (size * 0.54)), 10)
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word[:most])
    return lines[:4]
