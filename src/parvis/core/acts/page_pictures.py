"""The picture of one page of a received file, beside which somebody checks what was read of it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

from parvis.core.acts.reading.errors import ActBroken
from parvis.core.children import Permits, call
from parvis.core.errors import NotFound

SECONDS: Final = 30.0
MEMORY: Final = 600_000_000
WIDEST: Final = 1_600
MOST_PIXELS: Final = 4_000_000


def page_picture(path: Path, name: str, scratch: Path, number: int, width: int) -> bytes:
    """A page of a PDF as WebP, ``width`` pixels wide at most, drawn in a child; NotFound past the last page, ActBroken."""
    permits = Permits(name=name, read=(path,), write=(scratch,), seconds=SECONDS, memory=MEMORY, disk=10_000_000)
    call(draw_page, path, scratch, number, min(width, WIDEST), name, permits=permits)
    return (scratch / "page.webp").read_bytes()


def draw_page(path: Path, scratch: Path, number: int, width: int, name: str) -> None:
    """Write ``page.webp`` in ``scratch``; only to be called in a child."""
    import pypdfium2  # noqa: PLC0415 after the walls

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise ActBroken(file=name, suffix="pdf") from error
    if not 1 <= number <= len(document):
        raise NotFound(name=str(number))
    page = document[number - 1]
    wide, high = page.get_size()
    scale = min(width / max(wide, 1.0), (MOST_PIXELS / max(wide * high, 1.0)) ** 0.5)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    body = BytesIO()
    picture.save(body, "WEBP", quality=70)
    (scratch / "page.webp").write_bytes(body.getvalue())
