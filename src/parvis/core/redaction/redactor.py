"""A PDF with its words hidden, written in a confined child. ``calling`` asks for it."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from parvis.core.acts.recognition import recogniser
from parvis.core.errors import ParvisError
from parvis.core.progress import Progress, no_progress
from parvis.core.redaction.assembly import assembled, entitle, flattened, strip_beside
from parvis.core.redaction.drawing import draw_pages
from parvis.core.redaction.errors import NothingToHide, PdfBroken, PdfProtected, PdfTooLong
from parvis.core.redaction.model import MOST_PAGES, Dropped, Redaction, RedactionReport

_HARMLESS: Final = {Dropped.TAGS, Dropped.BOOKMARKS, Dropped.LINKS, Dropped.SIGNATURES, Dropped.LAYERS}
"""What a file with nothing to hide may keep."""


def redact_in_child(
    source: Path,
    target: Path,
    name: str,
    redaction: Redaction,
    scratch: Path,
    tessdata: Path | None,
    progress: Progress = no_progress,
) -> RedactionReport:
    """``target`` is the published form of the PDF at ``source``; RedactionRefused. ``scratch`` is an empty folder."""
    import pikepdf  # noqa: PLC0415 only children read PDF

    try:
        flat = scratch / "flat.pdf"
        count, besides = flattened(source, flat)
        if not redaction.places and not redaction.boxes:
            return _cleaned(source, target, count, besides, redaction)
        if count > MOST_PAGES:
            raise PdfTooLong(file=name, pages=count, most=MOST_PAGES)
        _require_pages(redaction, count)
        with ExitStack() as stack:
            recognise = stack.enter_context(recogniser(tessdata)) if tessdata else None
            work = draw_pages(flat, redaction, recognise, progress)
        assembled(flat, target, work.drawn, redaction.title, redaction.language)
    except ParvisError:
        raise
    except pikepdf.PasswordError as error:
        raise PdfProtected(file=name) from error
    except Exception as error:  # readers of PDF raise anything on what strangers write
        raise PdfBroken(file=name) from error
    return RedactionReport(
        count,
        redrawn=tuple(sorted(work.drawn)),
        without_text=tuple(work.unread),
        dropped=besides,
        covered=tuple(work.covered),
        size_before=source.stat().st_size,
        size_after=target.stat().st_size,
    )


def _require_pages(redaction: Redaction, count: int) -> None:
    read = {page.number: page for page in redaction.pages}
    for passage in redaction.places:
        page = read.get(passage.page)
        if not page or passage.page > count or page.text[passage.start : passage.end] != passage.text:
            raise NothingToHide(page=passage.page)
    for box in redaction.boxes:
        if not 1 <= box.page <= count or not (0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1):
            raise NothingToHide(page=box.page)


def _cleaned(
    source: Path, target: Path, count: int, besides: tuple[Dropped, ...], redaction: Redaction
) -> RedactionReport:
    """A document with nothing to hide: as it is, tags and all, but for what tells of persons beside its pages."""
    import pikepdf  # noqa: PLC0415 only children read PDF

    size = source.stat().st_size
    removed = tuple(kind for kind in besides if kind not in _HARMLESS)
    if not removed:
        shutil.copyfile(source, target)
        return RedactionReport(count, unchanged=True, size_before=size, size_after=size)
    with pikepdf.open(source) as pdf:
        strip_beside(pdf)
        entitle(pdf, redaction.title, redaction.language)
        pdf.save(target, deterministic_id=True)
    signed = tuple(kind for kind in besides if kind is Dropped.SIGNATURES)
    return RedactionReport(count, dropped=(*removed, *signed), size_before=size, size_after=target.stat().st_size)
