"""The text of a document once its words are hidden: what search, HTML and feeds may show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from parvis.core.acts.model import DoubtfulWord, Page, Passage
from parvis.core.redaction.model import MARK
from parvis.core.redaction.spelling import Letters, forms


def occurrences(pages: Sequence[Page], words: str) -> tuple[Passage, ...]:
    """Each passage of the pages that says ``words``, whatever its accents, capitals, blanks and ends of lines, in whole words.

    A name of a few words is looked for in either order.
    """
    return occurrences_of_each(pages, [words])[words]


def occurrences_of_each(pages: Sequence[Page], texts: Iterable[str]) -> dict[str, tuple[Passage, ...]]:
    """``occurrences`` of each of some texts: the letters of a page are read once, however many are looked for."""
    spellings = {words: forms(words) for words in texts}
    passages: dict[str, dict[tuple[int, int], Passage]] = {words: {} for words in spellings}
    for page in pages:
        letters = Letters.of(page.text)
        for words, rows in passages.items():
            for form in spellings[words]:
                for start, end in letters.words(form):
                    rows[page.number, start] = Passage(page.number, start, end, page.text[start:end])
    return {words: tuple(rows[place] for place in sorted(rows)) for words, rows in passages.items()}


def text_of_published(pages: Sequence[Page], passages: Iterable[Passage]) -> tuple[Page, ...]:
    """The pages with ``MARK`` instead of each passage; what touches is one, what is beyond the text is cut."""
    by_page: dict[int, list[tuple[int, int]]] = {}
    for passage in passages:
        by_page.setdefault(passage.page, []).append((passage.start, passage.end))
    return tuple(_hidden(page, _joined(by_page.get(page.number, ()), len(page.text))) for page in pages)


def _joined(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(end, length)) for start, end in spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _hidden(page: Page, spans: Sequence[tuple[int, int]]) -> Page:
    if not spans:
        return page
    pieces: list[str] = []
    doubtful: list[DoubtfulWord] = []
    left = list(page.doubtful)
    place = shift = 0
    for start, end in (*spans, (len(page.text), len(page.text))):
        pieces.append(page.text[place:start])
        while left and left[0].start < end:
            word = left.pop(0)
            if word.end <= start and word.start >= place:
                doubtful.append(replace(word, start=word.start + shift, end=word.end + shift))
        if start < end:
            pieces.append(MARK)
            shift += len(MARK) - (end - start)
        place = end
    return replace(page, text="".join(pieces), doubtful=tuple(doubtful))
