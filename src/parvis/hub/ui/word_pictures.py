"""Share pictures of blocks that draw none of their own, and of pages: their words, set out by the painter of charts."""

from __future__ import annotations

import hashlib
import json
import textwrap
from typing import Any

from parvis.core.charts import THEMES, Theme
from parvis.core.charts.drawing.canvas import FONT
from parvis.core.charts.painting import Form, painter
from parvis.hub.caches import byte_cache
from parvis.hub.ui.derived import derived

WIDTH, HEIGHT = 1200, 630
"""What places where links are shared expect."""
MARGIN = 72
MOST_LINES = 5
_DAYS = 7 * 24 * 3600


def words_picture(title: str, lines: list[str], footer: str, form: Form, theme: Theme = THEMES["light"]) -> bytes:
    """A title, a few lines and a footer as SVG or PNG; DrawingFailed when the painter cannot."""
    specification = _specification(title, lines, footer, theme)
    text = json.dumps(specification, sort_keys=True, ensure_ascii=False)
    key = f"parvis-words-1-{form}-{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"
    cached = byte_cache("page-pictures").get(key) or derived.get(key)
    if cached is not None:
        return cached
    drawn = painter().paint(specification, form, scale=1.0)
    byte_cache("page-pictures").put(key, drawn, len(drawn))
    derived.set(key, drawn, _DAYS)
    return drawn


def _specification(title: str, lines: list[str], footer: str, theme: Theme) -> dict[str, Any]:
    rows, height = [], MARGIN + 64
    for text in textwrap.wrap(title, 40)[:3]:
        rows.append({"y": height, "text": text, "size": 56, "weight": 700, "color": theme.ink})
        height += 68
    height += 24
    wrapped = [text for line in lines for text in textwrap.wrap(line, 66)][:MOST_LINES]
    for text in wrapped:
        rows.append({"y": height, "text": text, "size": 32, "weight": 400, "color": theme.ink_soft})
        height += 46
    rows.append({"y": HEIGHT - MARGIN, "text": footer[:80], "size": 26, "weight": 600, "color": theme.categorical[0]})
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": HEIGHT,
        "padding": 0,
        "background": theme.paper,
        "config": {"view": {"stroke": None}, "font": FONT},
        "layer": [_bar(theme), *(_text(row) for row in rows)],
    }


def _bar(theme: Theme) -> dict[str, Any]:
    mark = {"type": "rect", "x": 0, "x2": 14, "y": 0, "y2": HEIGHT, "color": theme.categorical[0]}
    return {"data": {"values": [{}]}, "mark": mark}


def _text(row: dict[str, Any]) -> dict[str, Any]:
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
