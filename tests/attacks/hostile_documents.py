"""Documents made to harm who opens or searches them. Made here, each by its name."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

from attacks.hostile_pictures import LAUGHS, PDF, SCRIPT, saved

PAGE = b"<html><body><script>alert(document.domain)</script></body></html>"
CONTENT = b'<office:document-content xmlns:office="o" xmlns:text="t">%s</office:document-content>'
OPEN_TEXT = b"application/vnd.oasis.opendocument.text"


def archive(parts: dict[str, bytes]) -> bytes:
    """A zip of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, body in parts.items():
            packed.writestr(name, body)
    return stream.getvalue()


def pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1, with its table of places."""
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d %s>>\nstartxref\n%d\n%%%%EOF" % (
        len(places) + 1,
        rows,
        len(places) + 1,
        trailer,
        table,
    )
    return bytes(body)


def pdf_of_a_page_shown_a_million_times() -> bytes:
    """One page that a tree of six floors, ten branches each, leads to a million times."""
    floors = [b"<</Type/Pages/Count %d/Kids[%s]>>" % (10 ** (6 - n), b"%d 0 R " % (n + 3) * 10) for n in range(6)]
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", *floors, b"<</Type/Page/MediaBox[0 0 9 9]>>")


def pdf_whose_pages_hold_themselves() -> bytes:
    """A tree that is its own branch."""
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>")


def pdf_whose_text_swells() -> bytes:
    """Sixty megabytes of text in a stream packed twice."""
    packed = zlib.compress(zlib.compress(b"BT /F 9 Tf (" + b"a" * 60_000_000 + b") Tj ET", 9), 9)
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(packed), packed)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, stream)


def pdf_of_nested_lists() -> bytes:
    """A hundred thousand lists, one in the other."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 100_000 + b"]" * 100_000 + b">>", b"<</Type/Pages/Count 0/Kids[]>>"
    )


def nested_archives(depth: int = 6) -> bytes:
    """Archives of ten archives each, one in the other."""
    body = b"a" * 1_000_000
    for _floor in range(depth):
        body = archive({f"{n}.zip": body for n in range(10)})
    return body


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "page": ("page.html", lambda: PAGE),
    "page in capitals": ("page.HTML", lambda: PAGE),
    "svg": ("plan.svg", lambda: b"<svg/>"),
    "program": ("programme.exe", lambda: b"MZ"),
    "link": ("notice.pdf.lnk", lambda: b"L\0\0\0"),
    "document with macros": ("lettre.docm", lambda: archive({"word/document.xml": b"<a/>"})),
    "macros under another name": (
        "lettre.docx",
        lambda: archive({"word/document.xml": b"<a/>", "word/vbaProject.bin": b"a"}),
    ),
    "page under the name of a pdf": ("faux.pdf", lambda: PAGE),
    "page, then a pdf": ("faux.pdf", lambda: SCRIPT + PDF),
    "pdf under the name of an archive": ("faux.zip", lambda: PDF),
    "pdf, then an archive, as a document": ("faux.docx", lambda: PDF + archive({"word/document.xml": b"<a/>"})),
    "jpeg, then an archive, as an archive": ("faux.zip", lambda: saved("JPEG") + archive({"a.txt": b"a"})),
    "archive under the name of a document": ("faux.odt", lambda: archive({"a.txt": b"a"})),
    "program under the name of a text": ("notes.txt", lambda: b"MZ\x90\0" + b"a" * 90),
    "document of three hundred megabytes of zeros": (
        "lettre.docx",
        lambda: archive({"word/document.xml": b"\0" * 300_000_000}),
    ),
    "archive of eleven thousand parts": ("tout.zip", lambda: archive({str(n): b"" for n in range(11_000)})),
    "page under the name of a picture": ("photo.png", lambda: PAGE),
    "gif under the name of a jpeg": ("photo.jpg", lambda: saved("GIF", mode="P")),
    "nothing": ("vide.txt", lambda: b""),
}
"""What no door takes: the name it is sent under, and its bytes."""

SEARCHED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "pdf of a page shown a million times": ("a.pdf", pdf_of_a_page_shown_a_million_times),
    "pdf whose pages hold themselves": ("a.pdf", pdf_whose_pages_hold_themselves),
    "pdf whose text swells": ("a.pdf", pdf_whose_text_swells),
    "pdf of nested lists": ("a.pdf", pdf_of_nested_lists),
    "pdf of nothing": ("a.pdf", lambda: PDF),
    "laughs in an open document": ("a.odt", lambda: archive({"mimetype": OPEN_TEXT, "content.xml": LAUGHS})),
    "text that swells": (
        "a.odt",
        lambda: archive(
            {"mimetype": OPEN_TEXT, **{f"content.xml{'/' * n}x.xml": b"<p>" * 3_000_000 for n in range(12)}}
        ),
    ),
    "archives in archives": ("a.zip", nested_archives),
    "archive whose members climb": (
        "a.zip",
        lambda: archive({"../../../tmp/parvis-escaped.txt": b"a", "/etc/x.txt": b"a"}),
    ),
    "tags that never end": ("a.docx", lambda: archive({"word/document.xml": b"<" * 9_000_000})),
    "paragraphs that never end": ("a.docx", lambda: archive({"word/document.xml": b"<w:p " * 2_000_000})),
    "workbook that is one far cell": (
        "a.xlsx",
        lambda: archive(
            {
                "[Content_Types].xml": b"<Types/>",
                "xl/workbook.xml": b"<workbook/>",
                "xl/worksheets/sheet1.xml": b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
            }
        ),
    ),
}
"""What may be received, and is searched for persons within its bounds."""
