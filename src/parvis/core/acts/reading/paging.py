"""A text without pages of its own, cut into pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from parvis.core.acts.model import Method, Page
from parvis.core.acts.reading.errors import ActTooLong
from parvis.core.acts.reading.letters import MOST_LETTERS as LONGEST_LINE
from parvis.core.acts.reading.letters import tidy

PAGE_LETTERS: Final = 3_000
"""Of a page where the text says none."""
LONGEST_PAGE: Final = 8_000
"""Letters that may be on one page of paper."""
MOST_PAGES: Final = 1_000
"""Of one file."""
MOST_LETTERS: Final = 3_000_000
"""Of a text without pages: as many as are set when it is published."""


def bounded_pages_of(text: str, name: str) -> tuple[Page, ...]:
    """``pages_of`` a text that ``name`` holds; ActTooLong rather than an act whose end nobody reads."""
    if len(text) > MOST_LETTERS or max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        raise ActTooLong(file=name, most=MOST_PAGES)
    pages = pages_of(text)
    if len(pages) > MOST_PAGES:
        raise ActTooLong(file=name, most=MOST_PAGES)
    return pages


def pages_of(text: str) -> tuple[Page, ...]:
    """Pages of ``text``: one ends at each form feed, and else at the first line's end after some 3,000 letters."""
    wholes = text.split("\f")
    longest = LONGEST_PAGE if len(wholes) > 1 else PAGE_LETTERS
    parts = [tidy(part) for whole in wholes for part in _parts(whole, longest)]
    while parts and not parts[-1]:
        parts.pop()
    return tuple(
        Page(number, part, Method.TEXT if part else Method.EMPTY) for number, part in enumerate(parts, start=1)
    )


def _parts(text: str, longest: int) -> Iterator[str]:
    """``text`` as it is when it is no longer than a page, else in pages."""
    lines: list[str] = []
    size = 0
    left = len(text)
    for line in text.splitlines(keepends=True):
        lines.append(line)
        size += len(line)
        left -= len(line)
        if size >= PAGE_LETTERS and size + left > longest:
            yield "".join(lines)
            lines, size = [], 0
    if lines or not text:
        yield "".join(lines)
