"""Pages as pixels: drawn, blacked out, packed small. In a confined child alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from parvis.core.redaction.locating import Rectangle, share

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS_PER_INCH: Final = 300
"""At which a page is drawn to be read."""
KEPT_DOTS: Final = 200
"""At which it is published."""
MOST_PIXELS: Final = 30_000_000
"""Of one page drawn: a plan in A0 has fewer dots per inch."""
SEEN, MEASURED = 0.2, 0.06
"""Parts of the height of a line added above and below: of boxes that were recognised, which are those of the letters without what goes
beyond; of those that PDFium gives, which are those of the font."""
_BESIDE: Final = 0.12
"""The same on each side: slanted letters."""
_STEP: Final = 6.0
"""Heights of a line to a multiple of which the width is brought where blanks allow it."""
_TEXT_BITS, _BITS = 2, 4
"""Bits of a pixel: four greys are enough for letters, half the bytes of sixteen."""
_MIDDLE: Final = slice(40, 216)
_FEW_MIDDLE: Final = 0.1
"""Part of the pixels that are neither black nor white from which a page has more than letters."""
_COLOURS: Final = 16
_SEEN_DIFFERENCE: Final = 2.5
"""Mean difference of a band, of 255, from which a page in few colours does not show what it showed."""
_COLOURED: Final = 40
"""Difference between red, green and blue from which a pixel is no grey."""
_FEW_COLOURED: Final = 0.0005


def drawn(page: Any) -> tuple[Image, Any]:
    """A page of pypdfium2 as a picture, and what turns points of the page to its pixels."""
    width, height = page.get_size()
    if not (width > 0 and height > 0 and math.isfinite(width * height)):
        raise ValueError("size")
    scale = min(DOTS_PER_INCH / 72, math.sqrt(MOST_PIXELS / (width * height)))
    bitmap = page.render(scale=scale)
    return bitmap.to_pil().convert("RGB"), bitmap.get_posconv(page)


def in_pixels(box: Rectangle, conversion: Any) -> Rectangle:
    """A box in points of the page as it is in the picture."""
    corner, opposite = conversion.to_bitmap(box[0], box[1]), conversion.to_bitmap(box[2], box[3])
    return (
        min(corner[0], opposite[0]),
        min(corner[1], opposite[1]),
        max(corner[0], opposite[0]),
        max(corner[1], opposite[1]),
    )


def enlarged(
    box: Rectangle, others: Sequence[Rectangle], size: tuple[int, int], beyond: float, *, is_vertical: bool
) -> Rectangle:
    """A box of words that shows neither what goes beyond letters nor, where there is room, how many they are.

    It never covers another word: ``others`` are their boxes.
    """
    if is_vertical:
        flat = enlarged(_flipped(box), [_flipped(other) for other in others], size[::-1], beyond, is_vertical=False)
        return _flipped(flat)
    left, top, right, bottom = box
    height = max(bottom - top, 4.0)
    least, most = _room(box, others, size[0])
    beside = max(2.0, _BESIDE * height)
    left, right = max(left - beside, least), min(right + beside, most)
    wider = math.ceil((right - left) / (_STEP * height)) * _STEP * height - (right - left)
    right, wider = min(right + wider, most), max(0.0, wider - (most - right))
    left = max(left - wider, least)
    above = max(2.0, beyond * height)
    return left, top - above, right, bottom + above


def _flipped(box: Rectangle) -> Rectangle:
    return box[1], box[0], box[3], box[2]


def _room(box: Rectangle, others: Sequence[Rectangle], width: int) -> tuple[float, float]:
    """How far to the left and to the right nothing else is written on the same line."""
    beside = [other for other in others if share((box[1], box[3]), (other[1], other[3])) > 0.3]
    least = max((other[2] for other in beside if other[2] <= box[0] + 2), default=0.0)
    most = min((other[0] for other in beside if other[0] >= box[2] - 2), default=float(width))
    return min(least, box[0]), max(most, box[2])


def covered(picture: Image, boxes: Sequence[Rectangle], colour: str) -> Image:
    """A copy with these boxes painted over."""
    from PIL import ImageDraw  # noqa: PLC0415 pictures belong to children

    copy = picture.copy()
    pen = ImageDraw.Draw(copy)
    for left, top, right, bottom in boxes:
        if left < picture.width and top < picture.height and right > 0 and bottom > 0:
            pen.rectangle((math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)), fill=colour)
    return copy


def has_ink(picture: Image, box: Rectangle) -> bool:
    """Whether anything is drawn there: not all of one colour."""
    left, top = max(0, math.floor(box[0])), max(0, math.floor(box[1]))
    right, bottom = min(picture.width, math.ceil(box[2])), min(picture.height, math.ceil(box[3]))
    if left >= right or top >= bottom:
        return False
    levels = picture.crop((left, top, right, bottom)).convert("L").tobytes()
    return max(levels) - min(levels) > _COLOURED


@dataclass(frozen=True, slots=True)
class Packed:
    """A picture as a stream of PDF: its bytes, its filter, its parameters."""

    body: bytes
    entries: dict[str, Any]


def packed(picture: Image) -> Packed:
    """A drawn page, smaller and as few bytes as text and stamps need."""
    scale = KEPT_DOTS / DOTS_PER_INCH
    small = picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), reducing_gap=2.0
    )
    if _is_grey(small):
        grey = small.convert("L")
        middle = sum(grey.histogram()[_MIDDLE]) / (grey.width * grey.height)
        bits = _TEXT_BITS if middle < _FEW_MIDDLE else _BITS
        candidates = (_as_png(_levels(grey, bits), bits, "/DeviceGray", 1), _as_jpeg(grey, "/DeviceGray"))
        return min(candidates, key=lambda candidate: len(candidate.body))
    photograph = _as_jpeg(small, "/DeviceRGB")
    plain = _as_palette(small)
    return plain if plain and len(plain.body) < len(photograph.body) else photograph


def _as_palette(picture: Image) -> Packed | None:
    """A page of letters and headings in some colours; None for one that shows more."""
    from PIL import Image, ImageChops, ImageStat  # noqa: PLC0415

    indexed = picture.quantize(colors=_COLOURS, dither=Image.Dither.NONE)
    if max(ImageStat.Stat(ImageChops.difference(indexed.convert("RGB"), picture)).mean) > _SEEN_DIFFERENCE:
        return None
    palette = bytes(indexed.getpalette() or ())[: 3 * _COLOURS]
    return _as_png(indexed, 4, ["/Indexed", "/DeviceRGB", len(palette) // 3 - 1, palette], 1)


def _levels(grey: Image, bits: int) -> Image:
    """A picture of 2 ** ``bits`` greys, each pixel the rank of its own."""
    most = 2**bits - 1
    levels = grey.point([round(value * most / 255) for value in range(256)])
    levels.putpalette([value * 255 // most for value in range(most + 1) for _band in range(3)])
    return levels


def _is_grey(picture: Image) -> bool:
    from PIL import ImageChops  # noqa: PLC0415

    bands = picture.split()
    pairs = ((0, 1), (1, 2), (0, 2))
    counts = [ImageChops.difference(bands[one], bands[other]).histogram()[_COLOURED:] for one, other in pairs]
    return max(map(sum, counts)) <= _FEW_COLOURED * picture.width * picture.height


def _as_jpeg(picture: Image, colours: str) -> Packed:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=72, optimize=True)
    return Packed(stream.getvalue(), _entries(picture, colours, 8) | {"/Filter": "/DCTDecode"})


def _as_png(picture: Image, bits: int, colours: str | list[Any], bands: int) -> Packed:
    """Packed as PNG is, whose data PDF takes as they are."""
    stream = BytesIO()
    picture.save(stream, "PNG", bits=bits, optimize=True)
    parameters = {"/Predictor": 15, "/Colors": bands, "/BitsPerComponent": bits, "/Columns": picture.width}
    return Packed(
        _png_data(stream.getvalue()),
        _entries(picture, colours, bits) | {"/Filter": "/FlateDecode", "/DecodeParms": parameters},
    )


def _entries(picture: Image, colours: str | list[Any], bits: int) -> dict[str, Any]:
    return {"/Width": picture.width, "/Height": picture.height, "/ColorSpace": colours, "/BitsPerComponent": bits}


def _png_data(body: bytes) -> bytes:
    place, pieces = 8, []
    while place + 8 <= len(body):
        length = int.from_bytes(body[place : place + 4])
        if body[place + 4 : place + 8] == b"IDAT":
            pieces.append(body[place + 8 : place + 8 + length])
        place += length + 12
    return b"".join(pieces)
