"""Pictures of pages (PNG, JPEG, TIFF of many pages), recognised. In a confined child alone."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parvis.core.acts.model import Method, Page
from parvis.core.acts.reading.errors import ActBroken
from parvis.core.acts.reading.model import DocumentText
from parvis.core.acts.reading.scans import LONGEST_SIDE, MOST_PIXELS, Recognise, dust_apart, is_blank, page_recognised
from parvis.core.acts.recognition import DOTS_PER_INCH

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST: Final = 200_000_000
"""Pixels of one picture that are decoded: A0 at 300 dots per inch is 140 million."""
_COARSE: Final = 1_600
"""Pixels of the shorter side under which a picture of a page is made larger: letters are too small for what recognises them."""
_FORMATS: Final = ("PNG", "JPEG", "TIFF")


class PictureReader:
    """A picture, or pictures one after the other, as pages; ActBroken."""

    def __init__(self, path: Path, suffix: str, name: str) -> None:
        from PIL import Image as Pictures  # noqa: PLC0415 only children decode pictures

        Pictures.MAX_IMAGE_PIXELS = LARGEST // 2  # Pillow refuses twice that
        warnings.simplefilter("ignore", Pictures.DecompressionBombWarning)
        self._suffix, self._failures = (
            suffix,
            (OSError, SyntaxError, ValueError, EOFError, Pictures.DecompressionBombError),
        )
        try:
            self._picture: Any = Pictures.open(path, formats=_FORMATS)
            self.page_count: int = getattr(self._picture, "n_frames", 1)
        except self._failures as error:
            raise ActBroken(file=name, suffix=suffix) from error

    def facts(self) -> DocumentText:
        """What is known of it without looking."""
        return DocumentText(self._suffix, self.page_count)

    def page(self, number: int, recognise: Recognise | None) -> Page:
        """Page ``number``, from 1; one that cannot be decoded is UNREADABLE, as all are without ``recognise``."""
        from PIL import ImageOps  # noqa: PLC0415

        try:
            self._picture.seek(number - 1)
            self._picture.draft("L", (int(MOST_PIXELS**0.5),) * 2)  # a JPEG is decoded no larger than it needs to be
            picture = _in_grey(ImageOps.exif_transpose(self._picture))
        except self._failures:
            return Page(number, "", Method.UNREADABLE)
        if is_blank(picture):
            return Page(number, "", Method.EMPTY)
        if recognise is None:
            return Page(number, "", Method.UNREADABLE)
        return dust_apart(page_recognised(number, recognise(picture)), picture)


def _in_grey(picture: Any) -> Image:
    """In grey over white, neither too large nor too coarse to be recognised."""
    from PIL import Image as Pictures  # noqa: PLC0415 only children decode pictures

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Pictures.new("RGBA", over.size, "white")
        picture.alpha_composite(over)
    grey: Image = picture.convert("L")
    width, height = grey.size
    scale = min((MOST_PIXELS / (width * height)) ** 0.5, LONGEST_SIDE / max(width, height))
    if scale >= 1:
        scale = min(scale, 2.0) if min(width, height) < _COARSE and _dots(picture) < DOTS_PER_INCH else 1.0
    return grey if scale == 1 else grey.resize((max(1, int(width * scale)), max(1, int(height * scale))))


def _dots(picture: Any) -> float:
    """Dots per inch that a picture says it has; 0 when it does not."""
    try:
        return float(picture.info["dpi"][0])
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError):
        return 0.0
