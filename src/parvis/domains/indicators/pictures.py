"""The picture of an indicator, made on the server: its figure in words and its history as a line; SVG or PNG."""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from parvis.core.charts import THEMES, Theme
from parvis.core.charts.drawing.canvas import FONT
from parvis.core.charts.painting import Form, painter
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.telling import Tile
from parvis.hub.ui.derived import derived

WIDTH, HEIGHT, MARGIN = 600, 315, 32
"""Twice as fine in PNG: what places where links are shared expect."""
LINE_TOP, LINE_HEIGHT = 196, 52
_DAYS = 7 * 24 * 3600


def picture(tile: Tile, history: Sequence[Value], footer: str, form: Form, theme: Theme = THEMES["light"]) -> bytes:
    """The tile as a picture that stands alone; DrawingFailed when the painter cannot."""
    specification = specification_of(tile, history, footer, theme)
    text = json.dumps(specification, sort_keys=True, ensure_ascii=False)
    key = f"parvis-indicator-{form}-{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"
    known: bytes | None = derived.get(key)
    if known is not None:
        return known
    drawn = painter().paint(specification, form, scale=2.0 if form == "png" else 1.0)
    derived.set(key, drawn, _DAYS)
    return drawn


def specification_of(tile: Tile, history: Sequence[Value], footer: str, theme: Theme) -> dict[str, Any]:
    """The drawing as a Vega-Lite specification; every word is data, none is an expression."""
    layers = [_bar(theme), *(_text(row, theme) for row in _rows(tile, footer, theme))]
    known = [value.value for value in history if value.value is not None]
    if len(known) >= 3:
        layers.append(_line(known, theme))
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": alternative(tile),
        "width": WIDTH,
        "height": HEIGHT,
        "padding": 0,
        "background": theme.paper,
        "config": {"view": {"stroke": None}, "font": FONT},
        "layer": layers,
    }


def alternative(tile: Tile) -> str:
    """What the picture says, in one sentence."""
    said = filter(None, (tile.value or _("pas de valeur"), tile.about, tile.state, tile.trend, tile.warning))
    return f"{tile.title} : {' ; '.join(said)}"


def _rows(tile: Tile, footer: str, theme: Theme) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    height = MARGIN + 14
    for text in textwrap.wrap(tile.title, 48)[:2]:
        rows.append({"y": height, "text": text, "size": 20, "weight": 700, "color": theme.ink})
        height += 25
    if tile.value:
        rows.append({"y": 134, "text": tile.value, "size": 44, "weight": 700, "color": theme.categorical[0]})
        about = " · ".join(filter(None, (tile.about, tile.state)))
        rows.append({"y": 162, "text": about[:75], "size": 16, "weight": 600, "color": theme.ink})
        rows.append({"y": 184, "text": tile.trend[:80], "size": 15, "weight": 400, "color": theme.ink_soft})
    warned = textwrap.wrap(tile.warning, 78)[:2] if tile.warning else []
    low = HEIGHT - MARGIN - 20
    for rank, text in enumerate(warned):
        above = low - 18 * (len(warned) - 1 - rank) if tile.value else 120 + 22 * rank
        rows.append({"y": above, "text": text, "size": 14, "weight": 600, "color": theme.categorical[1]})
    source = _("source du %(day)s, %(age)s") % {"day": tile.date, "age": tile.age} if tile.date else ""
    last = " · ".join(filter(None, (tile.publisher, source, footer)))
    rows.append({"y": HEIGHT - 22, "text": last[:95], "size": 13, "weight": 400, "color": theme.ink_soft})
    return [row for row in rows if row["text"]]


def _bar(theme: Theme) -> dict[str, Any]:
    mark = {"type": "rect", "x": 0, "x2": 8, "y": 0, "y2": HEIGHT, "color": theme.categorical[0]}
    return {"data": {"values": [{}]}, "mark": mark}


def _text(row: dict[str, Any], theme: Theme) -> dict[str, Any]:
    mark = {
        "type": "text",
        "x": MARGIN,
        "y": row["y"],
        "align": "left",
        "baseline": "alphabetic",
        "fontSize": row["size"],
        "fontWeight": row["weight"],
        "color": row["color"],
        "font": FONT,
    }
    return {"data": {"values": [{"text": row["text"]}]}, "mark": mark, "encoding": {"text": {"field": "text"}}}


def _line(known: Sequence[float], theme: Theme) -> dict[str, Any]:
    """The history by even steps, from the left margin to the right one."""
    values = [{"step": step, "value": value} for step, value in enumerate(known)]
    scale = {"domain": [min(known), max(known)], "range": [LINE_TOP + LINE_HEIGHT, LINE_TOP], "zero": False}
    if min(known) == max(known):
        scale["domain"] = [min(known) - 1, max(known) + 1]
    across = {"domain": [0, len(known) - 1], "range": [MARGIN, WIDTH - MARGIN]}
    return {
        "data": {"values": values},
        "mark": {"type": "line", "color": theme.categorical[0], "strokeWidth": 2},
        "encoding": {
            "x": {"field": "step", "type": "quantitative", "axis": None, "scale": across},
            "y": {"field": "value", "type": "quantitative", "axis": None, "scale": scale},
        },
    }
