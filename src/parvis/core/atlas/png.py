"""An SVG map as PNG, in a child process that is killed when it is late: the same one that draws charts."""

from __future__ import annotations

from parvis.core.charts.renderer import painter


def png_of(svg: str) -> bytes:
    """The picture, twice as fine as its size in pixels; DrawingFailed when it does not come in time."""
    return painter().paint({"svg": svg}, "png")
