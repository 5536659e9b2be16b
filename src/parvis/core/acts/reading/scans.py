"""The picture of a page, recognised into a page of text. In a confined child alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from parvis.core.acts.model import DoubtfulWord, Method, Page
from parvis.core.acts.recognition import Recognition, Word, mean_confidence

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS: Final = 20_000_000
"""Of the picture of a page: A3 at 300 dots per inch. What is larger is looked at smaller."""
LONGEST_SIDE: Final = 20_000
"""Pixels; Tesseract refuses more than 32,767."""
DOUBTFUL: Final = 60
"""Confidence under which a word is told as doubtful."""
LEGIBLE: Final = 40.0
"""Mean confidence under which what was recognised is no text."""
_BLANK, _DUST = 1 / 20_000, 1 / 1_200
"""Shares of a picture that are dark: less than a word; less than a short line, which the back of a scanned sheet has in specks."""
_SIGNS: Final = frozenset("«»%€:;!?§&+=°")

type Recognise = Callable[[Image], Recognition]


def page_recognised(number: int, recognition: Recognition, beside: str = "") -> Page:
    """The page that ``recognition`` makes, after the text ``beside`` that is known of it."""
    words = [word for word in recognition.words if any(c.isalnum() or c in _SIGNS for c in word.text)]
    confidence = mean_confidence(tuple(words))
    if not words or confidence < LEGIBLE:
        return Page(number, beside, Method.UNREADABLE, confidence if words else None)
    text, doubtful = _text(words, f"{beside}\n\n" if beside else "")
    return Page(number, text, Method.RECOGNISED, confidence, doubtful)


def _text(words: Iterable[Word], before: str) -> tuple[str, tuple[DoubtfulWord, ...]]:
    """Lines of words, an empty line between two blocks; and where the doubtful ones are in it."""
    pieces, doubtful = [before], []
    at, block = len(before), None
    for (in_block, _line), line in groupby(words, key=lambda word: (word.block, word.line)):
        if block is not None:
            pieces.append("\n" if block == in_block else "\n\n")
            at += len(pieces[-1])
        block = in_block
        for rank, word in enumerate(line):
            start = at + (rank > 0)
            pieces.append(f" {word.text}" if rank else word.text)
            at = start + len(word.text)
            if word.confidence < DOUBTFUL:
                doubtful.append(DoubtfulWord(start, at, max(word.confidence, 0)))
    return "".join(pieces), tuple(doubtful)


def is_blank(picture: Image) -> bool:
    """Whether nothing, or hardly anything, is on a picture in grey: less than a word's worth of dark dots."""
    return _darkness(picture) < _BLANK


def dust_apart(page: Page, picture: Image, printed: Sequence[tuple[int, int, int, int]] = ()) -> Page:
    """The page; an empty one when nothing could be read of it and hardly anything is on its picture but the dust of a scanner.

    ``printed``: where the text that it has stands (a stamp), in pixels; the frame around is of it.
    """
    if page.method is not Method.UNREADABLE:
        return page
    if printed:
        from PIL import ImageDraw  # noqa: PLC0415 only children decode pictures

        picture = picture.copy()
        margin = picture.width // 33
        left, top, right, bottom = (of(box[side] for box in printed) for side, of in enumerate((min, min, max, max)))
        ImageDraw.Draw(picture).rectangle((left - margin, top - margin, right + margin, bottom + margin), fill=255)
    if _darkness(picture) >= _DUST:
        return page
    return Page(page.number, page.text, Method.TEXT if page.text else Method.EMPTY)


def _darkness(picture: Image) -> float:
    small = picture.reduce(max(1, min(picture.size) // 1_000))
    return sum(small.histogram()[:160]) / (small.width * small.height)
