"""A shelf of an index being written, by one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import tantivy

HEAP: Final = 15_000_000
"""Bytes that a writer gathers before they are written: the least that tantivy takes."""


class ShelfWriter:
    """Adds and removes documents; nothing of it is seen before ``commit``, which ends it."""

    def __init__(
        self,
        path: Path,
        schema: tantivy.Schema,
        prepare: Callable[[tantivy.Index], tantivy.Index],
        heap: int = HEAP,
    ) -> None:
        path.mkdir(exist_ok=True)
        self.index = prepare(tantivy.Index(schema, str(path)))
        self._writer = self.index.writer(heap_size=heap, num_threads=1)
        # What a killed writer began bears the very names that the next one gives: left there, it would stop each commit.
        self._writer.garbage_collect_files()

    def add(self, document: tantivy.Document) -> None:
        """Have a document in it."""
        self._writer.add_document(document)

    def remove(self, field: str, term: str) -> None:
        """Have no document that was there before with this term."""
        self._writer.delete_documents_by_term(field, term)

    def remove_found(self, query: tantivy.Query) -> None:
        """The same of those that answer: a number is no term for the above, which then removes nothing without a word."""
        self._writer.delete_documents_by_query(query)

    def commit(self) -> None:
        """Have all of it seen at once; the parts of the index that are many are then put together."""
        self._writer.commit()
        self._writer.wait_merging_threads()
