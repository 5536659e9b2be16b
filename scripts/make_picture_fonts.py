"""Make the fonts of pictures from the house's: French letters only, with what the house's lack, and how wide each letter is.

Two files a weight: TTF for the program that draws, WOFF2 to be put inside SVG. ``advances.json`` holds the widths, in
thousandths of the size, by which drawings know whether a text fits.
"""

from __future__ import annotations

import json
from pathlib import Path

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from parvis.core import lettering
from parvis.core.typesetting import FONTS

_PLAIN = [chr(code) for code in range(0x20, 0x7F)]
_FRENCH = "ÀÂÄÆÇÈÉÊËÎÏÔÖŒÙÛÜàâäæçèéêëîïôöœùûüÿ«»‹›’‘“”…–—·•°²³¹½×÷€£§©®±−áíóúñãõìòßøåÁÍÓÚÑ\u00a0\u202fᵉʳ"
_RAISED = {"ᵉ": "e", "ʳ": "r"}
"""Letters of « 1ᵉʳ » that the font has not: the usual ones, smaller and higher."""
_RAISED_SCALE, _RAISED_BY = 0.62, 300
_NARROW = 0.6
"""Of a space, for the narrow one between thousands, which the font has not."""


def _completed(font: TTFont) -> None:
    glyphs, metrics = font["glyf"], font["hmtx"]
    names = font.getBestCmap()
    for letter, base in _RAISED.items():
        pen = TTGlyphPen(font.getGlyphSet())
        pen.addComponent(names[ord(base)], (_RAISED_SCALE, 0, 0, _RAISED_SCALE, 0, _RAISED_BY))
        advance, bearing = metrics[names[ord(base)]]
        _add(font, letter, pen.glyph(), round(advance * _RAISED_SCALE), round(bearing * _RAISED_SCALE))
    advance, _bearing = metrics[names[ord(" ")]]
    _add(font, "\u202f", TTGlyphPen(None).glyph(), round(advance * _NARROW), 0)
    font["maxp"].numGlyphs = len(glyphs.glyphOrder)


def _add(font: TTFont, letter: str, glyph: object, advance: int, bearing: int) -> None:
    name = f"uni{ord(letter):04X}"
    font.setGlyphOrder([*font.getGlyphOrder(), name]) if name not in font.getGlyphOrder() else None
    font["glyf"][name] = glyph
    font["hmtx"][name] = (advance, bearing)
    for table in font["cmap"].tables:
        table.cmap[ord(letter)] = name


def _subset(font: TTFont, path: Path, flavor: str | None) -> None:
    options = subset.Options(flavor=flavor, layout_features=["kern"], hinting=False, notdef_outline=True)
    maker = subset.Subsetter(options)
    maker.populate(text="".join(_PLAIN) + _FRENCH)
    maker.subset(font)
    font["head"].modified = font["head"].created  # the same bytes each time
    subset.save_font(font, str(path), options)


def main() -> None:
    """Write the files beside the code that reads them."""
    advances = {}
    for weight in lettering.WEIGHTS:
        for flavor in (None, "woff2"):
            font = TTFont(FONTS / f"AtkinsonHyperlegibleNext-{weight}.ttf", recalcTimestamp=False)
            _completed(font)
            _subset(font, lettering.FONTS / f"{weight}.{flavor or 'ttf'}", flavor)
        made = TTFont(lettering.FONTS / f"{weight}.ttf")
        advances[weight] = {chr(code): made["hmtx"][name][0] for code, name in sorted(made.getBestCmap().items())}
    text = json.dumps(advances, ensure_ascii=True, indent=0, separators=(",", ":"))
    (lettering.FONTS / "advances.json").write_text(f"{text}\n", encoding="ascii")


if __name__ == "__main__":
    main()
