"""A PDF cut into several, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from parvis.core.acts.reading.errors import ActBroken
from parvis.core.children import Permits, call

SECONDS: Final = 120.0
MEMORY: Final = 1_000_000_000
MOST_WRITTEN: Final = 1_000_000_000


def cut_pdf(path: Path, name: str, scratch: Path, ranges: Sequence[tuple[int, int]]) -> list[Path]:
    """One PDF for each range of pages (first and last, from 1), the same bytes each time, made in a child; ActBroken.

    Pages are copied as they are; what belongs to the whole file (attachments, outline, forms) is not.
    """
    permits = Permits(name, (path,), (scratch,), SECONDS, MEMORY, MOST_WRITTEN)
    call(write_parts, path, scratch, list(ranges), name, permits=permits)
    return [scratch / f"part-{rank}.pdf" for rank in range(1, len(ranges) + 1)]


def write_parts(path: Path, scratch: Path, ranges: list[tuple[int, int]], name: str) -> None:
    """Write ``part-1.pdf`` and those that follow in ``scratch``; only to be called in a child."""
    import pikepdf  # noqa: PLC0415 after the walls

    try:
        with pikepdf.open(path) as whole:
            for rank, (first, last) in enumerate(ranges, start=1):
                with pikepdf.new() as part:
                    part.pages.extend(whole.pages[first - 1 : last])
                    part.save(scratch / f"part-{rank}.pdf", deterministic_id=True)
    except pikepdf.PdfError as error:
        raise ActBroken(file=name, suffix="pdf") from error
