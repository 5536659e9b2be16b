"""What a picture is measured with in tests: the boxes of its texts by the font's own file, and the colours under them.

Nothing here comes from what draws: boxes are computed from the SVG as a browser would place them.
"""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from fontTools.ttLib import TTFont

from parvis.core.charts.vision import contrast
from parvis.core.lettering import FONTS

LEAST_CONTRAST = 4.5
_SLACK = 1.5
"""Pixels by which two boxes may touch: letters do not fill theirs."""
_ASCENT, _DESCENT = 0.72, 0.2
"""Of letters above and below the line they stand on, of their size: what is inked, not what a line takes."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a picture: what it says, its ink, the corners of its box."""

    text: str
    ink: str
    left: float
    top: float
    right: float
    bottom: float
    turned: bool

    def overlaps(self, other: Words) -> bool:
        """Whether the boxes of two texts share more than an edge."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > _SLACK and down > _SLACK


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled rectangle of a picture."""

    fill: str
    left: float
    top: float
    right: float
    bottom: float


@cache
def _font(weight: str) -> tuple[dict[int, str], dict[str, tuple[int, int]]]:
    font = TTFont(FONTS / f"{weight}.ttf")
    return font.getBestCmap(), font["hmtx"].metrics


def _width(text: str, size: float, weight: str) -> float:
    names, metrics = _font("Bold" if weight in ("bold", "600", "700") else "Regular")
    return sum(metrics[names[ord(letter)]][0] if ord(letter) in names else 640 for letter in text) * size / 1_000


def _moved(attributes: dict[str, str], x: float, y: float, turn: float) -> tuple[float, float, float]:
    for kind, numbers in re.findall(r"(translate|rotate)\(([^)]*)\)", attributes.get("transform", "")):
        parts = [float(number) for number in re.split(r"[ ,]+", numbers.strip())]
        if kind == "translate":
            x, y = x + parts[0], y + (parts[1] if len(parts) > 1 else 0)
        else:
            turn += parts[0]
    return x, y, turn


def size_of(svg: bytes) -> tuple[float, float]:
    """Width and height of a picture."""
    root = ET.fromstring(svg)
    return float(root.attrib["width"]), float(root.attrib["height"])


def _walk(
    node: ET.Element, x: float, y: float, turn: float, inherited: dict[str, str]
) -> Iterator[tuple[ET.Element, float, float, float, dict[str, str]]]:
    x, y, turn = _moved(dict(node.attrib), x, y, turn)
    inherited = inherited | {name: node.attrib[name] for name in ("fill", "font-size", "font-weight", "text-anchor") if name in node.attrib}  # fmt: skip
    if node.attrib.get("display") == "none" or float(node.attrib.get("opacity", 1)) == 0:
        return
    yield node, x, y, turn, inherited
    for child in node:
        yield from _walk(child, x, y, turn, inherited)


def words_of(svg: bytes) -> list[Words]:
    """The texts of a picture, line by line."""
    texts = []
    for node, x, y, turn, style in _walk(ET.fromstring(svg), 0, 0, 0, {}):
        if not node.tag.endswith("}text"):
            continue
        size = float(re.sub(r"[^\d.]", "", style.get("font-size", "11")))
        spans = [child for child in node if child.tag.endswith("}tspan")]
        rows = [("".join(child.itertext()), child.attrib.get("dy", "0")) for child in spans] or [("".join(node.itertext()), "0")]  # fmt: skip
        level = y
        for text, lower in rows:
            level += float(re.sub(r"[^\d.-]", "", lower) or 0)
            if text.strip():
                texts.append(_placed(text, style, x, level, turn, size))
    return texts


def _placed(text: str, style: dict[str, str], x: float, y: float, turn: float, size: float) -> Words:
    width = _width(text, size, style.get("font-weight", ""))
    before = {"middle": width / 2, "end": width}.get(style.get("text-anchor", ""), 0.0)
    if turn % 360 == 0:
        return Words(
            text, style["fill"], x - before, y - size * _ASCENT, x - before + width, y + size * _DESCENT, False
        )
    if turn % 360 == 270:
        return Words(text, style["fill"], x - size * _ASCENT, y + before - width, x + size * _DESCENT, y + before, True)
    # Turned by another angle: the box of its middle, which is enough to say whether it is in the frame.
    return Words(text, style["fill"], x, y, x, y, True)


def shapes_of(svg: bytes) -> list[Shape]:
    """The filled rectangles of a picture, in the order they are drawn."""
    shapes = []
    for node, x, y, _turn, style in _walk(ET.fromstring(svg), 0, 0, 0, {}):
        fill = style.get("fill", "")
        if not fill.startswith(("#", "rgb")):
            continue
        if node.tag.endswith("}rect"):
            wide, high = (float(node.attrib[name].removesuffix("%")) for name in ("width", "height"))
            left, top = x + float(node.attrib.get("x", 0)), y + float(node.attrib.get("y", 0))
            shapes.append(Shape(_hex(fill), left, top, left + wide, top + high))
        elif node.tag.endswith("}path") and (match := re.match(r"M(-?[\d.]+),(-?[\d.]+)h(-?[\d.]+)v(-?[\d.]+)h", node.attrib.get("d", ""))):  # fmt: skip
            left, top, wide, high = map(float, match.groups())
            corners = sorted((x + left, x + left + wide)), sorted((y + top, y + top + high))
            shapes.append(Shape(_hex(fill), corners[0][0], corners[1][0], corners[0][1], corners[1][1]))
    return shapes


def _hex(colour: str) -> str:
    if colour.startswith("#"):
        return colour
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def faults_of(svg: bytes, paper: str) -> list[str]:
    """What a reader could not read: texts out of the picture, upon one another, or too faint on what is under them."""
    width, height = size_of(svg)
    words, shapes = words_of(svg), shapes_of(svg)
    faults = [
        f"hors du cadre : {text.text!r} ({text.left:.0f}, {text.top:.0f} – {text.right:.0f}, {text.bottom:.0f})"
        for text in words
        if text.left < -_SLACK or text.right > width + _SLACK or text.top < -_SLACK or text.bottom > height + _SLACK
    ]
    faults += [
        f"l’un sur l’autre : {text.text!r} et {other.text!r}"
        for text, other in itertools.combinations(words, 2)
        if text.overlaps(other)
    ]
    for text in words:
        middle = (text.left + text.right) / 2, (text.top + text.bottom) / 2
        under = paper
        for shape in shapes:
            if shape.left <= middle[0] <= shape.right and shape.top <= middle[1] <= shape.bottom:
                under = shape.fill
        if contrast(_hex(text.ink), under) < LEAST_CONTRAST:
            faults.append(f"{contrast(_hex(text.ink), under):.1f} : {text.text!r}, {text.ink} sur {under}")
    return faults
