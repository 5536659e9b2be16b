"""Words that begin at the end of a page and end at the beginning of the next, past headers and footers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from parvis.core.acts.model import Page, Passage
from parvis.core.redaction.spelling import FEW, Letters, everywhere, forms, is_edge
from parvis.core.redaction.texts import occurrences_of_each

MOST_LINES: Final = 5
"""Lines of a header or of a footer that may stand between both parts."""
_NEAR: Final = 600
"""Letters of each page that are looked at, on each side of those lines: no hidden text is longer."""
_LINE: Final = re.compile(r"[^\n]+")


def occurrences_in_document(pages: Sequence[Page], texts: Iterable[str]) -> dict[str, tuple[Passage, ...]]:
    """``occurrences_of_each`` in the pages of one document, and both parts of those that a page's end cuts in two."""
    words = list(texts)
    places = occurrences_of_each(pages, words)
    for word, parts in words_cut(pages, words).items():
        places[word] = tuple(sorted({*places[word], *parts}, key=lambda part: (part.page, part.start)))
    return places


def words_cut(pages: Sequence[Page], texts: Iterable[str]) -> dict[str, list[Passage]]:
    """Both parts of each of some texts that the end of a page cuts in two."""
    spellings = {word: [Letters.of(form).text for form in forms(word)] for word in texts}
    places: dict[str, list[Passage]] = {}
    for page, following in pairwise(pages if spellings else ()):
        ends, begins = _ends(page), _begins(following)
        for word, bares in spellings.items():
            parts = [part for bare in bares if len(bare) >= FEW for part in _cut(bare, ends, begins)]
            if parts:
                places.setdefault(word, []).extend(parts)
    return places


def whole_and_cut(passages: Iterable[Passage], words: Iterable[str]) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """Passages that say one of some words, then those that say a part of one."""
    spellings = {Letters.of(form).text for word in words for form in (word, *forms(word))}
    whole: list[Passage] = []
    cut: list[Passage] = []
    for passage in passages:
        (whole if Letters.of(passage.text).text in spellings else cut).append(passage)
    return tuple(whole), tuple(cut)


type _Beside = Sequence[tuple[Page, int, Letters]]
"""Letters at one side of a page, from a character of its text on."""


def _ends(page: Page) -> _Beside:
    """The end of a page, with and without its last lines."""
    lines = list(_LINE.finditer(page.text))[::-1][: MOST_LINES + 1]
    starts = [(max(0, line.end() - _NEAR), line.end()) for line in lines]
    return [(page, start, Letters.of(page.text[start:end])) for start, end in starts]


def _begins(page: Page) -> _Beside:
    """The beginning of a page, with and without its first lines."""
    lines = list(_LINE.finditer(page.text))[: MOST_LINES + 1]
    return [(page, line.start(), Letters.of(page.text[line.start() : line.start() + _NEAR])) for line in lines]


def _cut(bare: str, ends: _Beside, begins: _Beside) -> Iterable[Passage]:
    """Both parts of a word where one ends a page and the other begins the next."""
    for page, start, before in ends:
        for length in _lengths(bare, before.text):
            for following, begin, after in begins:
                if after.text.startswith(bare[length:]):
                    first = before.origins[-length]
                    last = after.origins[len(bare) - length - 1] + 1
                    if is_edge(before.characters, first) and is_edge(after.characters, last):
                        yield _passage(page, start + first, start + before.origins[-1] + 1)
                        yield _passage(following, begin + after.origins[0], begin + last)


def _lengths(bare: str, before: str) -> Iterator[int]:
    """How many letters of a word end a text, in each way in which some do and others do not."""
    for place in everywhere(before[-1:], bare[:-1]):
        if before.endswith(bare[: place + 1]):
            yield place + 1


def _passage(page: Page, start: int, end: int) -> Passage:
    return Passage(page.number, start, end, page.text[start:end])
