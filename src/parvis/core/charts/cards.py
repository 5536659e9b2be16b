"""Cards: pictures of words on a plain ground with a bar of colour, shown where an address is shared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from parvis.core.charts.drawing.canvas import FONT
from parvis.core.charts.themes import Theme


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words: the height of its base, in pixels from the top, and how it is written."""

    y: int
    text: str
    size: int
    weight: int
    color: str


@dataclass(frozen=True, slots=True)
class Card:
    """A form of card, in pixels: its sides, its left margin, the width of its bar."""

    width: int
    height: int
    margin: int
    bar: int

    def specification(
        self, words: Iterable[Words], theme: Theme, *layers: dict[str, Any], description: str = ""
    ) -> dict[str, Any]:
        """The card as a Vega-Lite specification, ``layers`` drawn over it; every word is data, none is an expression."""
        bar = {"type": "rect", "x": 0, "x2": self.bar, "y": 0, "y2": self.height, "color": theme.categorical[0]}
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            **({"description": description} if description else {}),
            "width": self.width,
            "height": self.height,
            "padding": 0,
            "background": theme.paper,
            "config": {"view": {"stroke": None}, "font": FONT},
            "layer": [{"data": {"values": [{}]}, "mark": bar}, *map(self._written, words), *layers],
        }

    def _written(self, words: Words) -> dict[str, Any]:
        mark = {
            "type": "text",
            "x": self.margin,
            "y": words.y,
            "align": "left",
            "baseline": "alphabetic",
            "fontSize": words.size,
            "fontWeight": words.weight,
            "color": words.color,
            "font": FONT,
        }
        return {"data": {"values": [{"text": words.text}]}, "mark": mark, "encoding": {"text": {"field": "text"}}}
