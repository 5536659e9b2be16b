"""Writing the indexes of libraries: what changed, as soon as it has; or the whole, from what the subject holds.

As for the index of the house (``hub.search.writing``): rows left beside what changes, one writer, which may be killed at any instant.
Readers make no index: a million documents take minutes, and are found once the worker has made it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator, Sequence
from itertools import batched
from pathlib import Path
from typing import Final

import tantivy

from parvis.core.progress import Progress, no_progress
from parvis.hub.fulltext.analysis import register
from parvis.hub.fulltext.libraries import libraries
from parvis.hub.fulltext.models import DocumentChange
from parvis.hub.fulltext.rules import TextLibrary
from parvis.hub.fulltext.schema import KEY, as_fields, folder_of, make_schema
from parvis.hub.search import folder
from parvis.hub.search.shelf_writer import HEAP, ShelfWriter

logger = logging.getLogger("parvis.fulltext")

AT_ONCE: Final = 2_000
"""Changes that are written by one commit."""
WHOLE_HEAP: Final = 100_000_000
"""Bytes gathered before they are written when a whole index is made: it is then made of few parts."""
PATIENCE: Final = 120.0


def write_changes() -> int:
    """Write what has changed in each library, if nobody else is writing; how many changes were."""
    return sum(_write_library(library) for library in libraries())


def rebuild(library: TextLibrary, progress: Progress = no_progress) -> int:
    """Make the whole index of a library again, from what the subject holds now; how many documents it has."""
    with folder_of(library).alone(PATIENCE):
        return _count(_make(library, progress))


def forget_removed(progress: Progress = no_progress) -> list[str]:
    """Make again the indexes whose files still have words of documents that were removed or written again since they were put
    together: nobody finds them, but whoever held the disk would read them. The names of the libraries."""
    left = [library for library in libraries() if (path := folder_of(library).current()) and has_removed(path)]
    for library in left:
        rebuild(library, progress)
    return [library.name for library in left]


def has_removed(path: Path) -> bool:
    """Whether the files of an index have words of documents that it has no more; tantivy notes how many in what it reads first."""
    notes = [json.loads((path / name / "meta.json").read_text(encoding="utf-8")) for name in folder.SHELVES]
    return any(segment.get("deletes") for note in notes for segment in note["segments"])


def documents_held(library: TextLibrary) -> int | None:
    """How many documents the index has; None when there is none, or when some changes are still to be written."""
    path = folder_of(library).current()
    if path is None or DocumentChange.objects.filter(library=library.name).exists():
        return None
    return _count(path)


def _write_library(library: TextLibrary) -> int:
    changes, place = DocumentChange.objects.filter(library=library.name), folder_of(library)
    if place.current() is not None and not changes.exists():
        return 0
    written = 0
    try:
        with place.alone(0.0):
            path = place.current() or _make(library, no_progress)
            while batch := list(changes.order_by("pk")[:AT_ONCE]):
                if any(change.key is None for change in batch):
                    path = _make(library, no_progress)
                    written += len(batch)
                    continue
                try:
                    write_documents(library, path, {change.key for change in batch if change.key is not None})
                except ValueError:  # tantivy's only error
                    logger.exception("The index of %s cannot be written to; it is made again.", library.name)
                    path = _make(library, no_progress)
                DocumentChange.objects.filter(pk__in=[change.pk for change in batch]).delete()
                written += len(batch)
    except TimeoutError:
        logger.debug("The index of %s is being written by another process.", library.name)
    return written


def write_documents(library: TextLibrary, path: Path, keys: Collection[int]) -> None:
    """Put the documents of these keys in the place of those that were; the open shelf first: what is closed leaves it first."""
    shelves = _shelves(library, path, HEAP)
    for shelf in shelves.values():
        shelf.remove_found(tantivy.Query.term_set_query(shelf.index.schema, KEY, list(keys)))
    for document in library.documents(keys):
        shelves[folder.OPEN if document.is_open else folder.RESERVED].add(as_fields(library, document))
    for shelf in shelves.values():
        shelf.commit()


def _make(library: TextLibrary, progress: Progress) -> Path:
    # What is marked from here on is read again after; what can be seen to be marked is read now.
    changes = DocumentChange.objects.filter(library=library.name)
    marked: Sequence[int] = list(changes.values_list("pk", flat=True))
    total = library.count()
    with folder_of(library).new() as path:
        shelves = _shelves(library, path, WHOLE_HEAP if total > AT_ONCE else HEAP)
        for rank, document in enumerate(library.documents(None)):
            progress(str(library.label), rank, total)
            shelves[folder.OPEN if document.is_open else folder.RESERVED].add(as_fields(library, document))
        for shelf in shelves.values():
            shelf.commit()
    for keys in batched(marked, AT_ONCE, strict=False):
        DocumentChange.objects.filter(pk__in=keys).delete()
    made = folder_of(library).current()
    assert made is not None
    return made


def _shelves(library: TextLibrary, path: Path, heap: int) -> dict[str, ShelfWriter]:
    schema = make_schema(library)
    return {
        name: ShelfWriter(path / name, schema, register, heap if name == folder.OPEN else HEAP)
        for name in folder.SHELVES
    }


def _count(path: Path) -> int:
    return sum(int(tantivy.Index.open(str(path / name)).searcher().num_docs) for name in folder.SHELVES)


def waiting_keys(library: TextLibrary) -> Iterator[int]:
    """The documents that have changed and that the index still holds as they were."""
    changes = DocumentChange.objects.filter(library=library.name, key__isnull=False)
    yield from changes.values_list("key", flat=True).distinct()
