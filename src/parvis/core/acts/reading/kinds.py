"""The files that acts are read in, a row each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from parvis.core.acts.reading.errors import ActUnknown


@dataclass(frozen=True, slots=True)
class ActKind:
    """A kind of file: its ending, the type it is served as, how it is read.

    ``reader`` is one of ``pdf``, ``picture``, ``docx``, ``odt``, ``text``, ``converted`` (LibreOffice opens it first);
    ``begins`` are the beginnings that its content may have, none for any.
    """

    suffix: str
    media_type: str
    reader: str
    begins: tuple[bytes, ...] = ()

    @property
    def has_pages(self) -> bool:
        """Whether pages are in the file, and may be asked some at a time."""
        return self.reader in ("pdf", "picture")


_ZIP: Final = (b"PK\x03\x04",)
_JPEG: Final = (b"\xff\xd8\xff",)
_TIFF: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_RTF: Final = b"{\\rtf"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

ACT_KINDS: Final = {
    kind.suffix: kind
    for kind in (
        ActKind("pdf", "application/pdf", "pdf"),
        ActKind("docx", _WORD, "docx", _ZIP),
        ActKind("odt", "application/vnd.oasis.opendocument.text", "odt", _ZIP),
        ActKind("doc", "application/msword", "converted", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _RTF)),
        ActKind("rtf", "application/rtf", "converted", (_RTF,)),
        ActKind("txt", "text/plain; charset=utf-8", "text"),
        ActKind("png", "image/png", "picture", (b"\x89PNG\r\n\x1a\n",)),
        ActKind("jpg", "image/jpeg", "picture", _JPEG),
        ActKind("jpeg", "image/jpeg", "picture", _JPEG),
        ActKind("tif", "image/tiff", "picture", _TIFF),
        ActKind("tiff", "image/tiff", "picture", _TIFF),
    )
}
"""By ending. Their own table: what other rooms receive (``core.documents``) is served to visitors as it is."""


def act_kind(name: str) -> ActKind:
    """The kind that the ending of a name announces; ActUnknown for any other."""
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if suffix not in ACT_KINDS:
        raise ActUnknown(file=name, types=", ".join(sorted(ACT_KINDS)))
    return ACT_KINDS[suffix]
