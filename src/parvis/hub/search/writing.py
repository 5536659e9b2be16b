"""Writing the index: what changed, as soon as it has; or the whole, from what the house holds.

Whoever changes something leaves a row beside it (``models.Change``), in the same transaction; one process at a time writes the
documents of these rows again and then removes the rows. Killed at any instant, it leaves an index that opens, and rows that
are taken up again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import batched
from pathlib import Path
from typing import Final

import tantivy

from parvis.core.progress import Progress, no_progress
from parvis.hub.catalogue.models import Dataset, DatasetAlias
from parvis.hub.search import folder
from parvis.hub.search.models import Change
from parvis.hub.search.rules import DATASET, SearchDocument
from parvis.hub.search.schema import as_fields, make_schema, register_analysers, uid
from parvis.hub.search.search_kinds import search_kinds
from parvis.hub.search.shelf_writer import ShelfWriter

logger = logging.getLogger("parvis.search")

AT_ONCE: Final = 2_000
"""Changes that are written by one commit."""
PATIENCE: Final = 120.0
"""Seconds that a reader waits for an index that another makes."""


def mark(kind: str, keys: Iterable[int] | None = None) -> None:
    """Have the documents of these rows (None: of all rows of the kind) written again; within the caller's transaction."""
    changes = [Change(kind=kind, key=key) for key in keys] if keys is not None else [Change(kind=kind)]
    Change.objects.bulk_create(changes, batch_size=500)


def write_changes() -> int:
    """Write what has changed, if nobody else is writing; how many changes were."""
    if not Change.objects.exists():
        return 0
    written = 0
    try:
        with folder.HOUSE.alone(0.0):
            path = folder.current() or _make(no_progress)
            while changes := list(Change.objects.order_by("pk")[:AT_ONCE]):
                try:
                    _write(path, changes)
                except ValueError:  # tantivy's only error
                    logger.exception("The index cannot be written to; it is made again.")
                    path = _make(no_progress)
                Change.objects.filter(pk__in=[change.pk for change in changes]).delete()
                written += len(changes)
    except TimeoutError:
        logger.debug("The index is being written by another process.")
    return written


def rebuild(progress: Progress = no_progress) -> int:
    """Make the whole index again, from what the house holds now; how many documents it has."""
    with folder.HOUSE.alone(PATIENCE):
        return count_documents(_make(progress))


def make_if_missing() -> Path:
    """The index that is read; made first when there is none that can be."""
    with folder.HOUSE.alone(PATIENCE):
        return folder.current() or _make(no_progress)


def count_documents(path: Path) -> int:
    """How many documents an index has."""
    return sum(int(tantivy.Index.open(str(path / name)).searcher().num_docs) for name in folder.SHELVES)


def datasets_held() -> int | None:
    """How many datasets the index has; None when there is none, or when some changes are still to be written."""
    path = folder.current()
    if path is None or Change.objects.exists():
        return None
    total = 0
    for name in folder.SHELVES:
        index = tantivy.Index.open(str(path / name))
        total += index.searcher().search(tantivy.Query.term_query(index.schema, "kind", DATASET), limit=1).count or 0
    return total


def _make(progress: Progress) -> Path:
    # What is marked from here on is read again after; what can be seen to be marked is read now. A number tells nothing: one may be
    # smaller than others and yet be seen later, its transaction being longer.
    marked = list(Change.objects.values_list("pk", flat=True))
    with folder.HOUSE.new() as path:
        shelves = _shelves(path)
        for kind in search_kinds():
            for rank, document in enumerate(kind.documents(None)):
                progress(str(kind.label), rank)
                shelves[folder.OPEN if document.is_open else folder.RESERVED].add(as_fields(document))
        for shelf in shelves.values():
            shelf.commit()
    for keys in batched(marked, AT_ONCE, strict=False):
        Change.objects.filter(pk__in=keys).delete()
    made = folder.current()
    assert made is not None
    return made


def _write(path: Path, changes: Collection[Change]) -> None:
    shelves = _shelves(path)
    documents: list[SearchDocument] = []
    kinds = {kind.name: kind for kind in search_kinds()}
    keys_by_kind = _keys_by_kind(changes, shelves.values())
    for name, keys in keys_by_kind.items():
        if name in kinds:  # a subject that was taken away has no documents any more
            documents += kinds[name].documents(keys)
    replace(shelves, keys_by_kind, documents)


def replace(
    shelves: Mapping[str, ShelfWriter],
    keys_by_kind: Mapping[str, Collection[int] | None],
    documents: Iterable[SearchDocument],
) -> None:
    """Put documents in the place of those of these keys (None: all those of the kind), a shelf at a time, each as a whole."""
    for shelf in shelves.values():
        for name, keys in keys_by_kind.items():
            if keys is None:
                shelf.remove("kind", name)
            for key in keys or ():
                shelf.remove("uid", uid(name, key))
    for document in documents:
        shelves[folder.OPEN if document.is_open else folder.RESERVED].add(as_fields(document))
    # What is not open to all any more is first no longer found there.
    shelves[folder.OPEN].commit()
    shelves[folder.RESERVED].commit()


def _shelves(path: Path) -> dict[str, ShelfWriter]:
    return {name: ShelfWriter(path / name, make_schema(), register_analysers) for name in folder.SHELVES}


def _keys_by_kind(changes: Iterable[Change], shelves: Iterable[ShelfWriter]) -> dict[str, set[int] | None]:
    """The keys to be written of each kind, None for all; with a dataset, what is drawn from it."""
    keys_by_kind: dict[str, set[int] | None] = {}
    for change in changes:
        keys = keys_by_kind.setdefault(change.kind, set())
        if change.key is None:
            keys_by_kind[change.kind] = None
        elif keys is not None:
            keys.add(change.key)
    if DATASET in keys_by_kind:
        changed = keys_by_kind[DATASET]
        if changed is None:  # what is drawn from any of them
            return {kind.name: None for kind in search_kinds()}
        for kind, key in _drawn_from(changed, shelves):
            keys = keys_by_kind.setdefault(kind, set())
            if keys is not None:
                keys.add(key)
    return keys_by_kind


def _drawn_from(keys: Collection[int], shelves: Iterable[ShelfWriter]) -> Iterator[tuple[str, int]]:
    """Kind and key of the documents that rest on these datasets."""
    names = list(Dataset.objects.filter(pk__in=keys).values_list("dataset_id", flat=True))
    names += DatasetAlias.objects.filter(dataset__in=keys).values_list("former_id", flat=True)
    for shelf in shelves if names else ():
        query = tantivy.Query.term_set_query(shelf.index.schema, "rests_on", names)
        searcher = shelf.index.searcher()
        for _score, address in searcher.search(query, limit=max(searcher.num_docs, 1)).hits:
            kind, _colon, key = searcher.doc(address)["uid"][0].partition(":")
            yield kind, int(key)
