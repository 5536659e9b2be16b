"""Occultation and its verification as any process asks for them: each in a confined child, in bounded time."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from parvis.core.acts.model import Passage
from parvis.core.children import Permits, call
from parvis.core.progress import Progress, no_progress
from parvis.core.redaction.errors import TooManyPassages
from parvis.core.redaction.model import MOST_PASSAGES, Box, Redaction, RedactionReport, VerificationReport
from parvis.core.redaction.redactor import redact_in_child
from parvis.core.redaction.verification import verify_in_child

MEMORY: Final = 2_500_000_000
DISK: Final = 2_000_000_000
_AT_LEAST: Final = 300.0
_A_PAGE: Final = 60.0
"""Seconds: what a page of a newspaper takes on a busy machine."""
_AT_MOST: Final = 7_200.0


def redact(
    source: Path,
    target: Path,
    redaction: Redaction,
    scratch: Path,
    tessdata: Path | None,
    *,
    name: str = "",
    progress: Progress = no_progress,
) -> RedactionReport:
    """Write at ``target`` what may be published of the PDF at ``source``; RedactionRefused, and then there is no ``target``.

    ``scratch``: an empty folder that the caller removes. ``tessdata``: the folder of the data of Tesseract, or None, and then drawn
    pages have no text. What is written is to be verified before it is published.
    """
    if (count := len(redaction.places) + len(redaction.boxes)) > MOST_PASSAGES:
        raise TooManyPassages(file=name or source.name, count=count, most=MOST_PASSAGES)
    made = scratch / "published.pdf"
    permits = _permits(source, tessdata, scratch, name or source.name, len(redaction.pages))
    report = call(
        redact_in_child, source, made, permits.name, redaction, scratch, tessdata, permits=permits, progress=progress
    )
    shutil.move(made, target)
    return report


def verify(
    published: Path,
    words: tuple[str, ...],
    scratch: Path,
    tessdata: Path | None,
    *,
    spared: tuple[Passage, ...] = (),
    boxes: tuple[Box, ...] = (),
    pages: int = 1,
    name: str = "",
    progress: Progress = no_progress,
) -> VerificationReport:
    """What any of five readers sees of hidden ``words`` in a file of so many ``pages``, and what is left under ``boxes``.

    A file may be published when ``is_publishable``; ``spared`` are occurrences that a person wants to stay. Words under a box are not
    looked for elsewhere: a box hides a place, not what is said there.
    """
    permits = _permits(published, tessdata, scratch, name or published.name, pages)
    return call(verify_in_child, published, words, spared, tessdata, boxes, permits=permits, progress=progress)


def _permits(source: Path, tessdata: Path | None, scratch: Path, name: str, pages: int) -> Permits:
    readable = (source, *((tessdata,) if tessdata else ()))
    return Permits(name, readable, (scratch,), min(_AT_MOST, _AT_LEAST + _A_PAGE * pages), MEMORY, DISK)
