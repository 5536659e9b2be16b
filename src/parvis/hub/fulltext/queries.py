"""From what is looked for, rights and filters to what an index is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import tantivy

from parvis.hub.fulltext.analysis import code_of
from parvis.hub.fulltext.questions import Atom, Clause, Either, Near, Phrase, Question, Word
from parvis.hub.fulltext.rules import EVERYWHERE, TITLE, Range
from parvis.hub.fulltext.schema import (
    EXACT,
    KEY,
    SEEN_BY,
    SHOWN_ON,
    facet_field,
    number_field,
    stems_field,
    words_field,
)
from parvis.hub.search.index import Shelf
from parvis.hub.sites.lens import Lens

type Part = tuple[tantivy.Occur, tantivy.Query]
MUST, MUST_NOT, SHOULD = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should

RESERVED_SCORE: Final = 3.0
"""What a word is worth in a document that is not open: how rare it is would tell whether hidden documents have it."""
IN_TITLE: Final = 3.0
"""What a word in a title adds, to the same elsewhere."""
EXACTLY: Final = 100.0
"""What it is worth to be called just as was typed."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Among which documents to look: who looks, on which site, with what filters."""

    marks: frozenset[str] | None = None
    """None for who may find everything."""
    lens: Lens | None = None
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    within: Collection[int] | None = None
    excluded: Collection[int] = ()
    """Keys of what is not shown, whatever the index holds of it."""

    def parts(self, shelf: Shelf, *, but: str = "") -> list[Part]:
        """The same for the index, the filter of the facet ``but`` left aside; they count for nothing in the order."""
        schema = shelf.schema
        required = []
        if self.marks is not None and not shelf.is_open:
            required.append(tantivy.Query.term_set_query(schema, SEEN_BY, sorted(self.marks)))
        if self.lens is not None:
            required.append(tantivy.Query.term_set_query(schema, SHOWN_ON, [EVERYWHERE, self.lens.key]))
        for name, values in self.filters.items():
            if name != but:
                required.append(_one_of(schema, facet_field(name), values))
        for name, (least, most) in self.ranges.items():
            if least is not None or most is not None:
                number = number_field(name)
                required.append(tantivy.Query.range_query(schema, number, tantivy.FieldType.Integer, least, most))
        if self.within is not None:
            required.append(tantivy.Query.term_set_query(schema, KEY, sorted(self.within)))
        parts = [(MUST, _uncounted(query)) for query in required]
        if self.excluded:
            parts.append((MUST_NOT, tantivy.Query.term_set_query(schema, KEY, sorted(self.excluded))))
        return parts


def _one_of(schema: tantivy.Schema, name: str, values: Sequence[str]) -> tantivy.Query:
    if len(values) == 1:
        return tantivy.Query.term_query(schema, name, values[0], "basic")
    return tantivy.Query.term_set_query(schema, name, list(values))


def query_of(question: Question, scope: Scope, shelf: Shelf, *, but: str = "") -> tantivy.Query:
    """The question put to a shelf."""
    parts = [(MUST, _clause(clause, shelf)) for clause in question.required]
    parts += [(MUST_NOT, _atom(atom, shelf)) for atom in question.excluded]
    parts += scope.parts(shelf, but=but)
    if all(occurrence == MUST_NOT for occurrence, _query in parts):
        parts.append((MUST, tantivy.Query.all_query()))
    return tantivy.Query.boolean_query(parts)


def ranked_query_of(question: Question, scope: Scope, shelf: Shelf) -> tantivy.Query:
    """The same, which also says what comes first: words in titles, and the document called just as was typed."""
    parts = [(MUST, query_of(question, scope, shelf))]
    for atom in question.wanted_atoms():
        if isinstance(atom, Word) and not atom.field:
            in_title = _atom(Word(atom.text, atom.stems, TITLE), shelf)
            parts.append((SHOULD, tantivy.Query.boost_query(in_title, IN_TITLE)))
    if code := code_of(question.text):
        parts.append((SHOULD, _worth(tantivy.Query.term_query(shelf.schema, EXACT, code, "basic"), EXACTLY)))
    return tantivy.Query.boolean_query(parts)


def _clause(clause: Clause, shelf: Shelf) -> tantivy.Query:
    if isinstance(clause, Either):
        return tantivy.Query.boolean_query([(SHOULD, _atom(atom, shelf)) for atom in clause.options])
    return _atom(clause, shelf)


def _atom(atom: Atom, shelf: Shelf) -> tantivy.Query:
    schema = shelf.schema
    match atom:
        case Word(_text, stems, name):
            query = _following(schema, stems_field(name), stems)
        case Phrase(_text, words, name):
            query = _following(schema, words_field(name), words)
        case Near(_text, left, right, distance, name):
            # Of two words that follow each other, the second may be moved by so many places, either way.
            orders = ([left, right], [right, left])
            near = [tantivy.Query.phrase_query(schema, stems_field(name), order, slop=distance - 1) for order in orders]
            query = tantivy.Query.boolean_query([(SHOULD, part) for part in near])
    return query if shelf.is_open else _worth(query, RESERVED_SCORE)


def _following(schema: tantivy.Schema, name: str, words: Sequence[str]) -> tantivy.Query:
    if len(words) == 1:
        return tantivy.Query.term_query(schema, name, words[0])
    return tantivy.Query.phrase_query(schema, name, list(words))


def _worth(query: tantivy.Query, score: float) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, score)


def _uncounted(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)
