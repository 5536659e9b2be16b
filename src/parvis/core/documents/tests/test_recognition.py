"""A document is received when its content is what its name says, and when opening it harms nobody."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from parvis.core.documents import KINDS, DocumentMismatch, DocumentUnknown, kind_named, require_document

_OPEN = "application/vnd.oasis.opendocument."


def archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in parts.items():
            packed.writestr(name, body)
    return stream.getvalue()


WELL = {
    "pdf": b"%PDF-1.7 notice",
    "odt": archive({"mimetype": f"{_OPEN}text".encode(), "content.xml": b"<a/>"}),
    "ods": archive({"mimetype": f"{_OPEN}spreadsheet".encode()}),
    "odp": archive({"mimetype": f"{_OPEN}presentation".encode()}),
    "docx": archive({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}),
    "xlsx": archive({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}),
    "pptx": archive({"[Content_Types].xml": b"<a/>", "ppt/presentation.xml": b"<a/>"}),
    "zip": archive({"notes.txt": b"a"}),
    "txt": "Été".encode(),
    "md": "# Été".encode("cp1252"),
    "csv": b"a;b\n1;2\n",
    "json": b"{}",
}


@pytest.fixture
def look(tmp_path: Path):
    def required(suffix: str, body: bytes, name: str = ""):
        path, scratch = tmp_path / "received", tmp_path / "made"
        path.write_bytes(body)
        scratch.mkdir(exist_ok=True)
        return require_document(path, scratch, KINDS[suffix], name or f"notice.{suffix}")

    return required


@pytest.mark.parametrize("suffix", sorted(WELL))
def test_a_document_that_is_what_it_says_is_recognised(look, suffix):
    assert look(suffix, WELL[suffix]).media_type == KINDS[suffix].media_type


def test_a_document_under_the_ending_of_another_is_refused(look):
    for suffix in ("pdf", "odt", "ods", "docx", "xlsx", "zip"):
        for other in ("pdf", "odt", "ods", "docx", "xlsx", "txt"):
            if other != suffix and not (suffix == "zip" and WELL[other].startswith(b"PK")):
                with pytest.raises(DocumentMismatch) as refused:
                    look(suffix, WELL[other])
                assert f".{suffix}" in refused.value.message("fr")
                assert refused.value.hint("fr")


@pytest.mark.parametrize(
    ("suffix", "body"),
    [
        ("pdf", b""),
        ("pdf", b"PK\x03\x04%PDF-1.7"),
        ("docx", WELL["docx"][:-30]),
        ("docx", b"%PDF-1.7\n" + WELL["docx"]),
        ("docx", archive({"word/document.xml": b"<a/>", "word/vbaProject.bin": b"macro"})),
        ("docx", lambda: archive({"word/document.xml": b"\0" * 300_000_000})),
        ("zip", lambda: archive({f"{n}": b"" for n in range(10_001)})),
        ("odt", archive({"mimetype": b"text/html"})),
        ("txt", b"MZ\x90\0\x03"),
        ("csv", b"a;b\n" + b"x" * 3_000_000 + b"\0"),
    ],
    ids=["empty", "zip-then-pdf", "cut", "pdf-then-zip", "macros", "bomb", "parts", "mark", "program", "late-zero"],
)
def test_what_is_not_or_harms_is_refused(look, suffix, body):
    with pytest.raises(DocumentMismatch):
        look(suffix, body() if callable(body) else body)  # what is long to make is made here


@pytest.mark.parametrize("name", ["page.html", "image.svg", "programme.exe", "sans", "lettre.docm", "a.pdf.lnk"])
def test_a_document_of_another_ending_is_not_received(name):
    with pytest.raises(DocumentUnknown) as refused:
        kind_named(name)
    assert "pdf" in refused.value.hint("fr")
