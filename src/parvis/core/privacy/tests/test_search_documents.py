"""Persons hidden in documents: sheets that do not show, comments, footers, what cameras write beside pictures."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from PIL import Image
from PIL.ExifTags import IFD, Base

from parvis.core.privacy import search_document

PLAINTIFF = "Mme Lefebvre se plaint, 06 12 34 56 78"


def workbook() -> bytes:
    book = Workbook()
    book.active.append(["lieu"])
    book.active.append(["Piscine"])
    book.active["A2"].comment = Comment("Née le 3 mai 1981", "x")
    hidden = book.create_sheet("notes")
    hidden.append([PLAINTIFF])
    hidden.sheet_state = "hidden"
    return saved(book.save)


def picture(*, where: bool, artist: str = "") -> bytes:
    exif = Image.Exif()
    if where:
        exif.get_ifd(IFD.GPSInfo)[1] = "N"
    if artist:
        exif[Base.Artist] = artist
    return saved(lambda stream: Image.new("RGB", (2, 2)).save(stream, "JPEG", exif=exif))


def letter(part: str) -> bytes:
    def write(stream: io.BytesIO) -> None:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("content.xml", "<office><text:p>Bonjour</text:p></office>")
            archive.writestr(part, f"<office><text:p>{PLAINTIFF}</text:p></office>")

    return saved(write)


def saved(write: object) -> bytes:
    stream = io.BytesIO()
    assert callable(write)
    write(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def kinds_by_document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What holds each document, all searched in one archive."""
    path: Path = tmp_path_factory.mktemp("documents") / "tout.zip"
    documents = {
        "classeur.xlsx": workbook(),
        "lieu.jpg": picture(where=True),
        "auteur.jpg": picture(where=False, artist="Contact : sylvie.moreau@orange.fr"),
        "muette.jpg": picture(where=False),
        "fausse.png": b"\x89PNG\r\n\x1a\n",
        "pied.odt": letter("styles.xml"),
        "lettre.docx": letter("word/footer1.xml"),
        "dedans.zip": b"PK",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in documents.items():
            archive.writestr(name, content)
    kinds: dict[str, set[str]] = {name: set() for name in documents}
    for finding in search_document(path, name=path.name).blocking:
        kinds[finding.column.split(":")[1]].add(finding.kind)
    return kinds


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("classeur.xlsx", {"text", "phone", "birth"}),
        ("lieu.jpg", {"position"}),
        ("auteur.jpg", {"email"}),
        ("muette.jpg", set()),
        ("fausse.png", {"unread"}),
        ("pied.odt", {"text", "phone"}),
        ("lettre.docx", {"text", "phone"}),
        ("dedans.zip", {"unread"}),
    ],
)
def test_what_a_document_hides_holds_it(kinds_by_document: dict[str, set[str]], name: str, kinds: set[str]) -> None:
    assert kinds_by_document[name] == kinds
