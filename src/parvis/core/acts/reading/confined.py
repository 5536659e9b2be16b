"""Pages of a received file, asked of confined children: some at a time, so that a long scan is never one long call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from parvis.core.acts.model import Method, Page
from parvis.core.acts.reading.conversion import as_odt
from parvis.core.acts.reading.document import MOST_AT_ONCE, read_document, require_beginning
from parvis.core.acts.reading.errors import ActTooLong
from parvis.core.acts.reading.kinds import ACT_KINDS
from parvis.core.acts.reading.model import DocumentText
from parvis.core.acts.reading.paging import MOST_PAGES
from parvis.core.children import Permits, ReadingFailed, ReadingTooLarge, ReadingTooLong, call
from parvis.core.progress import Progress, no_progress

SECONDS: Final = 150.0
"""Of one call, which begins no page after some seconds: one page looked at four ways up takes no more."""
MEMORY: Final = 1_500_000_000
MOST_WRITTEN: Final = 200_000_000
MOST_LETTERS: Final = 10_000_000
"""Of all the pages of a file, three times what a thousand typed ones have: rules and searches go through all of it."""
MOST_FAILURES: Final = 5
"""Pages of one file that may end the child that reads them; the file is given up after that."""
_FAILURES: Final = (ReadingFailed, ReadingTooLong, ReadingTooLarge)


def read_pages(
    path: Path,
    suffix: str,
    name: str,
    scratch: Path,
    *,
    tessdata: Path | None = None,
    languages: str = "fra",
    first: int = 1,
    progress: Progress = no_progress,
) -> Iterator[DocumentText]:
    """The file from page ``first`` on, some pages at a time, each time with what the file says of itself.

    Anyone who keeps each part as it comes goes on, after a stop, at the page that follows. ``suffix`` is one of ``ACT_KINDS`` and
    ``name`` what people call the file; ``scratch`` is a folder of this piece of work. A page that no child survives is
    UNREADABLE. ActProtected, ActBroken, ActTooLong, ConverterMissing, DocumentMismatch, and what ``progress`` raises.
    """
    paged, called = ACT_KINDS[suffix].has_pages, suffix
    if ACT_KINDS[suffix].reader == "converted":
        require_beginning(path, suffix, name)
        path, suffix = as_odt(path, suffix, name, scratch, progress=progress), "odt"
    most, failures, facts, letters = MOST_AT_ONCE, 0, None, 0

    permits = Permits(name, _readable(path, tessdata), (scratch,), SECONDS, MEMORY, MOST_WRITTEN)

    def ask(most: int) -> DocumentText:
        return call(
            read_document,
            path,
            suffix,
            name,
            tessdata=tessdata,
            languages=languages,
            first=first,
            most=most,
            permits=permits,
            progress=progress,
        )

    while True:
        try:
            part = ask(most)
        except _FAILURES:
            if not paged or failures >= MOST_FAILURES:
                raise
            if most > 1:  # one of these pages: they are asked one by one until it is met
                most = 1
                continue
            facts = facts or ask(0)
            part, most, failures = (
                replace(facts, pages=(Page(first, "", Method.UNREADABLE),)),
                MOST_AT_ONCE,
                failures + 1,
            )
        letters = _bounded(letters, part, name)
        yield replace(part, suffix=called)
        facts = replace(part, pages=())
        first += len(part.pages)
        if not part.pages or first > part.page_count:
            return


def _bounded(letters: int, part: DocumentText, name: str) -> int:
    """The letters so far with those of a part; ActTooLong."""
    letters += sum(len(page.text) for page in part.pages)
    if letters > MOST_LETTERS:
        raise ActTooLong(file=name, most=MOST_PAGES)
    return letters


def _readable(path: Path, tessdata: Path | None) -> tuple[Path, ...]:
    return (path,) if tessdata is None else (path, tessdata)
