"""A plain text in whatever encoding it is. In a confined child alone."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from parvis.core.acts.reading.errors import ActBroken
from parvis.core.acts.reading.model import DocumentText
from parvis.core.acts.reading.paging import pages_of

_MOST_BYTES: Final = 10_000_000
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_plain(path: Path, name: str) -> DocumentText:
    """All its pages; UTF-8 where it is, else what Windows writes. ActBroken for what is no text."""
    with path.open("rb") as stream:
        body = stream.read(_MOST_BYTES)
    encoding = next((encoding for mark, encoding in _MARKS if body.startswith(mark)), "")
    if b"\0" in body and encoding != "utf-16":
        raise ActBroken(file=name, suffix="txt")
    pages = pages_of(_decoded(body, encoding))
    return DocumentText("txt", len(pages), pages)


def _decoded(body: bytes, encoding: str) -> str:
    if encoding:
        return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.start >= _MOST_BYTES - 4  # a letter cut in two by the bound
        return body.decode("utf-8" if cut else "cp1252", "replace")
