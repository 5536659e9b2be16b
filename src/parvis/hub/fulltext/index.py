"""The indexes of libraries as those who read them see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, Final

import tantivy

from parvis.hub.fulltext.analysis import register
from parvis.hub.fulltext.rules import DocumentFacet, DocumentSort, TextLibrary
from parvis.hub.fulltext.schema import KEY, facet_field, folder_of, number_field
from parvis.hub.search import folder
from parvis.hub.search.index import Shelf

TURNS: Final = 3
"""Times that an index which goes away is looked for again."""

_lock = Lock()
_latest: dict[str, tuple[Path, tuple[Shelf, ...]]] = {}


def opened(library: TextLibrary) -> Sequence[Shelf] | None:
    """The shelves of its index, the open one first; None when none was made yet."""
    for _turn in range(TURNS):
        with suppress(ValueError):  # tantivy's only error: another index took its place since it was named
            return _opened(library)
    return _opened(library)


def _opened(library: TextLibrary) -> Sequence[Shelf] | None:
    path = folder_of(library).current()
    if path is None:
        return None
    with _lock:
        if library.name not in _latest or _latest[library.name][0] != path:
            shelves = tuple(Shelf(path / name, name == folder.OPEN, register) for name in folder.SHELVES)
            _latest[library.name] = path, shelves
        return _latest[library.name][1]


type Row = tuple[Any, int]
"""What a document is ordered by, and its key."""


def first(
    shelf: Shelf, query: tantivy.Query, most: int, sort: DocumentSort, *, start: int = 0
) -> tuple[int, list[Row]]:
    """How many documents of a shelf answer, and the first of them in order, but for those before ``start``."""
    searcher = shelf.searcher()
    order = tantivy.Order.Desc if sort.descending else tantivy.Order.Asc
    by = {"order_by_field": number_field(sort.field), "order": order} if sort.field else {}
    results = searcher.search(query, limit=max(most, 1), **by)
    hits = results.hits[start:most]
    keys = searcher.fast_field_values(KEY, [address for _value, address in hits])
    return int(results.count or 0), [(value, int(key or 0)) for (value, _address), key in zip(hits, keys, strict=True)]


def count_values(
    shelf: Shelf, query: tantivy.Query, facets: Iterable[DocumentFacet]
) -> tuple[dict[str, Counter[str]], set[str]]:
    """How many of the documents that answer have each value of these facets; and the facets that have so many values that a count
    may be a little lower than it is."""
    terms = {
        facet.name: {"terms": {"field": facet_field(facet.name), "size": facet.most, "segment_size": facet.counted}}
        for facet in facets
    }
    if not terms:
        return {}, set()
    counted = shelf.searcher().aggregate(query, terms)
    counts = {name: Counter({row["key"]: row["doc_count"] for row in counted[name]["buckets"]}) for name in terms}
    return counts, {name for name in terms if counted[name].get("doc_count_error_upper_bound")}
