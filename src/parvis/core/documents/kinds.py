"""The documents that are received, a row each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from parvis.core.documents.errors import DocumentUnknown

_OPEN = "application/vnd.oasis.opendocument."
_OFFICE = "application/vnd.openxmlformats-officedocument."
ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document: its ending, the type it is served as, how it begins, and what its content must hold.

    ``mark`` is the ``mimetype`` of an OpenDocument file, or the main part of an office file; ``is_text`` has no byte of zero;
    ``is_picture`` is written again as pictures are.
    """

    suffix: str
    media_type: str
    begins: bytes = b""
    mark: str = ""
    is_text: bool = False
    is_picture: bool = False

    @property
    def is_open_document(self) -> bool:
        """Whether it says what it is in a part called ``mimetype``."""
        return self.mark.startswith(_OPEN)


KINDS = {
    kind.suffix: kind
    for kind in (
        DocumentKind("pdf", "application/pdf", b"%PDF-"),
        DocumentKind("png", "image/png", is_picture=True),
        DocumentKind("jpg", "image/jpeg", is_picture=True),
        DocumentKind("jpeg", "image/jpeg", is_picture=True),
        DocumentKind("odt", f"{_OPEN}text", ZIP, f"{_OPEN}text"),
        DocumentKind("ods", f"{_OPEN}spreadsheet", ZIP, f"{_OPEN}spreadsheet"),
        DocumentKind("odp", f"{_OPEN}presentation", ZIP, f"{_OPEN}presentation"),
        DocumentKind("docx", f"{_OFFICE}wordprocessingml.document", ZIP, "word/document.xml"),
        DocumentKind("xlsx", f"{_OFFICE}spreadsheetml.sheet", ZIP, "xl/workbook.xml"),
        DocumentKind("pptx", f"{_OFFICE}presentationml.presentation", ZIP, "ppt/presentation.xml"),
        DocumentKind("zip", "application/zip", ZIP),
        DocumentKind("txt", "text/plain; charset=utf-8", is_text=True),
        DocumentKind("md", "text/plain; charset=utf-8", is_text=True),
        DocumentKind("csv", "text/csv", is_text=True),
        DocumentKind("json", "application/json", is_text=True),
    )
}
"""By ending."""


def kind_named(name: str) -> DocumentKind:
    """The kind that the ending of a name announces; DocumentUnknown for any other."""
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if suffix not in KINDS:
        raise DocumentUnknown(file=name, types=", ".join(sorted(KINDS)))
    return KINDS[suffix]
