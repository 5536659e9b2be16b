"""What was probably meant by words that no document has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import OSA

from parvis.hub.fulltext.analysis import tokens
from parvis.hub.fulltext.questions import Question, Word
from parvis.hub.fulltext.schema import stems_field, words_field
from parvis.hub.search.index import Shelf

SHORTEST: Final = 4
MOST_TERMS: Final = 50_000
"""Words of the index that begin alike and are compared."""
PREFIXES: Final = (3, 2, 1)
"""Letters in common: first many, for there are fewer words to compare."""


def likest(shelves: Sequence[Shelf], question: Question) -> str:
    """The text, each word that nothing has replaced by the one of open documents that is most like it, of the likest the most
    usual; empty when every word is right or when one has nothing like it."""
    shelf = next((shelf for shelf in shelves if shelf.is_open), None)
    if shelf is None:
        return ""
    text, changed = question.text, False
    for atom in question.wanted_atoms():
        for token in tokens(atom.text) if isinstance(atom, Word) else ():
            if len(token.form) < SHORTEST or not token.stem or shelf.searcher().doc_freq(stems_field(), token.stem):
                continue
            other = _likest_word(shelf, token.form)
            if not other:
                return ""
            text, changed = text.replace(atom.text[token.start : token.end], other, 1), True
    return text if changed else ""


def _likest_word(shelf: Shelf, word: str) -> str:
    most = 1 if len(word) < 8 else 2
    for letters in PREFIXES:
        terms = shelf.searcher().terms_with_prefix(words_field(), word[:letters], limit=MOST_TERMS)
        near = [
            (distance, -having, term)
            for term, having in terms
            if abs(len(term) - len(word)) <= most and (distance := OSA.distance(word, term, score_cutoff=most)) <= most
        ]
        if near:
            return min(near)[2]
    return ""
