"""The spaces of French text: the ones that must not break before « : » and « ; », inside quotation marks, between thousands.

Sentences, titles and descriptions are written by people and programs with ordinary spaces; they are set right where they are
shown (``french_html`` for pages, ``french`` for texts of pictures and papers), and nowhere else: what is kept stays as written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from parvis.core.translation import SOURCE, primary

NO_BREAK, NARROW = "\u00a0", "\u202f"

_PLACES = re.compile(r" (?:[;!?:»%€/]|\d{3}(?!\d))")
"""A space that may be wrong: a literal first, since a page has thousands of letters for each of them."""
_OPENING = "« "
_WORD = re.compile(r"[=\w]")
_THIN = frozenset(";!?")
_ASIDE = re.compile(
    r"<(script|style|pre|code|textarea|svg|kbd|samp|math)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE
)
_CELL = "<td"


def _places(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each space to be changed: where it is, by what, whether it is between figures."""
    for match in _PLACES.finditer(text):
        start, mark = match.start(), match.group()[1]
        if mark.isdecimal():
            if _is_thousands(text, start):
                yield start, NARROW, True
        elif _is_punctuation(text, start, mark):
            yield start, NARROW if mark in _THIN else NO_BREAK, False
    start = text.find(_OPENING)
    while start >= 0:
        yield start + 1, NO_BREAK, False
        start = text.find(_OPENING, start + 2)


def _is_punctuation(text: str, start: int, mark: str) -> bool:
    """Whether the mark after a space ends what is before it: not « :name », nor a path."""
    before, after = text[start - 1 : start], text[start + 2 : start + 3]
    if not before or before.isspace():
        return False
    return after == " " if mark == "/" else not _WORD.match(after)


def _is_thousands(text: str, start: int) -> bool:
    """Whether one to three figures stand before a space, alone or as thousands of thousands."""
    digits = start
    while digits > 0 and start - digits < 4 and text[digits - 1].isdecimal():
        digits -= 1
    before = text[digits - 1 : digits]
    return 1 <= start - digits <= 3 and before not in {",", ".", NARROW, "/", "-"}


def _with(text: str, places: Iterable[tuple[int, str]]) -> str:
    pieces, written = [], 0
    for start, space in sorted(places):
        pieces += [text[written:start], space]
        written = start + 1
    return "".join((*pieces, text[written:])) if pieces else text


def french(text: str) -> str:
    """A plain text with French spaces: « 1 000 habitants / km² : oui ! »."""
    return _with(text, ((start, space) for start, space, _figures in _places(text)))


def french_html(page: str) -> str:
    """A page whose texts have French spaces.

    Tags and their attributes, code, forms' texts, scripts, drawings are left as they are; so are numbers that are a whole
    cell of a table, which are data. Only the places that need it are looked at.
    """
    aside = [match.span() for match in _ASIDE.finditer(page)]
    starts = [start for start, _end in aside]
    places = []
    for start, space, is_between_figures in _places(page):
        opened = page.rfind("<", 0, start)
        if page.find(">", max(opened, 0), start) < 0 <= opened:
            continue  # inside a tag
        rank = bisect_right(starts, start) - 1
        if rank >= 0 and start < aside[rank][1]:
            continue
        if is_between_figures and page.startswith(_CELL, opened):
            continue
        places.append((start, space))
    return _with(page, places)


def is_set(language: str) -> bool:
    """Whether texts of that language are given the spaces that are set here: those of the language screens are written in."""
    return primary(language) == SOURCE


def spaced(text: str, language: str) -> str:
    """A plain text with the spaces of its language."""
    return french(text) if is_set(language) else text
