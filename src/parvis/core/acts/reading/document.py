"""Some pages of a received file, read: what a confined child is asked. Called anywhere else, it would parse a stranger's bytes there."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from parvis.core.acts.model import Page
from parvis.core.acts.reading.docx import read_docx
from parvis.core.acts.reading.errors import ActBroken, ActTooLong
from parvis.core.acts.reading.kinds import ACT_KINDS
from parvis.core.acts.reading.model import DocumentText
from parvis.core.acts.reading.odt import read_odt
from parvis.core.acts.reading.paging import MOST_PAGES
from parvis.core.acts.reading.pdf import PdfReader
from parvis.core.acts.reading.pictures import PictureReader
from parvis.core.acts.reading.plain import read_plain
from parvis.core.acts.reading.scans import Recognise
from parvis.core.acts.recognition import Recognition, recogniser
from parvis.core.progress import Progress, no_progress

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_AT_ONCE: Final = 100
"""Pages of one call."""
ENOUGH_SECONDS: Final = 15.0
"""After which a call begins no other page: some ten recognised ones, or a hundred of text."""


_WHOLE: Final = {"docx": read_docx, "odt": read_odt, "text": read_plain}


def read_document(
    path: Path,
    suffix: str,
    name: str,
    *,
    tessdata: Path | None = None,
    languages: str = "fra",
    first: int = 1,
    most: int = MOST_AT_ONCE,
    progress: Progress = no_progress,
) -> DocumentText:
    """What the file says of itself, and its pages from ``first`` on: ``most`` at most, as many as are read in some seconds.

    A file that has no pages of its own is read whole, whatever is asked. Scans are recognised with the data in ``tessdata``;
    without it their pages are UNREADABLE. ``name`` is what people call the file. ActProtected, ActBroken, ActTooLong,
    DocumentMismatch.
    """
    kind = ACT_KINDS[suffix]
    require_beginning(path, suffix, name)
    if (read_whole := _WHOLE.get(kind.reader)) is not None:
        return read_whole(path, name)
    reader = PdfReader(path, name) if kind.reader == "pdf" else PictureReader(path, suffix, name)
    if reader.page_count > MOST_PAGES:
        raise ActTooLong(file=name, most=MOST_PAGES)
    last = min(reader.page_count, first + most - 1)
    enough = time.monotonic() + ENOUGH_SECONDS
    pages: list[Page] = []
    with ExitStack() as open_until:
        recognise = _recognise_with(tessdata, languages, open_until)
        for number in range(first, last + 1):
            pages.append(reader.page(number, recognise))
            progress("read", number, reader.page_count)
            if time.monotonic() >= enough:
                break
    return replace(reader.facts(), pages=tuple(pages))


def require_beginning(path: Path, suffix: str, name: str) -> None:
    """ActBroken for a file that is empty, or begins as no file of that ending does."""
    begins = ACT_KINDS[suffix].begins
    with path.open("rb") as stream:
        beginning = stream.read(16)
    if not beginning or (begins and not beginning.startswith(begins)):
        raise ActBroken(file=name, suffix=suffix)


def _recognise_with(tessdata: Path | None, languages: str, open_until: ExitStack) -> Recognise | None:
    """What recognises, loaded at the first picture: most files have none. None without data."""
    if tessdata is None:
        return None
    loaded: list[Recognise] = []

    def recognise(picture: Image) -> Recognition:
        if not loaded:
            loaded.append(open_until.enter_context(recogniser(tessdata, languages)))
        return loaded[0](picture)

    return recognise
