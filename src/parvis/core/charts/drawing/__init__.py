"""Drawing: a reading made into one Vega-Lite specification, the same for the browser and the server."""

from parvis.core.charts.drawing.canvas import Size
from parvis.core.charts.drawing.specification import NARROW, PAPER, WIDE, vega_lite

__all__ = ["NARROW", "PAPER", "WIDE", "Size", "vega_lite"]
