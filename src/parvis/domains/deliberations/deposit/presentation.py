"""A page of text as the screen shows it: what rules read in it is marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parvis.core.acts.model import Page, Passage


@dataclass(frozen=True, slots=True)
class Part:
    """Some letters of a page, marked when a rule read something there, or when recognition doubts them."""

    text: str
    is_read: bool = False
    is_doubtful: bool = False


def page_parts(page: Page, passages: Iterable[Passage]) -> Sequence[Part]:
    """The text of a page cut where marks begin and end; put together again, the parts are the text."""
    read = [(row.start, row.end) for row in passages if row.page == page.number]
    doubtful = [(word.start, word.end) for word in page.doubtful]
    cuts = sorted({0, len(page.text), *(cut for span in (*read, *doubtful) for cut in span)})
    return [
        Part(page.text[start:end], _is_in(read, start, end), _is_in(doubtful, start, end))
        for start, end in pairwise(cuts)
        if start < end
    ]


def _is_in(spans: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return any(begin <= start and end <= finish for begin, finish in spans)
