"""Pages that have something to hide, drawn again one by one. In a confined child alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parvis.core.acts.model import Page, Passage
from parvis.core.progress import Progress
from parvis.core.redaction.assembly import Drawn, hidden_layers
from parvis.core.redaction.errors import WordsNotLocated
from parvis.core.redaction.glyphs import Glyphs, glyphs_of
from parvis.core.redaction.layers import text_stream, with_marks
from parvis.core.redaction.locating import Rectangle
from parvis.core.redaction.model import MARK, Redaction
from parvis.core.redaction.pagework import Recognise, Work
from parvis.core.redaction.pixels import drawn, in_pixels, packed
from parvis.core.redaction.raw import texts_of_page
from parvis.core.redaction.spelling import Letters, forms


@dataclass(slots=True)
class DrawnPages:
    """Pages drawn again by number; those of them that have no text; passages of the text under rectangles."""

    drawn: dict[int, Drawn] = field(default_factory=dict)
    unread: list[int] = field(default_factory=list)
    covered: list[Passage] = field(default_factory=list)


def draw_pages(flat: Path, redaction: Redaction, recognise: Recognise | None, progress: Progress) -> DrawnPages:
    """The pages of ``flat`` that hold something to hide, seen or not, without it; RedactionRefused."""
    import pikepdf  # noqa: PLC0415 only children read PDF
    import pypdfium2  # noqa: PLC0415 only children read PDF

    made = DrawnPages()
    texts = {page.number: page for page in redaction.pages}
    document = pypdfium2.PdfDocument(flat)
    with pikepdf.open(flat) as raw:
        for number in range(1, len(document) + 1):
            progress("redact", number - 1, len(document))
            page = document[number - 1]
            glyphs = glyphs_of(page)
            words = _to_hide(redaction, number)
            if _is_concerned(redaction, number, words, glyphs, raw):
                _draw(page, redaction, texts.get(number) or Page(number, ""), glyphs, words, recognise, made)
            page.close()
    document.close()
    return made


def _to_hide(redaction: Redaction, number: int) -> tuple[str, ...]:
    """The words that must not be read on a page: all of them, but for those that a person keeps there."""
    spared = {Letters.of(passage.text).text for passage in redaction.spared if passage.page == number}
    return tuple(
        word for word in redaction.words if not any(Letters.of(form).text in spared for form in (word, *forms(word)))
    )


def _is_concerned(redaction: Redaction, number: int, words: Sequence[str], glyphs: Glyphs, raw: Any) -> bool:
    if number in {*(passage.page for passage in redaction.places), *(box.page for box in redaction.boxes)}:
        return True
    spellings = [form for word in words for form in forms(word)]
    page = raw.pages[number - 1]
    if _says(glyphs.characters, spellings) or hidden_layers(page.obj, raw.Root):
        return True
    return any(_says(text, spellings) for text in texts_of_page(page))


def _says(text: Sequence[str], spellings: Sequence[str]) -> bool:
    letters = Letters.of(text)
    return any(True for form in spellings for _place in letters.words(form))


def _draw(
    page: Any,
    redaction: Redaction,
    text: Page,
    glyphs: Glyphs,
    words: Sequence[str],
    recognise: Recognise | None,
    made: DrawnPages,
) -> None:
    picture, conversion = drawn(page)
    is_turned = page.get_rotation() in (90, 270)
    work = Work(
        text,
        picture,
        glyphs,
        [in_pixels(box, conversion) if box else None for box in glyphs.boxes],
        lambda rank: (rank in glyphs.vertical) != is_turned,
        recognise,
    )
    boxes = [box for box in redaction.boxes if box.page == text.number]
    under = work.under(boxes) if boxes else []
    made.covered += under
    for passage in redaction.places:
        if passage.page == text.number:
            try:
                work.hide(passage)
            except WordsNotLocated:
                # A person drew a rectangle on them, as they were asked to.
                if not any(_is_within(passage, area, text) for area in under):
                    raise
    work.hide_everywhere(words)
    for box in boxes:
        work.hide_box(box)
    covered, placed = work.finished(words)
    size = page.get_size()
    if placed is None:
        made.unread.append(text.number)
    layer = (
        text_stream(with_marks(placed or (), _apart(work.hidden), MARK), picture.size, size)
        if placed is not None
        else b""
    )
    made.drawn[text.number] = Drawn(size, packed(covered), layer)


def _is_within(passage: Passage, area: Passage, page: Page) -> bool:
    """Whether a passage is in a part of its page that is known to be under a rectangle; not in all of it for want of knowing."""
    is_known = area.end - area.start < len(page.text)
    return is_known and area.start <= passage.start and passage.end <= area.end


def _apart(boxes: Sequence[Rectangle]) -> Iterator[Rectangle]:
    """Boxes without those whose middle is in one before."""
    for rank, box in enumerate(boxes):
        if not any(_holds(boxes[place], box) for place in range(rank)):
            yield box


def _holds(outer: Rectangle, inner: Rectangle) -> bool:
    middle = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= middle[0] <= outer[2] and outer[1] <= middle[1] <= outer[3]
