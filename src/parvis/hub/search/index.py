"""The index as those who read it see it: any number of processes, each with what was last committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final

import tantivy

from parvis.hub.search import folder, writing
from parvis.hub.search.schema import facet_field, register_analysers

MOST_VALUES: Final = 2_000
"""Values of a facet that are counted."""
TURNS: Final = 3
"""Times that an index which goes away is looked for again."""


@dataclass(slots=True)
class Shelf:
    """The documents that everybody may find (``is_open``), or the others."""

    path: Path
    is_open: bool
    prepare: Callable[[tantivy.Index], tantivy.Index] = register_analysers
    """Gives the index its analysers, which are not written with it."""
    _index: tantivy.Index = field(init=False)
    _committed: int = field(init=False, default=0)
    _lock: Lock = field(init=False, default_factory=Lock)

    def __post_init__(self) -> None:
        self._committed = self._stamp()
        self._index = self.prepare(tantivy.Index.open(str(self.path)))

    @property
    def schema(self) -> tantivy.Schema:
        """Its fields."""
        return self._index.schema

    def searcher(self) -> tantivy.Searcher:
        """What was committed last."""
        stamp = self._stamp()
        if stamp != self._committed:
            with self._lock:
                self._index.reload()
                self._committed = stamp
        return self._index.searcher()

    def _stamp(self) -> int:
        try:
            return (self.path / "meta.json").stat().st_mtime_ns
        except (
            FileNotFoundError
        ):  # another index has just taken its place: what is open is read to the end of this search
            return self._committed


@dataclass(frozen=True, slots=True)
class Found:
    """How many documents of a shelf answer, and the first of them: their keys, with what they are ordered by."""

    total: int
    keys: tuple[tuple[Any, int], ...]


def look_in(
    shelf: Shelf, query: tantivy.Query, most: int, *, order_by: str = "", descending: bool = False, count: bool = True
) -> Found:
    """The first ``most`` documents that answer, best first or in the order of a field.

    What they are ordered by is the value of that field; else their score and the moment of their last change, for who would
    rather have the latest of those that are as good.
    """
    searcher = shelf.searcher()
    order = {"order_by_field": order_by, "order": tantivy.Order.Desc if descending else tantivy.Order.Asc}
    results = searcher.search(query, limit=max(most, 1), count=count, **(order if order_by else {}))
    hits = results.hits[:most]
    addresses = [address for _value, address in hits]
    keys = searcher.fast_field_values("key", addresses)
    values: Sequence[Any] = [value for value, _address in hits]
    if not order_by:
        scores = [round(score, 3) for score in values]
        values = list(zip(scores, searcher.fast_field_values("modified", addresses), strict=True))
    total = results.count if count else len(hits)
    return Found(int(total or 0), tuple((value, int(key or 0)) for value, key in zip(values, keys, strict=True)))


def count_values(shelf: Shelf, query: tantivy.Query, facets: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many of the documents that answer have each value of these facets."""
    terms = {name: {"terms": {"field": facet_field(name), "size": MOST_VALUES}} for name in facets}
    if not terms:
        return {}
    counted = shelf.searcher().aggregate(query, terms)
    return {name: {row["key"]: row["doc_count"] for row in counted[name]["buckets"]} for name in terms}


_lock = Lock()
_latest: tuple[Path, tuple[Shelf, ...]] | None = None


def opened() -> Sequence[Shelf]:
    """The shelves of the index that is read now, the open one first; one that is missing is made first."""
    for _turn in range(TURNS):
        with suppress(
            ValueError
        ):  # tantivy's only error: another index took its place, and its files, since it was named
            return _opened()
    return _opened()


def _opened() -> Sequence[Shelf]:
    global _latest
    path = folder.current() or writing.make_if_missing()
    with _lock:
        if _latest is None or _latest[0] != path:
            _latest = path, tuple(Shelf(path / name, name == folder.OPEN) for name in folder.SHELVES)
        return _latest[1]
