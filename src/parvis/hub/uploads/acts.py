"""The text of a received act, asked of confined children with what this instance is set to recognise scans by."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from parvis.core.acts.reading import DocumentText, act_kind, find_tessdata, read_pages
from parvis.core.progress import Progress, no_progress
from parvis.core.text import shown_name
from parvis.hub.jobs.process_locks import process_folder


def recogniser() -> Path | None:
    """The folder of the data by which scans are recognised in French (``PARVIS_TESSDATA``, or where systems put it); else None."""
    return find_tessdata(settings.PARVIS["PARVIS_TESSDATA"])


def act_pages(path: Path, name: str, *, first: int = 1, progress: Progress = no_progress) -> Iterator[DocumentText]:
    """The act at ``path``, called ``name`` by its sender, from page ``first`` on: some pages at a time.

    The original is only read. Anyone who keeps each part as it comes goes on, after a stop, at the page that follows; ``progress``
    is told of pages and may raise. Without ``recogniser()`` scans are UNREADABLE. Raises what ``read_pages`` does, ActUnknown for
    another kind of file.
    """
    kind = act_kind(name)
    with tempfile.TemporaryDirectory(prefix="act-", dir=process_folder()) as folder:
        yield from read_pages(
            path, kind.suffix, shown_name(name), Path(folder), tessdata=recogniser(), first=first, progress=progress
        )
