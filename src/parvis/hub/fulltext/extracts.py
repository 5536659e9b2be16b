"""What is shown of documents that were found: the passages and the sentences that have what was looked for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from parvis.hub.fulltext.analysis import LONGEST_WORD, normal
from parvis.hub.fulltext.matching import Hit, ReadText
from parvis.hub.fulltext.questions import Atom, Question
from parvis.hub.fulltext.rules import Extract, Part, Sentence

PASSAGE: Final = 260
"""Characters of an extract, about."""
MOST_READ: Final = 600_000
"""Characters of a document in which extracts are looked for: three hundred full pages."""
LONGEST_SENTENCE: Final = 700
MOST_SENTENCES: Final = 50

_END: Final = re.compile(
    # A sign that ends a sentence, not that of « M. » nor « L. 2121 »; a blank line; a line that begins a list.
    r"(?<![\s.(][A-Za-zÀ-Ý])(?<!\bMme)(?<!\bart)(?<!\bArt)(?<!\bal)[.!?…][»”\"]?\s+(?=[A-ZÀ-Ý«“\"0-9-])"
    r"|;\s*\n|\n\s*\n\s*|\n\s*(?=[-•–—*]\s)"
)
_CUT: Final = re.compile(r"[\u00ad\ufffe\x02]\r?\n?")
"""What cuts a word at the end of a line."""
_UNSEEN: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ue000-\uf8ff]+")
"""Spaces, and signs that only their font knows: bullets, text of broken files."""


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages of a document as one text, as the index has them: what is looked for may begin on one and end on the next."""

    text: str
    starts: Sequence[int]

    @classmethod
    def of(cls, pages: Sequence[str]) -> _Pages:
        texts = [normal(page) for page in pages]
        starts = [0, *accumulate(len(text) + 1 for text in texts)]
        return cls("\n".join(texts)[:MOST_READ], starts)

    def page(self, place: int) -> int:
        """The rank of the page of a place, from 0."""
        return min(bisect_right(self.starts, place), max(len(self.starts) - 1, 1)) - 1

    def bounds(self, rank: int) -> tuple[int, int]:
        """Where a page begins and ends."""
        return self.starts[rank], min(self.starts[rank + 1] - 1, len(self.text))


def extracts(question: Question, pages: Sequence[str], most: int = 3) -> list[Extract]:
    """The passages of some pages that have most of what was looked for, in the order of the text."""
    document = _Pages.of(pages)
    read, atoms = ReadText(document.text), _anywhere(question)
    spans = [_Span(read, hit) for hit in read.hits(atoms)]
    best: list[_Passage] = []
    for passage in sorted(_passages(document, spans), key=lambda passage: passage.rank):
        if all(passage.end <= other.start or passage.start >= other.end for other in best):
            best.append(passage)
        if len(best) == most:
            break
    return [passage.shown(document) for passage in sorted(best, key=lambda passage: passage.start)]


def matching_sentences(question: Question, pages: Sequence[str], most: int = MOST_SENTENCES) -> list[Sentence]:
    """The sentences that have something of what was looked for, those that have most of it first."""
    document = _Pages.of(pages)
    read, atoms = ReadText(document.text), _anywhere(question)
    spans = [_Span(read, hit) for hit in read.hits(atoms)]
    starts = [span.start for span in spans]
    rows: list[tuple[int, Sentence]] = []
    for start, end in _sentences(document):
        inside = spans[bisect_left(starts, start) : bisect_left(starts, end)]
        if not inside:
            continue
        rank = document.page(start)
        first = document.bounds(rank)[0]
        parts = _parts(document.text, start, end, (mark for span in inside for mark in span.marks))
        rows.append((len({span.atom for span in inside}), Sentence(rank + 1, start - first, end - first, parts)))
    rows.sort(key=lambda row: -row[0])
    return [sentence for _atoms, sentence in rows[:most]]


def marked(question: Question, text: str, field: str) -> tuple[Part, ...]:
    """A short text of a document, with what was looked for in it, or anywhere."""
    read = ReadText(normal(text))
    atoms = [atom for atom in question.wanted_atoms() if atom.field in ("", field)]
    marks = [mark for hit in read.hits(atoms) for mark in _Span(read, hit).marks]
    return _parts(read.text, 0, len(read.text), marks)


def _anywhere(question: Question) -> list[Atom]:
    return [atom for atom in question.wanted_atoms() if not atom.field]


class _Span:
    """Where a hit is in a text."""

    __slots__ = ("atom", "end", "marks", "start")

    def __init__(self, read: ReadText, hit: Hit) -> None:
        spans = [read.spans[place] for place in hit.places]
        self.atom = hit.atom
        self.start, self.end = spans[0][0], spans[-1][1]
        self.marks = [(self.start, self.end)] if hit.is_whole else spans


@dataclass(frozen=True, slots=True)
class _Passage:
    """Some text around hits, on one page."""

    start: int
    end: int
    page: int
    atoms: int
    marks: tuple[tuple[int, int], ...]

    @property
    def rank(self) -> tuple[int, int, int]:
        """The one that has most of what was looked for first."""
        return -self.atoms, -len(self.marks), self.start

    def shown(self, document: _Pages) -> Extract:
        """The passage as readers see it."""
        first, last = document.bounds(self.page)
        parts = _parts(document.text, self.start, self.end, self.marks)
        return Extract(self.page + 1, parts, begins=self.start <= first, ends=self.end >= last)


def _passages(document: _Pages, spans: Sequence[_Span]) -> Iterator[_Passage]:
    """For each hit, the passage that begins a little before it."""
    for position, span in enumerate(spans):
        page = document.page(span.start)
        first, last = document.bounds(page)
        start = _to_a_word(document.text, max(span.start - PASSAGE // 4, first), first)
        # What begins on a page and ends on the next is shown to its end.
        end = max(_to_a_word(document.text, min(start + PASSAGE, last), start), min(span.end, len(document.text)))
        inside = []
        for other in spans[position:]:
            if other.start >= end:
                break
            if other.end <= end:
                inside.append(other)
        marks = tuple(mark for other in inside for mark in other.marks)
        yield _Passage(start, end, page, len({other.atom for other in inside}), marks)


def _to_a_word(text: str, place: int, least: int) -> int:
    """The beginning of the word at a place, not before ``least``; the place itself in the midst of a very long one."""
    if place >= len(text) or place <= least:
        return max(min(place, len(text)), least)
    before = place
    while before > least and place - before < LONGEST_WORD and not text[before - 1].isspace():
        before -= 1
    return before if before == least or text[before - 1].isspace() else place


def _sentences(document: _Pages) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end; one that has no end is cut."""
    start = 0
    ends = [match.end() for match in _END.finditer(document.text)]
    for end in [*ends, len(document.text)]:
        while end - start > LONGEST_SENTENCE:
            cut = _to_a_word(document.text, start + LONGEST_SENTENCE, start)
            yield start, cut
            start = cut
        if end > start:
            yield start, end
        start = end


def _parts(text: str, start: int, end: int, marks: Iterable[tuple[int, int]]) -> tuple[Part, ...]:
    """The text from start to end on one line, cut where it is marked; marks that overlap or touch are one."""
    parts: list[Part] = []
    place = start
    for first, last in _merged(marks, start, end, text):
        parts += [(_seen(text[place:first]), False), (_seen(text[first:last]), True)]
        place = last
    parts.append((_seen(text[place:end]), False))
    return tuple(part for part in parts if part[0])


def _seen(text: str) -> str:
    return _UNSEEN.sub(" ", _CUT.sub("", text))


def _merged(marks: Iterable[tuple[int, int]], start: int, end: int, text: str) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted({(max(first, start), min(last, end)) for first, last in marks}):
        if first >= last:
            continue
        if merged and (first <= merged[-1][1] or text[merged[-1][1] : first].isspace()):
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return merged
