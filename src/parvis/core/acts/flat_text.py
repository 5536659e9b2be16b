"""The text of an act as rules look at it: small letters without accents, each at the place of the letter that it stands for."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from parvis.core.acts.model import Page, Passage

LONGEST = 2_000_000
"""Letters of a document that are looked at; what follows is not read by rules."""

HEAD = 6_000
"""Letters in which what a document is, when and by whom is usually said."""

GAP = r"[ \n]{0,4}"
SPACE = r"[ \n]{1,4}"
"""Spaces between two words, ends of lines included. All repetitions are bounded: a hostile text costs no more than another."""

_PLAIN = {
    **dict.fromkeys(map(ord, "’‘ʼ`´′"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−\u00ad"), "-"),
    **dict.fromkeys(map(ord, "\t\r\v\f\u00a0\u202f\u2009\u2007\u200a\u2002\u2003\u2028\u2029\u0085\u200b"), " "),
    **dict.fromkeys(map(ord, "«»“”„"), '"'),
    2: "-",  # what pdfium gives for a hyphen at the end of a line
    ord("º"): "°",
    ord("œ"): "o",
    ord("Œ"): "o",
    ord("æ"): "a",
    ord("Æ"): "a",
}


def _table() -> dict[int, str]:
    letters = {}
    for code in (*range(0x41, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(code))[0].lower()
        letters[code] = base if len(base) == 1 else chr(code)
    return letters | _PLAIN


_TABLE = _table()


def flatten(text: str) -> str:
    """``text`` in small letters without accents, of the same length: a place in one is the same place in the other.

    >>> flatten("L’É\u00a0C")
    "l'e c"
    """
    return text.translate(_TABLE)


def spaced(word: str) -> str:
    """A pattern for ``word`` whose letters may be spaced out, as headings have them: « D É L I B É R A T I O N »."""
    return r" ?".join(map(re.escape, word))


def one_line(text: str) -> str:
    """``text`` with single spaces, without what surrounds a value (colons, dashes, quotes)."""
    return " ".join(text.split()).strip(" :;,-–—_*•|")


@dataclass(frozen=True)
class FlatText:
    """All pages joined by ends of lines, as they are (``raw``) and flattened (``flat``)."""

    pages: tuple[Page, ...]
    raw: str
    flat: str
    starts: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, pages: Sequence[Page]) -> FlatText:
        """The text of ``pages``."""
        starts, length = [], 0
        for page in pages:
            starts.append(length)
            length += len(page.text) + 1
        raw = "\n".join(page.text for page in pages)[:LONGEST]
        return cls(tuple(pages), raw, flatten(raw), tuple(starts))

    def passage(self, start: int, end: int) -> Passage | None:
        """The letters from ``start`` to ``end``, without spaces around; cut where its page ends. None when nothing is left."""
        if not self.pages or not 0 <= start < end <= len(self.raw):
            return None
        rank = bisect_right(self.starts, start) - 1
        page, offset = self.pages[rank], self.starts[rank]
        words = page.text[start - offset : end - offset]
        start += len(words) - len(words.lstrip())
        words = words.strip()
        first = start - offset
        return Passage(page.number, first, first + len(words), words) if words else None

    def place(self, offset: int) -> tuple[int, int]:
        """The page of a place of the text, and where it is in that page."""
        if not self.pages:
            return 0, 0
        rank = bisect_right(self.starts, offset) - 1
        return self.pages[rank].number, min(offset - self.starts[rank], len(self.pages[rank].text))

    @cached_property
    def head(self) -> int:
        """Where the beginning of the document ends."""
        return min(HEAD, len(self.flat))

    @cached_property
    def lines(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each line that is not empty."""
        return tuple((hit.start(), hit.end()) for hit in re.finditer(r"[^\n]+", self.flat) if hit[0].strip())

    def line_of(self, place: int) -> tuple[int, int]:
        """Start and end of the line in which ``place`` is."""
        start = self.flat.rfind("\n", 0, place) + 1
        end = self.flat.find("\n", place)
        return start, len(self.flat) if end < 0 else end

    def find(self, pattern: re.Pattern[str], start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Where ``pattern`` is in the flat text."""
        return pattern.finditer(self.flat, start, len(self.flat) if end is None else end)
