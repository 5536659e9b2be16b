"""Documents on the same subject: those that share the words which tell one from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log
from typing import Final

import tantivy

from parvis.hub.fulltext.analysis import forms_and_stems
from parvis.hub.fulltext.queries import MUST, MUST_NOT, SHOULD, Scope
from parvis.hub.fulltext.schema import KEY, stems_field
from parvis.hub.search.index import Shelf

MOST_TERMS: Final = 20
MOST_READ: Final = 100_000
"""Characters of a document whose words are weighed."""
SHORTEST: Final = 4
"""Letters of a stem that tells something; figures tell nothing."""
FREQUENT: Final = 0.1
"""Share of documents that have a word which tells none from the others."""


def likeness_query(
    shelf: Shelf, scope: Scope, key: int, pages: Sequence[str], open_shelf: Shelf
) -> tantivy.Query | None:
    """What looks for documents like one in a shelf; how rare words are is told by open documents alone. None without such words."""
    _forms, stems = forms_and_stems("\n".join(pages)[:MOST_READ])
    counts = Counter(stem for stem in stems.split() if len(stem) >= SHORTEST and not stem.isdigit())
    searcher = open_shelf.searcher()
    documents = max(int(searcher.num_docs), 1)
    weights = {}
    for stem, count in counts.items():
        having = searcher.doc_freq(stems_field(), stem)
        if 1 < having <= max(FREQUENT * documents, 5):
            weights[stem] = (1 + log(count)) * log(1 + documents / having)
    if not weights:
        return None
    best = sorted(weights, key=lambda stem: (-weights[stem], stem))[:MOST_TERMS]
    schema = shelf.schema
    parts = [(SHOULD, _weighed(schema, stem, weights[stem])) for stem in best]
    itself = tantivy.Query.term_query(schema, KEY, key)
    return tantivy.Query.boolean_query(
        [(MUST, tantivy.Query.boolean_query(parts)), (MUST_NOT, itself), *scope.parts(shelf)]
    )


def _weighed(schema: tantivy.Schema, stem: str, weight: float) -> tantivy.Query:
    """A constant for each word: what a long document says ten times is not ten times its subject."""
    return tantivy.Query.const_score_query(tantivy.Query.term_query(schema, stems_field(), stem), weight)
