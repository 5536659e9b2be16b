"""The characters that PDFium finds on a page, and where each of them is. In a confined child alone."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Final

from parvis.core.redaction.locating import Rectangle

MOST: Final = 200_000
"""Characters of one page."""
_INVISIBLE: Final = 3
"""Render mode of a text that is not drawn, as that of scans is."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Characters in the order of PDFium, blanks it adds included; the box of each, in points of the page, None for those."""

    characters: list[str]
    boxes: list[Rectangle | None]
    invisible: frozenset[int]
    """Ranks of those that are not drawn."""
    vertical: frozenset[int]
    """Ranks of those written up or down the page, before it is turned."""


def glyphs_of(page: Any) -> Glyphs:
    """Those of a page of pypdfium2; ValueError for more than anybody reads."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 only children read PDF

    text_page = page.get_textpage()
    raw = text_page.raw
    count = pdfium.FPDFText_CountChars(raw)
    if count > MOST:
        raise ValueError("characters")
    characters: list[str] = []
    boxes: list[Rectangle | None] = []
    invisible: set[int] = set()
    vertical: set[int] = set()
    for rank in range(max(0, count)):
        code = pdfium.FPDFText_GetUnicode(raw, rank)
        characters.append(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " ")
        if pdfium.FPDFText_IsGenerated(raw, rank) == 1:
            boxes.append(None)
            continue
        boxes.append(_box(pdfium, raw, rank))
        drawn = pdfium.FPDFText_GetTextObject(raw, rank)
        if drawn and pdfium.FPDFTextObj_GetTextRenderMode(drawn) == _INVISIBLE:
            invisible.add(rank)
        if round(pdfium.FPDFText_GetCharAngle(raw, rank) / 1.5708) % 2:
            vertical.add(rank)
    text_page.close()
    return Glyphs(characters, boxes, frozenset(invisible), frozenset(vertical))


def text_of(glyphs: Glyphs) -> str:
    """All of them in a row, whether they are drawn or not."""
    return "".join(glyphs.characters)


def _box(pdfium: Any, raw: Any, rank: int) -> Rectangle | None:
    """What is drawn of a character and the room it takes: fonts are wrong about either."""
    left, right, bottom, top = (ctypes.c_double() for _side in range(4))
    loose = pdfium.FS_RECTF()
    sides: list[Rectangle] = []
    if pdfium.FPDFText_GetCharBox(raw, rank, left, right, bottom, top):
        sides.append((left.value, bottom.value, right.value, top.value))
    if pdfium.FPDFText_GetLooseCharBox(raw, rank, loose):
        sides.append((loose.left, loose.bottom, loose.right, loose.top))
    if not sides:
        return None
    return min(s[0] for s in sides), min(s[1] for s in sides), max(s[2] for s in sides), max(s[3] for s in sides)
