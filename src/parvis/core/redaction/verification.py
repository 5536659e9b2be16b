"""Hidden words looked for in a published file, by readers of several authors. In a confined child; ``calling`` asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parvis.core.acts.model import Page, Passage
from parvis.core.acts.recognition import recogniser
from parvis.core.progress import Progress, no_progress
from parvis.core.redaction.across import words_cut
from parvis.core.redaction.glyphs import glyphs_of
from parvis.core.redaction.locating import Rectangle
from parvis.core.redaction.model import MARK, SHORTEST, Box, Hit, Source, VerificationReport
from parvis.core.redaction.pagework import characters_of
from parvis.core.redaction.pixels import drawn, in_pixels
from parvis.core.redaction.raw import texts_elsewhere, texts_of_page
from parvis.core.redaction.spelling import Letters, forms, parts_of_name

EVERY: Final = 0
"""In the place of a page: all of them together."""
_MOST_HITS: Final = 500
_CHECKED: Final = 8
"""Letters from which a word is looked for among the octets of the file."""
_ENCODINGS: Final = ("utf-8", "cp1252", "utf-16-be", "utf-16-le")
_EDGE: Final = 0.0015
"""Part of a page that is left out at each side of a rectangle: pictures are made smaller, and their edges are grey."""
_DARKEST: Final = 96
"""Of 255: black that was packed as JPEG is no lighter."""


@dataclass(slots=True)
class _Search:
    """What is looked for, and what was seen."""

    words: Sequence[str]
    spared: Sequence[Passage]
    spellings: list[tuple[int, str]] = field(default_factory=list)
    allowed: Counter[tuple[int, int]] = field(default_factory=Counter)
    hits: list[Hit] = field(default_factory=list)
    doubts: list[Hit] = field(default_factory=list)
    parts: list[tuple[int, str]] = field(default_factory=list)
    boxes: Sequence[Box] = ()

    def __post_init__(self) -> None:
        spared = [(passage.page, {Letters.of(form).text for form in forms(passage.text)}) for passage in self.spared]
        whole = {Letters.of(form).text for word in self.words for form in forms(word)}
        for rank, word in enumerate(self.words):
            bare = Letters.of(forms(word)[0]).text if forms(word) else ""
            self.spellings += [(rank, form) for form in forms(word)]
            for page, spellings in spared:
                self.allowed[rank, page] += bare in spellings
                self.allowed[rank, EVERY] += bare in spellings
            self.parts += [(rank, part) for part in parts_of_name(word) if Letters.of(part).text not in whole]

    def look(self, text: Sequence[str], source: Source, page: int | None = None, place: str = "") -> None:
        """Note each hidden word that a text says; those that a person spared on a page are counted out."""
        letters = Letters.of(text)
        seen: dict[int, set[tuple[int, int]]] = {}
        for rank, form in self.spellings:
            for span in letters.words(form):
                seen.setdefault(rank, set()).add(span)
        for rank, spans in seen.items():
            most = self.allowed[rank, page] if page is not None else 0
            if len(spans) > most and len(self.hits) < _MOST_HITS:
                self.hits.append(Hit(rank, source, page or None, place))

    def look_across(self, pages: Sequence[Page], source: Source) -> None:
        """Note each hidden word that begins on a page and ends on the next."""
        ranks = {word: rank for rank, word in enumerate(self.words)}
        for word, parts in words_cut(pages, self.words).items():
            self.hits.append(Hit(ranks[word], source, parts[0].page))

    def look_for_parts(self, text: Sequence[str], source: Source, page: int) -> None:
        """Note each word of a hidden name that stands alone."""
        letters = Letters.of(text)
        for rank, part in self.parts:
            if any(True for _place in letters.words(part)) and len(self.doubts) < _MOST_HITS:
                self.doubts.append(Hit(rank, source, page, part))


def verify_in_child(
    published: Path,
    words: tuple[str, ...],
    spared: tuple[Passage, ...],
    tessdata: Path | None,
    boxes: tuple[Box, ...] = (),
    progress: Progress = no_progress,
) -> VerificationReport:
    """What can be read of ``words`` in a PDF, and what can be seen or read under ``boxes``."""
    search = _Search(words, spared, boxes=boxes)
    unread: list[str] = []
    remarks: list[str] = []
    everyone = [
        (_by_pdfium, Source.PDFIUM, bool(words)),
        (_by_pdfminer, Source.PDFMINER, bool(words)),
        (_by_objects, Source.OBJECTS, bool(words)),
        (_by_checker, Source.CHECKER, bool(words)),
        (_by_recognition, Source.RECOGNITION, bool(words and tessdata)),
        (_under_boxes_by_pdfium, Source.PIXELS, bool(boxes)),
        (_under_boxes_by_pdfminer, Source.PDFMINER, bool(boxes)),
    ]
    readers = [(reader, source) for reader, source, is_asked in everyone if is_asked]
    sources = dict.fromkeys(source for _reader, source in readers)
    for count, (reader, source) in enumerate(readers):
        progress("verify", count, len(readers))
        try:
            remarks += reader(published, search, tessdata) or ()
        except Exception:  # noqa: BLE001 what a reader cannot read is not known to be clean
            unread.append(str(source))
    unread = list(dict.fromkeys(unread))
    hits = tuple(dict.fromkeys(search.hits))
    return VerificationReport(hits, tuple(dict.fromkeys(search.doubts)), tuple(unread), tuple(remarks), tuple(sources))


def _by_pdfium(published: Path, search: _Search, _tessdata: Path | None) -> None:
    import pypdfium2  # noqa: PLC0415 only children read PDF

    document = pypdfium2.PdfDocument(published)
    pages: list[Page] = []
    for number in range(1, len(document) + 1):
        characters = glyphs_of(document[number - 1]).characters
        search.look(characters, Source.PDFIUM, number)
        search.look_for_parts(characters, Source.PDFIUM, number)
        pages.append(Page(number, "".join(characters)))
    search.look_across(pages, Source.PDFIUM)
    search.look("\n".join(document.get_metadata_dict(skip_empty=True).values()), Source.PDFIUM, place="metadata")
    for mark in document.get_toc():
        search.look(mark.get_title() or "", Source.PDFIUM, place="bookmarks")
    document.close()


def _by_pdfminer(published: Path, search: _Search, _tessdata: Path | None) -> None:
    from pdfminer.high_level import extract_pages  # noqa: PLC0415
    from pdfminer.layout import LAParams, LTChar, LTContainer, LTTextContainer  # noqa: PLC0415

    def texts(thing: Any) -> Iterator[str]:
        if isinstance(thing, LTTextContainer | LTChar):
            yield thing.get_text()
        elif isinstance(thing, LTContainer):
            for part in thing:
                yield from texts(part)

    for number, page in enumerate(
        extract_pages(published, laparams=LAParams(all_texts=True, boxes_flow=None)), start=1
    ):
        search.look("".join(texts(page)), Source.PDFMINER, number)


def _by_objects(published: Path, search: _Search, _tessdata: Path | None) -> None:
    import pikepdf  # noqa: PLC0415 only children read PDF

    with pikepdf.open(published) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            for text in texts_of_page(page):
                search.look(text, Source.OBJECTS, number)
        for place, text in texts_elsewhere(pdf):
            search.look(text, Source.OBJECTS, place=place)
        body = published.read_bytes()
        if len(pdf.attachments) or body.count(b"%%EOF") > (2 if pdf.is_linearized else 1):
            search.hits += [
                Hit(rank, Source.OBJECTS, place="attachments, revisions") for rank in range(len(search.words))
            ]
    spared = {rank for (rank, _page), count in search.allowed.items() if count}
    for rank, form in search.spellings:
        if (
            rank not in spared
            and len(form) >= _CHECKED
            and any(form.encode(name, "ignore") in body for name in _ENCODINGS)
        ):
            search.hits.append(Hit(rank, Source.OBJECTS, place="octets"))


def _by_checker(published: Path, search: _Search, _tessdata: Path | None) -> Iterable[str]:
    """pdf-redaction-check: the texts that it recovers are looked into as ours are, since it looks for letters anywhere."""
    import pdf_redaction_check  # noqa: PLC0415 only children read PDF

    report, extracts = pdf_redaction_check.analyze(published, [], want_extracts=True)
    for extract in extracts:
        if extract.is_text:
            is_drawn = extract.layer == pdf_redaction_check.CONTENT_STREAM
            search.look(
                extract.text, Source.CHECKER, EVERY if is_drawn else None, f"{extract.layer} {extract.location}"
            )
    remarks = []
    for finding in report.findings:
        if finding.check == pdf_redaction_check.FONT_CHARSET or finding.severity is pdf_redaction_check.Severity.INFO:
            continue  # letters of a font that pages drawn again used, too
        if finding.severity is pdf_redaction_check.Severity.WARNING:
            remarks.append(f"{finding.check} {finding.location}".strip())
            continue
        search.hits += [
            Hit(rank, Source.CHECKER, place=f"{finding.check} {finding.location}") for rank in range(len(search.words))
        ]
    return remarks[:50]


def _by_recognition(published: Path, search: _Search, tessdata: Path | None) -> None:
    import pypdfium2  # noqa: PLC0415

    with ExitStack() as stack:
        recognise = stack.enter_context(recogniser(tessdata or Path()))
        document = pypdfium2.PdfDocument(published)
        pages: list[Page] = []
        for number in range(1, len(document) + 1):
            picture, _conversion = drawn(document[number - 1])
            characters, _owners = characters_of(recognise(picture).words)
            search.look(characters, Source.RECOGNITION, number)
            pages.append(Page(number, "".join(characters)))
        search.look_across(pages, Source.RECOGNITION)
        document.close()


def _under_boxes_by_pdfium(published: Path, search: _Search, _tessdata: Path | None) -> None:
    """Whether rectangles are black, and hold no text of their page but the mark: words under them may be said elsewhere."""
    import pypdfium2  # noqa: PLC0415 only children read PDF

    document = pypdfium2.PdfDocument(published)
    for number in sorted({box.page for box in search.boxes}):
        page = document[number - 1]
        picture, conversion = drawn(page)
        glyphs = glyphs_of(page)
        places = [in_pixels(box, conversion) if box else None for box in glyphs.boxes]
        grey = picture.convert("L")
        for rank, area in _areas(search, number, picture.size):
            left, top, right, bottom = (round(side) for side in area)
            shown = grey.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
            if max(shown.tobytes()) > _DARKEST or _says_something(glyphs.characters, places, area):
                search.hits.append(Hit(rank, Source.PIXELS, number))
    document.close()


def _under_boxes_by_pdfminer(published: Path, search: _Search, _tessdata: Path | None) -> None:
    from pdfminer.high_level import extract_pages  # noqa: PLC0415
    from pdfminer.layout import LTChar, LTContainer  # noqa: PLC0415

    def characters(thing: Any) -> Iterator[Any]:
        if isinstance(thing, LTChar):
            yield thing
        elif isinstance(thing, LTContainer):
            for part in thing:
                yield from characters(part)

    concerned = {box.page for box in search.boxes}
    for number, page in enumerate(extract_pages(published, laparams=None), start=1):
        if number not in concerned:
            continue
        chars = list(characters(page))
        places: list[Rectangle | None] = [
            (char.x0 - page.x0, page.y1 - char.y1, char.x1 - page.x0, page.y1 - char.y0) for char in chars
        ]
        texts = [char.get_text()[:1] or " " for char in chars]
        for rank, area in _areas(search, number, (page.width, page.height)):
            if _says_something(texts, places, area):
                search.hits.append(Hit(rank, Source.PDFMINER, number))


def _areas(search: _Search, number: int, size: tuple[float, float]) -> Iterator[tuple[int, Rectangle]]:
    """The inside of each rectangle of a page, and its rank."""
    for rank, box in enumerate(search.boxes, start=len(search.words)):
        if box.page == number:
            across, down = min(_EDGE, (box.right - box.left) / 4), min(_EDGE, (box.bottom - box.top) / 4)
            yield (
                rank,
                (
                    (box.left + across) * size[0],
                    (box.top + down) * size[1],
                    (box.right - across) * size[0],
                    (box.bottom - down) * size[1],
                ),
            )


def _says_something(characters: Sequence[str], places: Sequence[Rectangle | None], area: Rectangle) -> bool:
    """Whether letters whose middle is in an area say a text, besides the mark of what is hidden."""
    is_mark = [False] * len(characters)
    text = "".join(characters)
    start = text.find(MARK)
    while start >= 0:
        is_mark[start : start + len(MARK)] = [True] * len(MARK)
        start = text.find(MARK, start + len(MARK))
    inside = [
        character
        for character, place, is_of_mark in zip(characters, places, is_mark, strict=True)
        if place is not None and not is_of_mark and _has_middle_in(place, area)
    ]
    return len(Letters.of(inside).text) >= SHORTEST


def _has_middle_in(place: Rectangle, area: Rectangle) -> bool:
    middle = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
    return area[0] < middle[0] < area[2] and area[1] < middle[1] < area[3]
