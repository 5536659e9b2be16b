"""The text behind a drawn page: words that were recognised on it, invisible, each where it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from parvis.core.redaction.locating import Rectangle, share

FONT: Final = "/Text"
"""Name of the font of this text among the resources of its page: Courier, that no reader needs, since nothing of it is drawn."""
_ADVANCE: Final = 0.6
"""Width of each of its characters, in heights."""
_BASE: Final = 0.22
"""What is below the line, in heights."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A word and its box, in pixels, with the rank of its line."""

    text: str
    box: Rectangle
    line: int


def with_marks(words: Sequence[Placed], hidden: Iterable[Rectangle], mark: str) -> list[Placed]:
    """The words, and ``mark`` where something was hidden, in the order of reading."""
    ordered = list(words)
    for box in hidden:
        beside = [
            rank
            for rank, word in enumerate(ordered)
            if share((word.box[1], word.box[3]), (box[1], box[3])) > 0.5 and word.box[0] <= box[0]
        ]
        above = [rank for rank, word in enumerate(ordered) if word.box[3] <= box[1]]
        place = max(beside) if beside else max(above, default=-1)
        line = ordered[place].line if beside else (ordered[place].line if place >= 0 else 0)
        ordered.insert(place + 1, Placed(mark, box, line))
    return ordered


def text_stream(words: Iterable[Placed], size: tuple[int, int], page: tuple[float, float]) -> bytes:
    """The instructions that write these words of a picture of ``size`` pixels on a page of so many points."""
    lines = [b"BT 3 Tr"]
    across, down = page[0] / size[0], page[1] / size[1]
    for word in words:
        encoded = _encoded(word.text)
        left, top, right, bottom = word.box
        height = max(1.0, (bottom - top) * down)
        if not encoded or right <= left:
            continue
        stretch = 100 * (right - left) * across / (_ADVANCE * height * len(encoded))
        origin = left * across, page[1] - bottom * down + _BASE * height
        lines.append(
            b"%s %.2f Tf %.2f Tz 1 0 0 1 %.2f %.2f Tm (%s ) Tj"
            % (FONT.encode(), height, stretch, *origin, _escaped(encoded))
        )
    return b"\n".join((*lines, b"ET"))


def _encoded(text: str) -> bytes:
    """As the font has it (cp1252); letters that it lacks without their accents, others left out."""
    encoded = []
    for character in text:
        body = character.encode("cp1252", "ignore")
        encoded.append(body or unicodedata.normalize("NFKD", character).encode("cp1252", "ignore"))
    return b"".join(encoded)


def _escaped(body: bytes) -> bytes:
    return (
        body.replace(b"\\", rb"\\")
        .replace(b"(", rb"\(")
        .replace(b")", rb"\)")
        .replace(b"\r", b" ")
        .replace(b"\n", b" ")
    )
