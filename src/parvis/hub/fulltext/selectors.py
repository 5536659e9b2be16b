"""Looking in a library, always through somebody's eyes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Final

from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor
from parvis.hub.fulltext import extracts as passages
from parvis.hub.fulltext import grammar, index
from parvis.hub.fulltext.likeness import likest
from parvis.hub.fulltext.queries import Scope, query_of, ranked_query_of
from parvis.hub.fulltext.questions import Question
from parvis.hub.fulltext.rules import (
    MOST_RESULTS,
    RELEVANCE,
    DocumentFacet,
    DocumentSort,
    Extract,
    LibraryRequest,
    LibraryResult,
    TextLibrary,
)
from parvis.hub.fulltext.similar import likeness_query
from parvis.hub.fulltext.writing import waiting_keys
from parvis.hub.search.index import Shelf
from parvis.hub.search.rules import FacetCount, marks_of
from parvis.hub.sites.lens import current_lens

_FARTHEST: Final = 2**63 - 1
_ASKED_AT_ONCE: Final = 1_000
"""Keys of which the database is asked at once who may read them."""


def question_of(library: TextLibrary, text: str) -> Question:
    """What somebody typed, as the library understands it."""
    return grammar.read(text, library.searched_fields)


def explained(library: TextLibrary, question: Question) -> list[str]:
    """What it was understood as, in phrases for the one who typed it."""
    return grammar.described(question, library.searched_fields)


@dataclass(frozen=True, slots=True)
class _Look:
    """A question put to the shelves of a library, each with what the actor may find there."""

    shelves: Sequence[Shelf]
    question: Question
    scope: Scope

    def first(self, most: int, sort: DocumentSort, *, start: int = 0) -> tuple[int, list[int]]:
        """How many answer, and the keys of the first, in order, but for those before ``start``."""
        if len(self.shelves) == 1:
            make = query_of if sort.field else ranked_query_of
            query = make(self.question, self.scope, self.shelves[0])
            total, rows = index.first(self.shelves[0], query, most, sort, start=start)
            return total, [key for _value, key in rows]
        total, rows = 0, []
        for shelf in self.shelves:
            make = query_of if sort.field else ranked_query_of
            part, some = index.first(shelf, make(self.question, self.scope, shelf), most, sort)
            total += part
            rows += some
        # What has no number comes last, as in each shelf.
        rows.sort(key=lambda row: (row[0] is not None, row[0] or 0), reverse=sort.descending)
        if not sort.descending:
            rows.sort(key=lambda row: row[0] is None)
        return total, list(dict.fromkeys(key for _value, key in rows))[start:most]

    def counts(self, facets: Iterable[DocumentFacet], *, but: str = "") -> tuple[dict[str, Counter[str]], set[str]]:
        """How many have each value of these facets, the filter of one left aside; and the facets counted about."""
        facets = tuple(facets)
        counts: dict[str, Counter[str]] = {facet.name: Counter() for facet in facets}
        approximate: set[str] = set()
        for shelf in self.shelves:
            query = query_of(self.question, self.scope, shelf, but=but)
            some, about = index.count_values(shelf, query, facets)
            approximate |= about
            for name, values in some.items():
                counts[name].update(values)
        return counts, approximate


def search_library(actor: Actor, library: TextLibrary, request: LibraryRequest) -> LibraryResult:
    """The documents of a library that answer, those that the actor may read on the site that answers: one page of their keys, and
    the values of the facets that are asked for, each counted as if its own filter were not there."""
    question = question_of(library, request.text)
    shelves = index.opened(library)
    if shelves is None:
        return LibraryResult(question, is_ready=False)
    look = _Look(_held(shelves), question, _scope(actor, library, request))
    start, end = _bounds(request)
    total, shown = look.first(end, library.sort(request.sort, has_words=bool(question)), start=start)
    readable = set(library.readable(actor, shown)) if shown else set()
    facets, approximate = _facets(library, look, request.counted)
    return LibraryResult(
        question,
        total,
        tuple(key for key in shown if key in readable),
        facets,
        approximate,
        "" if total else _suggestion(library, look),
    )


def _bounds(request: LibraryRequest) -> tuple[int, int]:
    """The ranks of the first result of the page and of the one after its last."""
    start = max(request.page - 1, 0) * request.page_size
    return min(start, MOST_RESULTS), min(start + request.page_size, MOST_RESULTS)


def _scope(actor: Actor, library: TextLibrary, request: LibraryRequest) -> Scope:
    names = {facet.name for facet in library.counted_facets}
    numbers = {number.name for number in library.numbers}
    return Scope(
        marks_of(actor),
        current_lens(),
        {name: _encodable(values) for name, values in request.filters.items() if values and name in names},
        {
            name: (_in_reach(least), _in_reach(most))
            for name, (least, most) in request.ranges.items()
            if name in numbers
        },
        request.within,
        tuple(not_shown(actor, library)),
    )


def _encodable(values: Sequence[str]) -> tuple[str, ...]:
    """The values without what no text of a document has: JSON lets halves of signs through."""
    return tuple(value.encode("utf-8", "replace").decode() for value in values)


def _in_reach(number: int | None) -> int | None:
    """The number, or the nearest that the index can hold."""
    return None if number is None else max(-_FARTHEST, min(number, _FARTHEST))


def not_shown(actor: Actor, library: TextLibrary) -> set[int]:
    """The documents that the index may still hold as they were, and that the actor may not read now: the database tells until what
    has changed is written, within a second."""
    hidden: set[int] = set()
    for keys in batched(waiting_keys(library), _ASKED_AT_ONCE, strict=False):
        hidden |= set(keys) - set(library.readable(actor, keys))
    return hidden


def _held(shelves: Sequence[Shelf]) -> list[Shelf]:
    return [shelf for shelf in shelves if shelf.searcher().num_docs]


def _facets(
    library: TextLibrary, look: _Look, names: Collection[str]
) -> tuple[dict[str, tuple[FacetCount, ...]], frozenset[str]]:
    """The values of these facets, each as if its own filter were not there; and those that are counted about."""
    counted, chosen = [facet for facet in library.counted_facets if facet.name in names], look.scope.filters
    counts, approximate = look.counts(facet for facet in counted if facet.name not in chosen)
    for facet in counted:
        if facet.name in chosen:
            alone, about = look.counts([facet], but=facet.name)
            counts |= alone
            approximate |= about
    facets = {facet.name: _values(counts[facet.name], chosen.get(facet.name, ()), facet.most) for facet in counted}
    return facets, frozenset(approximate)


def _values(counts: Counter[str], chosen: Sequence[str], most: int) -> tuple[FacetCount, ...]:
    """Chosen values first, then the most frequent."""
    values = [value for value, _count in counts.most_common(most)]
    values += [value for value in dict.fromkeys(chosen) if value not in values]
    rows = [FacetCount(value, value, counts[value], value in chosen) for value in values]
    return tuple(sorted(rows, key=lambda row: (not row.active, -row.count, fold(row.label))))


def _suggestion(library: TextLibrary, look: _Look) -> str:
    """What was typed with the words that nothing has replaced by those of open documents that are most like them; empty unless
    something is then found."""
    text = likest(look.shelves, look.question) if look.question else ""
    if not text:
        return ""
    other = replace(look, question=question_of(library, text))
    return text if other.question != look.question and other.first(1, RELEVANCE)[0] else ""


def similar(actor: Actor, library: TextLibrary, key: int, most: int = 5) -> list[int]:
    """The documents on the same subject as one, the likest first: those that have most of the words that tell it from others.

    The document itself must be readable by the actor; nothing otherwise.
    """
    shelves = index.opened(library)
    if shelves is None or key not in set(library.readable(actor, [key])):
        return []
    pages = library.pages([key]).get(key, ())
    look = _Look(_held(shelves), Question(), _scope(actor, library, LibraryRequest()))
    rows: list[index.Row] = []
    for shelf in look.shelves:
        if (query := likeness_query(shelf, look.scope, key, pages, shelves[0])) is not None:
            rows += index.first(shelf, query, most * 2, RELEVANCE)[1]
    keys = [other for _score, other in sorted(rows, reverse=True)]
    readable = set(library.readable(actor, keys)) if keys else set()
    return [other for other in keys if other in readable][:most]


def extracts_of(
    library: TextLibrary, question: Question, keys: Collection[int], most: int = 3
) -> dict[int, list[Extract]]:
    """The best passages of some documents, which were found and may be read; nothing for those found by their title alone."""
    if not any(question.wanted_atoms()):
        return {}
    pages = library.pages(keys)
    return {key: passages.extracts(question, pages[key], most) for key in keys if key in pages}
