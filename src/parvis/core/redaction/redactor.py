"""A PDF with its words hidden, written in a confined child. ``calling`` asks for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pikepdf

from parvis.core.acts.model import Page
from parvis.core.acts.recognition import recogniser
from parvis.core.errors import ParvisError
from parvis.core.progress import Progress, no_progress
from parvis.core.redaction.assembly import Drawn, assembled, entitle, flattened, hidden_layers, strip_beside
from parvis.core.redaction.errors import NothingToHide, PdfBroken, PdfProtected, PdfTooLong
from parvis.core.redaction.glyphs import Glyphs, glyphs_of
from parvis.core.redaction.layers import text_stream, with_marks
from parvis.core.redaction.locating import Rectangle
from parvis.core.redaction.model import MARK, MOST_PAGES, Dropped, Redaction, RedactionReport
from parvis.core.redaction.pagework import Recognise, Work
from parvis.core.redaction.pixels import drawn as drawn_page
from parvis.core.redaction.pixels import in_pixels, packed
from parvis.core.redaction.raw import texts_of_page
from parvis.core.redaction.spelling import Letters, forms

_HARMLESS: Final = {Dropped.TAGS, Dropped.BOOKMARKS, Dropped.SIGNATURES, Dropped.LAYERS}
"""What a file with nothing to hide may keep."""


def redact_in_child(
    source: Path,
    target: Path,
    name: str,
    redaction: Redaction,
    scratch: Path,
    tessdata: Path | None,
    progress: Progress = no_progress,
) -> RedactionReport:
    """``target`` is the published form of the PDF at ``source``; RedactionRefused. ``scratch`` is an empty folder."""
    try:
        flat = scratch / "flat.pdf"
        count, besides = flattened(source, flat)
        if count > MOST_PAGES:
            raise PdfTooLong(file=name, pages=count, most=MOST_PAGES)
        if not redaction.passages and not redaction.boxes:
            return _cleaned(source, target, count, besides, redaction)
        _require_pages(redaction, count)
        with ExitStack() as stack:
            recognise = stack.enter_context(recogniser(tessdata)) if tessdata else None
            drawn, unread = _drawn_pages(flat, redaction, recognise, progress)
        assembled(flat, target, drawn, redaction.title, redaction.language)
    except ParvisError:
        raise
    except pikepdf.PasswordError as error:
        raise PdfProtected(file=name) from error
    except Exception as error:  # readers of PDF raise anything on what strangers write
        raise PdfBroken(file=name) from error
    return RedactionReport(
        count, tuple(sorted(drawn)), tuple(unread), besides, False, source.stat().st_size, target.stat().st_size
    )


def _require_pages(redaction: Redaction, count: int) -> None:
    read = {page.number for page in redaction.pages}
    for passage in redaction.passages:
        if passage.page not in read or not 1 <= passage.page <= count:
            raise NothingToHide(page=passage.page)
    for box in redaction.boxes:
        if not 1 <= box.page <= count or not (0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1):
            raise NothingToHide(page=box.page)


def _drawn_pages(
    flat: Path, redaction: Redaction, recognise: Recognise | None, progress: Progress
) -> tuple[dict[int, Drawn], list[int]]:
    """Pages with something to hide, drawn again; those of them that have no text for want of recognition."""
    import pypdfium2  # noqa: PLC0415 only children read PDF

    drawn: dict[int, Drawn] = {}
    unread: list[int] = []
    texts = {page.number: page for page in redaction.pages}
    document = pypdfium2.PdfDocument(flat)
    with pikepdf.open(flat) as raw:
        for number in range(1, len(document) + 1):
            progress("redact", number - 1, len(document))
            page = document[number - 1]
            glyphs = glyphs_of(page)
            words = _to_hide(redaction, number)
            if not _is_concerned(redaction, number, words, glyphs, raw):
                page.close()
                continue
            drawn[number], has_text = _drawn(page, number, redaction, texts, glyphs, words, recognise)
            if not has_text:
                unread.append(number)
            page.close()
    document.close()
    return drawn, unread


def _to_hide(redaction: Redaction, number: int) -> tuple[str, ...]:
    """The words that must not be read on a page: all of them, but for those that a person keeps there."""
    spared = {Letters.of(passage.text).text for passage in redaction.spared if passage.page == number}
    return tuple(
        word for word in redaction.words if not any(Letters.of(form).text in spared for form in (word, *forms(word)))
    )


def _is_concerned(redaction: Redaction, number: int, words: tuple[str, ...], glyphs: Glyphs, raw: Any) -> bool:
    if number in {*(passage.page for passage in redaction.passages), *(box.page for box in redaction.boxes)}:
        return True
    letters = Letters.of(glyphs.characters)
    spellings = [form for word in words for form in forms(word)]
    if any(True for form in spellings for _place in letters.words(form)):
        return True
    page = raw.pages[number - 1]
    if hidden_layers(page.obj, raw.Root):
        return True
    return any(_says(text, spellings) for text in texts_of_page(page))


def _says(text: str, spellings: list[str]) -> bool:
    letters = Letters.of(text)
    return any(True for form in spellings for _place in letters.words(form))


def _drawn(
    page: Any,
    number: int,
    redaction: Redaction,
    texts: dict[int, Page],
    glyphs: Glyphs,
    words: tuple[str, ...],
    recognise: Recognise | None,
) -> tuple[Drawn, bool]:
    picture, conversion = drawn_page(page)
    rectangles: list[Rectangle | None] = [in_pixels(box, conversion) if box else None for box in glyphs.boxes]
    is_turned = page.get_rotation() in (90, 270)
    work = Work(
        number,
        picture,
        Letters.of(glyphs.characters),
        glyphs,
        rectangles,
        lambda rank: (rank in glyphs.vertical) != is_turned,
        recognise,
    )
    for passage in redaction.passages:
        if passage.page == number:
            work.hide(passage, texts[number])
    work.hide_everywhere(words)
    for box in redaction.boxes:
        if box.page == number:
            work.hide_box(box)
    covered, placed = work.finished(words)
    size = page.get_size()
    text = b"" if placed is None else text_stream(with_marks(placed, _apart(work.hidden), MARK), picture.size, size)
    return Drawn(size, packed(covered), text), placed is not None


def _apart(boxes: list[Rectangle]) -> Iterator[Rectangle]:
    """Boxes without those that are in another."""
    for rank, box in enumerate(boxes):
        others = (other for place, other in enumerate(boxes) if place < rank)
        if not any(_holds(other, box) for other in others):
            yield box


def _holds(outer: Rectangle, inner: Rectangle) -> bool:
    middle = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= middle[0] <= outer[2] and outer[1] <= middle[1] <= outer[3]


def _cleaned(
    source: Path, target: Path, count: int, besides: tuple[Dropped, ...], redaction: Redaction
) -> RedactionReport:
    """A document with nothing to hide: as it is, tags and all, but for what tells of persons beside its pages."""
    size = source.stat().st_size
    removed = tuple(kind for kind in besides if kind not in _HARMLESS)
    if not removed:
        shutil.copyfile(source, target)
        return RedactionReport(count, unchanged=True, size_before=size, size_after=size)
    with pikepdf.open(source) as pdf:
        strip_beside(pdf)
        entitle(pdf, redaction.title, redaction.language)
        pdf.save(target, deterministic_id=True)
    signed = tuple(kind for kind in besides if kind is Dropped.SIGNATURES)
    return RedactionReport(count, dropped=(*removed, *signed), size_before=size, size_after=target.stat().st_size)
