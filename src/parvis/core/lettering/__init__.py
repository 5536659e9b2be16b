"""The letters of pictures: how wide a text is, how it is cut or set on several lines, and the font that goes inside an SVG.

A picture in ``<img>`` reaches no font of its page: without its own it is drawn with whatever the reader's machine has, and
what was measured no longer fits. ``scripts/make_picture_fonts.py`` makes the files of ``fonts``.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

FAMILY: Final = "Atkinson Hyperlegible Next"
FONTS: Final = Path(__file__).resolve().parent / "fonts"
WEIGHTS: Final = ("Regular", "Bold")
ELLIPSIS: Final = "…"
_OTHER = 640
"""Width of a letter that the font has not, in thousandths: about that of a wide Latin font."""
_WIDE = 1_000
"""The same, of scripts whose letters are square."""
_FIRST_WIDE = 0x2E80
_BREAKS = re.compile(r"(?<=[-/ ])(?=\S)")
"""Where a name may go on to the next line: after a hyphen, a stroke, a space."""


@cache
def _advances() -> Mapping[str, Mapping[str, int]]:
    advances: Mapping[str, Mapping[str, int]] = json.loads((FONTS / "advances.json").read_text(encoding="ascii"))
    return advances


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is, in pixels, at a size in pixels."""
    advances = _advances()["Bold" if bold else "Regular"]
    total = sum(advances.get(letter) or (_WIDE if ord(letter) >= _FIRST_WIDE else _OTHER) for letter in text)
    return total * size / 1_000


def cut(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, or its beginning and an ellipsis when it is wider than the room; empty when not even two letters fit."""
    if width(text, size, bold=bold) <= room:
        return text
    start = text
    while start and width(start.rstrip() + ELLIPSIS, size, bold=bold) > room:
        start = start[:-1]
    start = start.rstrip(" ,;:.-–—(«\u00a0\u202f")
    return start + ELLIPSIS if len(start) > 1 else ""


def cut_inside(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text without its middle when it is wider than the room: what tells names apart is often at their end."""
    if width(text, size, bold=bold) <= room:
        return text
    for letters in range(len(text) - 1, 1, -1):
        start, end = text[: (letters + 1) // 2].rstrip(), text[len(text) - letters // 2 :].lstrip()
        if width(start + ELLIPSIS + end, size, bold=bold) <= room:
            return start + ELLIPSIS + end
    return cut(text, room, size, bold=bold) or ELLIPSIS


def lines(text: str, room: float, size: float, most: int, *, bold: bool = False) -> list[str]:
    """The text on at most that many lines, none wider than the room; the last one ends with an ellipsis when it must."""
    parts = _BREAKS.split(text)
    rows = [""]
    for rank, part in enumerate(parts):
        if width((rows[-1] + part).rstrip(), size, bold=bold) <= room or not rows[-1]:
            rows[-1] += part
        elif len(rows) < most:
            rows.append(part)
        else:
            rows[-1] += "".join(parts[rank:])
            break
    return [cut(row.rstrip(), room, size, bold=bold) or ELLIPSIS for row in rows]


@cache
def _face(weight: str) -> bytes:
    font = base64.b64encode((FONTS / f"{weight}.woff2").read_bytes())
    number = b"700" if weight == "Bold" else b"400"
    return (
        b'@font-face{font-family:"%s";font-weight:%s;src:url(data:font/woff2;base64,%s) format("woff2")}'
        % (FAMILY.encode(), number, font)
    )  # fmt: skip


_ROOT = re.compile(rb"<svg\b[^>]*>")
_BOLD = re.compile(rb'font-weight="?:?\s*(?:bold|[6-9]00)')


def with_font(svg: bytes) -> bytes:
    """The picture with its font inside it, in bold too when it has bold; as it is when it has no text."""
    root = _ROOT.search(svg)
    if root is None or b"<text" not in svg:
        return svg
    faces = b"".join(_face(weight) for weight in (WEIGHTS if _BOLD.search(svg) else WEIGHTS[:1]))
    return svg[: root.end()] + b"<style>" + faces + b"</style>" + svg[root.end() :]
