"""One search over all that the house holds: the best of each kind, and the values that lead to rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import tantivy

from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.languages import here
from parvis.hub.catalogue.rules import may_see
from parvis.hub.catalogue.selectors import announced_among
from parvis.hub.registry import way_of
from parvis.hub.search import index
from parvis.hub.search.analysis import stems
from parvis.hub.search.index import look_in
from parvis.hub.search.queries import MOST_WORDS, MUST, SHOULD, Scope
from parvis.hub.search.rules import DATASET, Hit, SearchGroup, SearchKind, Sort, in_order, marks_of
from parvis.hub.search.search_kinds import search_kinds
from parvis.hub.search.selectors import Question, ask, not_shown
from parvis.hub.search.territories import TERRITORY, territories_called
from parvis.hub.search.values import ValueHit, value_hits
from parvis.hub.sites.lens import current_lens

MOST = 5
"""Results of each kind."""
LOOKED_AT = 10
"""Times as many documents as are shown: those that the reader may not see are among them."""
LOOKED_AT_HERE = 100
"""The same on the site of a commune: most of them may be elsewhere."""
VALUES_LOOKED_AT = 10
"""Datasets whose values are looked at."""
SUGGESTED = 8
"""Suggestions while somebody types."""
_RELEVANCE = Sort("", "")


def search_everything(
    actor: Actor, words: str, most: int = MOST, *, but: str = "", typing: bool = False, some_words: bool = True
) -> list[SearchGroup]:
    """The best of each kind (``but`` one), for the actor, on the site that answers; a kind that has none is left out.

    What holds every word, when anything does; else, with ``some_words``, what holds some of them. While somebody is ``typing``, the
    last word may be the beginning of a name.
    """
    if not words.strip():
        return []
    questions = {kind: _question(actor, kind, words) for kind in search_kinds() if kind.name != but}
    for every_word in (True, False) if some_words else (True,):
        groups = [
            _group(actor, kind, question, words, most, typing=typing)
            for kind, question in questions.items()
            if (question is None or question.every_word) is every_word
        ]
        if groups := [group for group in groups if group.hits]:
            return groups
    return []


def _question(actor: Actor, kind: SearchKind, words: str) -> Question | None:
    """What the index is asked of a kind; None for territories, which are known by their names."""
    if kind.name == TERRITORY:
        return None
    scope = Scope(kind.name, marks_of(actor), current_lens() if kind.name == DATASET else None)
    return ask(words, [(shelf, scope) for shelf in index.opened()])


def _group(
    actor: Actor, kind: SearchKind, question: Question | None, words: str, most: int, *, typing: bool
) -> SearchGroup:
    if question is None:
        keys = territories_called(words, most, typing=typing)
    else:
        looked_at = most * (LOOKED_AT_HERE if current_lens() else LOOKED_AT)
        keys = question.first(looked_at, _RELEVANCE, latest_first=True)[1]
    hits = _readable(actor, kind, keys, most)
    page = way_of(kind.page, words) if kind.page else None
    every_word = question is None or question.every_word
    return SearchGroup(kind, page, tuple(hits), every_word, is_exact=bool(hits) and _is_meant(hits[0], words))


def _readable(actor: Actor, kind: SearchKind, keys: Sequence[int], most: int) -> list[Hit]:
    """The first of these that the actor may read; rows are read a few at a time, since most of them are for everybody."""
    hits: list[Hit] = []
    start, size = 0, most
    while start < len(keys) and len(hits) < most:
        hits += kind.hits(actor, keys[start : start + size], most - len(hits))
        start, size = start + size, len(keys)
    return hits


def _is_meant(hit: Hit, words: str) -> bool:
    """Whether the words are its name or code, and it is prominent enough to be what most people mean; near by, the beginning of a
    name will do: « Évry » is Évry-Courcouronnes in Essonne."""
    folded, title = " ".join(fold(words).split()), fold(hit.title)
    if hit.is_near and title.startswith(folded) and not title[len(folded) : len(folded) + 1].isalnum():
        return True
    return hit.is_prominent and folded in {title, *map(fold, hit.names)}


def search_values(actor: Actor, words: str, most: int = MOST) -> list[ValueHit]:
    """The values of columns that the words are, or that are among them, in the datasets whose values say most about the words."""
    searched = stems(words)[:MOST_WORDS]
    if not searched:
        return []
    scope = Scope(DATASET, marks_of(actor), current_lens(), excluded=tuple(not_shown(actor)))
    hits: list[tuple[Any, int]] = []
    for shelf in index.opened():
        terms = [(SHOULD, tantivy.Query.term_query(shelf.schema, "values", stem)) for stem in searched]
        query = tantivy.Query.boolean_query([(MUST, tantivy.Query.boolean_query(terms)), *scope.clauses(shelf)])
        hits += look_in(shelf, query, VALUES_LOOKED_AT, count=False).keys
    keys = [key for _score, key in sorted(hits, reverse=True)[:VALUES_LOOKED_AT]]
    listed = announced_among(actor, keys, columns=True) if keys else []
    datasets = [here(row) for row in listed if may_see(actor, row.guarded)]
    values = [hit for dataset in in_order(datasets, keys) for hit in value_hits(dataset, words)]
    return sorted(values, key=lambda hit: not hit.is_whole)[:most]


def suggestions(actor: Actor, words: str, most: int = SUGGESTED) -> list[tuple[SearchKind, Hit]]:
    """What the words being typed may lead to, some of each kind: the commune that they begin to name, then by kind."""
    groups = search_everything(actor, words, most, typing=True)
    rounds = zip_longest(*([(group.kind, hit) for hit in group.hits] for group in groups))
    first = [pair for row in rounds for pair in row if pair is not None][:most]
    return sorted(first, key=lambda pair: (not (pair[0].name == TERRITORY and _begins(pair[1], words)), pair[0].rank))


def _begins(hit: Hit, words: str) -> bool:
    """Whether its name begins with the words, and most people or those of the site mean it."""
    return (hit.is_near or hit.is_prominent) and fold(hit.title).startswith(" ".join(fold(words).split()))
