"""A file that holds several acts one after the other, as a scanner or a transmission platform gives them: where each begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from parvis.core.acts.flat_text import GAP, FlatText, one_line, spaced
from parvis.core.acts.model import Page
from parvis.core.acts.proposals.stamps import identifiers

MOST_ACTS: Final = 300
_TOP: Final = 1_500
"""Letters of a page in which the heading of an act stands."""
_HEADING: Final = re.compile(
    rf"(?:^|\n)[ ]*(?:extrait{GAP}[^\n]{{0,60}}\n?[^\n]{{0,80}}\n{{0,3}})?[ ]*(?:{spaced('deliberation')}|{spaced('arrete')}|{spaced('decision')})"
    rf"(?:{GAP}(?:municipale?|du{GAP}(?:conseil(?:{GAP}municipal)?|maire)))?{GAP}:?{GAP}n(?:[°o*]|umero){GAP}:?{GAP}(?P<number>[a-z0-9][\w/.-]{{0,24}}\d[\w/.-]{{0,10}})"
)

_QUOTING: Final = re.compile(r"(?<![a-z])(?:l[ae]s?|une?|cette|par|sa|vu|[dl]')[ \n]*$")
"""Before a number at the beginning of a line that is another act's: « vu la / délibération n° 12 »."""


@dataclass(frozen=True, slots=True)
class BundledAct:
    """An act within a file: its number as it is printed, its first and its last page (from 1)."""

    number: str
    first: int
    last: int


def acts_within(pages: Sequence[Page]) -> list[BundledAct]:
    """The acts of a file that holds several, in their order; none when it holds one, or when nothing tells them apart.

    An act begins on the page that bears another identifier of transmission than the pages before it or, in files without any, another
    number in its heading. Pages that say nothing go on with what is before them.
    """
    by_stamp = [_stamped(page) for page in pages]
    marks = by_stamp if any(by_stamp) else [_headed(page) for page in pages]
    acts: list[BundledAct] = []
    for page, mark in zip(pages, marks, strict=True):
        if mark and (not acts or mark != acts[-1].number):
            acts.append(BundledAct(mark, page.number, page.number))
        elif acts:
            acts[-1] = BundledAct(acts[-1].number, acts[-1].first, page.number)
    if acts and acts[0].first > pages[0].number:  # a cover is of the first act
        acts[0] = BundledAct(acts[0].number, pages[0].number, acts[0].last)
    numbers = [act.number for act in acts]
    # A number that comes back is quoted, not a heading: the pages cannot be told apart.
    is_told = 1 < len(acts) <= MOST_ACTS and len(set(numbers)) == len(numbers)
    return acts if is_told else []


def _stamped(page: Page) -> str:
    """The number in the identifier of a page; empty when it bears none, or several."""
    numbers = {identifier.number for identifier in identifiers(FlatText.of([page]))}
    return numbers.pop() if len(numbers) == 1 else ""


def _headed(page: Page) -> str:
    text = FlatText.of([page])
    hits = text.find(_HEADING, 0, min(_TOP, len(text.flat)))
    hit = next((hit for hit in hits if not _QUOTING.search(text.flat, 0, hit.start())), None)
    return one_line(text.raw[slice(*hit.span("number"))]).rstrip(".-/") if hit else ""
