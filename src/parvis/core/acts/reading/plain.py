"""A plain text in whatever encoding it is. In a confined child alone."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from parvis.core.acts.reading.errors import ActBroken, ActTooLong
from parvis.core.acts.reading.model import DocumentText
from parvis.core.acts.reading.paging import MOST_PAGES, bounded_pages_of

_MOST_BYTES: Final = 12_000_000
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_plain(path: Path, name: str) -> DocumentText:
    """All its pages; UTF-8 where it is, else what Windows writes. ActBroken for what is no text, ActTooLong."""
    with path.open("rb") as stream:
        body = stream.read(_MOST_BYTES + 1)
    encoding = next((encoding for mark, encoding in _MARKS if body.startswith(mark)), "")
    if b"\0" in body and encoding != "utf-16":
        raise ActBroken(file=name, suffix="txt")
    if len(body) > _MOST_BYTES:
        raise ActTooLong(file=name, most=MOST_PAGES)
    pages = bounded_pages_of(_decoded(body, encoding), name)
    return DocumentText("txt", len(pages), pages)


def _decoded(body: bytes, encoding: str) -> str:
    if encoding:
        return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")
