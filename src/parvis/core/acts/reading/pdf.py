"""Pages of a PDF: its text where it has one, else what is recognised of its picture. In a confined child alone."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace
from itertools import islice
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parvis.core.acts.model import Method, Page
from parvis.core.acts.reading.errors import ActBroken, ActProtected
from parvis.core.acts.reading.letters import MOST_LETTERS, legibility, tidy
from parvis.core.acts.reading.model import DocumentText
from parvis.core.acts.reading.scans import LONGEST_SIDE, MOST_PIXELS, Recognise, dust_apart, is_blank, page_recognised
from parvis.core.acts.reading.stamps import without_stamps
from parvis.core.acts.recognition import DOTS_PER_INCH, Recognition, Word

if TYPE_CHECKING:
    from PIL.Image import Image

FEW_LETTERS: Final = 400
"""Of a page under which a large picture is taken to hold what the page says."""
SCARCE_LETTERS: Final = 40
"""Of a page under which anything drawn on it is looked at."""
LARGE_PICTURES: Final = 0.3
"""Share of a page that pictures cover, from which they may be what it says."""
_MOST_OBJECTS: Final = 20_000
"""Of a page that are looked at to tell what covers it."""
_MOST_BOXES: Final = 5_000
_SURE: Final = 60
_MANY_WORDS: Final = 10
_LONGEST_TITLE: Final = 500
_POINTS_PER_INCH: Final = 72


@dataclass(frozen=True, slots=True)
class _Layer:
    """What is on a page besides pixels: its text as it is in the file, the share that pictures cover, whether anything is drawn."""

    raw: str
    covered: float
    is_drawn: bool


class PdfReader:
    """An open PDF; ``name`` is what people call it, for messages. ActProtected, ActBroken."""

    def __init__(self, path: Path, name: str) -> None:
        import pypdfium2  # noqa: PLC0415 only children read PDF

        try:
            self._document: Any = pypdfium2.PdfDocument(path)
            self.page_count: int = len(self._document)
        except pypdfium2.PdfiumError as error:
            # PDFium tells of the last failure there was: of another file, if this one has no page.
            if "password" in str(error).casefold() and b"/Encrypt" in path.read_bytes():
                raise ActProtected(file=name) from error
            raise ActBroken(file=name, suffix="pdf") from error
        if not self.page_count:
            raise ActBroken(file=name, suffix="pdf")

    def facts(self) -> DocumentText:
        """What it says of itself, without pages."""
        import pypdfium2.raw as pdfium  # noqa: PLC0415

        handle = self._document.raw
        title = str(self._document.get_metadata_value("Title") or "")
        return DocumentText(
            "pdf",
            self.page_count,
            title=" ".join(tidy(title).split())[:_LONGEST_TITLE],
            language=_language(handle),
            is_tagged=bool(pdfium.FPDFCatalog_IsTagged(handle)),
            is_encrypted=pdfium.FPDF_GetSecurityHandlerRevision(handle) >= 0,
        )

    def page(self, number: int, recognise: Recognise | None) -> Page:
        """Page ``number``, from 1; one that PDFium cannot open is UNREADABLE. Without ``recognise``, scans are UNREADABLE."""
        import pypdfium2  # noqa: PLC0415

        try:
            page = self._document[number - 1]
        except pypdfium2.PdfiumError:
            return Page(number, "", Method.UNREADABLE)
        try:
            return _read(page, number, recognise)
        finally:
            page.close()


def _read(page: Any, number: int, recognise: Recognise | None) -> Page:
    layer = _layer(page)
    text = tidy(layer.raw)
    reads = legibility(layer.raw)
    if not _needs_recognition(layer, text, reads.is_doubtful):
        return Page(number, text, Method.TEXT if text else Method.EMPTY)
    picture = _picture(page)
    if is_blank(picture):
        return Page(number, text, Method.TEXT if text else Method.EMPTY)
    if recognise is None:
        return Page(number, "" if reads.is_doubtful else text, Method.UNREADABLE)
    recognition = recognise(picture)
    if reads.is_doubtful:
        again = page_recognised(number, recognition)
        return again if legibility(again.text).worth > reads.worth + 0.1 else Page(number, text)
    boxes = _boxes(page, picture) if text else []
    beside = _outside(recognition, boxes) if text else recognition
    sure = sum(word.confidence >= _SURE for word in beside.words)
    if text and sure < _MANY_WORDS and (without_stamps(text) or not beside.words):
        return Page(number, text)
    read = page_recognised(number, beside, text)
    return read if sure else dust_apart(read, picture, boxes)


def _needs_recognition(layer: _Layer, text: str, is_doubtful: bool) -> bool:
    letters = sum(c.isalnum() for c in without_stamps(text))
    if is_doubtful:
        return True
    if letters < SCARCE_LETTERS:
        return layer.is_drawn
    return letters < FEW_LETTERS and layer.covered >= LARGE_PICTURES


def _layer(page: Any) -> _Layer:
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    textpage = page.get_textpage()
    try:
        raw = (
            textpage.get_text_bounded()
            if textpage.count_chars() <= 2 * MOST_LETTERS
            else textpage.get_text_range(0, 2 * MOST_LETTERS)
        )
    finally:
        textpage.close()
    left, bottom, right, top = page.get_bbox()
    whole = max(abs((right - left) * (top - bottom)), 1.0)
    covered, is_drawn = 0.0, False
    for drawn in islice(page.get_objects(max_depth=4), _MOST_OBJECTS):
        is_drawn = is_drawn or drawn.type != pdfium.FPDF_PAGEOBJ_TEXT
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = drawn.get_bounds()
            # In a form, bounds are those of the form's own space: a picture there counts as it says, never for more than the page.
            covered += min(abs((x1 - x0) * (y1 - y0)) / whole, 1.0)
    return _Layer(raw, min(covered, 1.0), is_drawn)


def _picture(page: Any) -> Image:
    """The page in grey as it is seen, turned as it says, at 300 dots per inch unless it is larger than A3."""
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = min(
        DOTS_PER_INCH / _POINTS_PER_INCH,
        sqrt(MOST_PIXELS / (width * height)),
        LONGEST_SIDE / width,
        LONGEST_SIDE / height,
    )
    picture: Image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    return picture


def _boxes(page: Any, picture: Image) -> list[tuple[int, int, int, int]]:
    """Where the text of the page is in its picture: left, top, right, bottom in pixels."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    textpage = page.get_textpage()
    boxes = []
    try:
        for index in range(min(textpage.count_rects(), _MOST_BOXES)):
            left, bottom, right, top = textpage.get_rect(index)
            corners = []
            for x, y in ((left, bottom), (right, top)):
                across, down = ctypes.c_int(), ctypes.c_int()
                pdfium.FPDF_PageToDevice(page, 0, 0, *picture.size, 0, x, y, across, down)
                corners.append((across.value, down.value))
            (x0, y0), (x1, y1) = corners
            boxes.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    finally:
        textpage.close()
    return boxes


def _outside(recognition: Recognition, boxes: list[tuple[int, int, int, int]]) -> Recognition:
    """What was recognised where the page has no text."""
    return replace(recognition, words=tuple(word for word in recognition.words if not _is_within(word, boxes)))


def _is_within(word: Word, boxes: list[tuple[int, int, int, int]]) -> bool:
    left, top, right, bottom = word.box
    across, down = (left + right) / 2, (top + bottom) / 2
    slack = (bottom - top) / 4
    return any(x0 - slack <= across <= x1 + slack and y0 - slack <= down <= y1 + slack for x0, y0, x1, y1 in boxes)


def _language(handle: Any) -> str:
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    size = pdfium.FPDFCatalog_GetLanguage(handle, None, 0)
    if not 2 < size < 200:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFCatalog_GetLanguage(handle, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    language = buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
    return language if language.replace("-", "").isalnum() and language.isascii() else ""
