"""Whole numbers from 0 to 9999 as they are written in letters: « deux mille vingt-quatre », « quatre-vingt-dix-neuf », « mil neuf cent »."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = dict(
    zip(["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"], range(1, 10), strict=True),
    une=1,
    uns=1,
    premier=1,
)
_TEENS: Final = dict(
    zip(["dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"], range(10, 17), strict=True),
    dixsept=17,
    dixhuit=18,
    dixneuf=19,
)
_TENS: Final = {
    "vingt": 20,
    "vingts": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "huitante": 80,
    "octante": 80,
    "nonante": 90,
}
_WORDS: Final = sorted([*_UNITS, *_TEENS, *_TENS, "zero", "cent", "cents", "mille", "mil", "et"], key=len, reverse=True)
_WORD: Final = re.compile(rf"(?:{'|'.join(_WORDS)})(?![a-z])")
_BETWEEN: Final = re.compile(r"(?: ?-[ \n]?|[ \n]{1,3})")
_MOST_WORDS: Final = 12

IN_LETTERS: Final = rf"(?:{'|'.join(word for word in _WORDS if word != 'et')})(?![a-z])"
"""The first word of a number."""

ALL_IN_LETTERS: Final = rf"{IN_LETTERS}(?:(?: et |[- ]){IN_LETTERS}){{0,5}}"
"""All words of a number, roughly: what they make is told by ``read_number``."""


def _words(flat: str, start: int) -> list[tuple[str, int]]:
    """The words of a number from ``start`` on, each with the place where it ends."""
    words: list[tuple[str, int]] = []
    place = start
    while len(words) < _MOST_WORDS and (hit := _WORD.match(flat, place)):
        words.append((hit[0], hit.end()))
        gap = _BETWEEN.match(flat, hit.end())
        if gap is None:
            break
        place = gap.end()
    return words


class _Reader:
    """Reads words as the grammar of French numbers allows; what cannot follow is left."""

    def __init__(self, words: list[tuple[str, int]]) -> None:
        self.words = words
        self.rank = 0

    def next(self, shift: int = 0) -> str:
        return self.words[self.rank + shift][0] if self.rank + shift < len(self.words) else ""

    def under_20(self) -> int | None:
        word = self.next()
        if word == "dix" and self.next(1) in ("sept", "huit", "neuf"):
            self.rank += 2
            return 10 + _UNITS[self.words[self.rank - 1][0]]
        value = _UNITS.get(word, _TEENS.get(word))
        self.rank += value is not None
        return value

    def under_100(self) -> int | None:
        if self.next() == "quatre" and self.next(1) in ("vingt", "vingts"):
            self.rank += 2
            return 80 + self.more_than_tens(full=True, joined=False)
        tens = _TENS.get(self.next())
        if tens is None:
            return self.under_20()
        self.rank += 1
        return tens + self.more_than_tens(full=tens == 60, joined=True)

    def more_than_tens(self, *, full: bool, joined: bool) -> int:
        """What is added to tens: up to 9, or up to 19 after sixty and eighty (``full``)."""
        before = self.rank
        if joined and self.next() == "et":
            self.rank += 1
        value = self.under_20()
        if value is None or value > (19 if full else 9):
            self.rank = before
            return 0
        return value

    def under_1000(self) -> int | None:
        before = self.rank
        hundreds: int | None = 1
        if self.next() not in ("cent", "cents"):
            hundreds = _UNITS.get(self.next()) if self.next(1) in ("cent", "cents") else None
            if hundreds is None:
                return self.under_100()
            self.rank += 1
        self.rank += 1
        rest = self.under_100()
        return 100 * (hundreds or 1) + (rest or 0) if self.rank > before else None

    def number(self) -> int | None:
        if self.next() == "zero":
            self.rank += 1
            return 0
        if self.next() in ("mille", "mil"):
            self.rank += 1
            return 1000 + (self.under_1000() or 0)
        thousands = _UNITS.get(self.next()) if self.next(1) in ("mille", "mil") else None
        if thousands is None:
            return self.under_1000()
        self.rank += 2
        return 1000 * thousands + (self.under_1000() or 0)


def read_number(flat: str, start: int = 0) -> tuple[int, int] | None:
    """The number written in letters that begins at ``start`` of a flattened text, and where it ends; None where there is none.

    The longest number that the grammar allows: « vingt-quatre quinze » is 24, followed by something else.

    >>> read_number("deux mille vingt-quatre, le quinze")
    (2024, 23)
    """
    reader = _Reader(_words(flat, start))
    value = reader.number()
    return None if value is None or reader.rank == 0 else (value, reader.words[reader.rank - 1][1])
