"""From words, rights and filters to what an index is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import tantivy

from parvis.core.text import fold
from parvis.hub.search.analysis import stems, synonyms, whole_words
from parvis.hub.search.index import Shelf, look_in
from parvis.hub.search.schema import EXACT, NOBODY, TYPED, WEIGHTS, facet_field, uid
from parvis.hub.sites.lens import Lens

type Clause = tuple[tantivy.Occur, tantivy.Query]
MUST, MUST_NOT, SHOULD = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should

RESERVED_SCORE: Final = 3.0
"""What a word is worth in a document that is not open, times the weight of the text it is in: about what a usual word scores."""
BEGUN, NEAR, SYNONYM = 0.3, 0.5, 0.25
"""What the beginning of a word, its neighbour and another word for it are worth, to the word itself."""
EXACTLY: Final = 100.0
"""What it is worth to be called, or to concern what is called, just as was asked: it comes before everything else."""
MOST_WORDS: Final = 12
SHORTEST_MISTYPED: Final = 5
"""Letters of the shortest stem that is taken for a slip of the finger."""
NAMES: Final = ("title", "territories", "keywords", "organisation", "columns", "values")
"""Texts where a mistyped word is looked for: among all the words of a description, some are always like it."""
MEANINGS: Final = ("title", "keywords", "columns", "values")
"""Texts where other words for the same thing are looked for."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Among which documents of a shelf a search looks: their kind, who looks, on which site, with what filters."""

    kind: str
    marks: frozenset[str] | None = None
    """None for who may find everything."""
    lens: Lens | None = None
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Slugs by facet, any of which will do."""
    excluded: Collection[int] = ()
    """Keys of what is not shown, whatever the index holds of it."""

    def clauses(self, shelf: Shelf, *, but: str = "") -> list[Clause]:
        """The same for the index, the filters of the facet ``but`` left aside; they count for nothing in the order."""
        schema = shelf.schema
        required = [tantivy.Query.term_query(schema, "kind", self.kind)]
        if self.marks is not None and not shelf.is_open:
            required.append(tantivy.Query.term_set_query(schema, "seen_by", sorted(self.marks)))
        for name, slugs in self.filters.items():
            if name != but:
                required.append(tantivy.Query.term_set_query(schema, facet_field(name), list(slugs)))
        clauses = [(MUST, _uncounted(query)) for query in required]
        if self.lens is not None:
            clauses += self._through(self.lens, schema)
        if self.excluded:
            names = [uid(self.kind, key) for key in self.excluded]
            clauses.append((MUST_NOT, tantivy.Query.term_set_query(schema, "uid", names)))
        return clauses

    @staticmethod
    def _through(lens: Lens, schema: tantivy.Schema) -> list[Clause]:
        """What the site of a commune lists: the form that an index has of ``catalogue.selectors``."""
        publishers = tantivy.Query.term_set_query(schema, "published_by", [NOBODY, lens.key])
        own = tantivy.Query.term_query(schema, "published_by", lens.key)
        absent = tantivy.Query.term_query(schema, "absent_from", lens.key)
        about = tantivy.Query.term_set_query(schema, "about", [NOBODY, *lens.holders])
        concerned = tantivy.Query.boolean_query([(MUST, about), (MUST_NOT, absent)])
        listed = tantivy.Query.boolean_query([(SHOULD, own), (SHOULD, concerned)])
        return [(MUST, _uncounted(publishers)), (MUST, _uncounted(listed))]


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed: the stems of its words, those that some document has as they are, and the last word as it stands."""

    text: str
    stems: tuple[str, ...]
    held: frozenset[str]
    last: str

    @classmethod
    def read(cls, text: str, places: Iterable[tuple[Shelf, Scope]]) -> Words:
        """The words of a text; which of them are held is told by what the reader may find alone."""
        places = list(places)
        words = tuple(stems(text)[:MOST_WORDS])
        present = frozenset(word for word in words if any(_holds(shelf, scope, word) for shelf, scope in places))
        return cls(text, words, present, next(reversed(whole_words(text)), ""))

    def clauses(self, shelf: Shelf, occurrence: tantivy.Occur) -> list[Clause]:
        """Every word (``Must``) or some of them (``Should``), and what is called just so first."""
        schema = shelf.schema
        parts = [(occurrence, self._word(shelf, word)) for word in self.stems]
        words = tantivy.Query.boolean_query(parts) if parts else tantivy.Query.empty_query()
        exact = tantivy.Query.term_query(schema, EXACT, " ".join(fold(self.text).split()))
        exact = tantivy.Query.boost_query(tantivy.Query.const_score_query(exact, 1.0), EXACTLY)
        return [(MUST, tantivy.Query.boolean_query([(SHOULD, words), (SHOULD, exact)]))]

    def _word(self, shelf: Shelf, word: str) -> tantivy.Query:
        """The word in any text, or another word for it; its beginnings when it is being typed; its neighbours when nothing has it."""
        schema, queries = shelf.schema, []
        for name, weight in WEIGHTS.items():
            exact = tantivy.Query.term_query(schema, name, word)
            if not shelf.is_open:
                # How rare a word is would tell whether hidden documents have it.
                exact = tantivy.Query.const_score_query(exact, RESERVED_SCORE)
            queries.append(tantivy.Query.boost_query(exact, weight))
            if name in NAMES and self._may_be_mistyped(word):
                near = tantivy.Query.fuzzy_term_query(schema, name, word, distance=1 if len(word) < 8 else 2)
                queries.append(_worth(near, NEAR * weight))
        if word == self.stems[-1] and len(self.last) >= 3:
            begun = tantivy.Query.fuzzy_term_query(schema, TYPED, self.last, distance=0, prefix=True)
            queries.append(_worth(begun, BEGUN * WEIGHTS["keywords"]))
        queries += [_worth(_meaning(schema, other), SYNONYM) for other in synonyms(word)]
        return tantivy.Query.disjunction_max_query(queries, tie_breaker=0.3)

    def _may_be_mistyped(self, word: str) -> bool:
        """Whether nothing has the word, and it is neither too short to be told from others nor known to be right."""
        return word not in self.held and len(word) >= SHORTEST_MISTYPED and not synonyms(word)


def holds_all(shelf: Shelf, text: str) -> bool:
    """Whether each word is in some document of the shelf, of whatever kind: the words are right."""
    return all(_holds(shelf, None, word) for word in stems(text)[:MOST_WORDS])


def _holds(shelf: Shelf, scope: Scope | None, word: str) -> bool:
    """Whether a document that the reader may find has that very word."""
    exact = [(SHOULD, tantivy.Query.term_query(shelf.schema, name, word)) for name in WEIGHTS]
    clauses = scope.clauses(shelf) if scope else []
    query = tantivy.Query.boolean_query([(MUST, tantivy.Query.boolean_query(exact)), *clauses])
    return look_in(shelf, query, 1, count=False).total > 0


def _meaning(schema: tantivy.Schema, stems_of_meaning: Sequence[str]) -> tantivy.Query:
    """A word, or words that follow each other, in what tells a document best."""
    words = list(stems_of_meaning)
    if len(words) == 1:
        fields = [tantivy.Query.term_query(schema, name, words[0]) for name in MEANINGS]
    else:
        fields = [tantivy.Query.phrase_query(schema, name, words, slop=2) for name in MEANINGS]
    return tantivy.Query.disjunction_max_query(fields)


def _worth(query: tantivy.Query, score: float) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, score)


def _uncounted(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boost_query(tantivy.Query.const_score_query(query, 1.0), 0.0)
