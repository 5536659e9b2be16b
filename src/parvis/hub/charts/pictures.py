"""Pictures of charts: drawn once for a version, a description, a theme and a language, then kept."""

from __future__ import annotations

import re
from typing import Any

from parvis.core.charts.drawing import NARROW, WIDE, Size, vega_lite
from parvis.core.charts.renderer import Form, painter
from parvis.core.charts.themes import THEMES, Theme
from parvis.hub.caches import byte_cache
from parvis.hub.charts.answers import Answered
from parvis.hub.ui.derived import derived

SIZES = {size.name: size for size in (WIDE, NARROW)}
_DAYS = 7 * 24 * 3600
_DRAWING = 7
"""Goes up when drawings change, so that no picture of before is given again."""


def picture(
    answered: Answered, form: Form, *, theme: Theme = THEMES["light"], size: Size = WIDE, titled: bool = False
) -> bytes:
    """The chart as SVG, as PNG (twice as fine), or as the Vega specification a browser draws; DrawingFailed when it cannot be.

    ``titled`` is for pictures that stand alone: title, subtitle, background.
    """
    key = f"parvis-chart-{_DRAWING}-{answered.key}-{form}-{theme.name}-{size.name}-{int(titled)}"
    cached = byte_cache("chart-pictures").get(key) or derived.get(key)
    if cached is not None:
        return cached
    specification = specification_of(answered, theme=theme, size=size, titled=titled)
    drawn = painter().paint(specification, form)
    byte_cache("chart-pictures").put(key, drawn, len(drawn))
    derived.set(key, drawn, _DAYS)
    return drawn


def specification_of(
    answered: Answered, *, theme: Theme = THEMES["light"], size: Size = WIDE, titled: bool = False
) -> dict[str, Any]:
    """The Vega-Lite specification: what a saved chart gives to who wants to draw it elsewhere."""
    return vega_lite(answered.description, answered.reading, theme, answered.language, size=size, titled=titled)


_SIZE = re.compile(rb'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"')


def size_of(svg: bytes) -> tuple[int, int]:
    """Width and height of a picture, in pixels, so that its place is kept before it comes."""
    match = _SIZE.search(svg[:600])
    return (round(float(match[1])), round(float(match[2]))) if match else (720, 400)
