"""PDF made for the tests, each with one trap. Words are written in a standard font, as bytes that anybody can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageDraw, ImageFont

NAME = "Jean Quatrebarbes"
LINES = (
    "Extrait du registre des deliberations",
    "Le conseil municipal accorde une aide de 300 euros",
    f"a {NAME} pour son loyer du mois de mars",
    "Adopte par quatorze voix",
)
SIZE = (595, 842)

type Change = Callable[[pikepdf.Pdf], None]


def written(lines: Sequence[str] = LINES, size: int = 14, mode: str = "") -> bytes:
    """Instructions that write some lines."""
    shown = b" ".join(b"(%s) Tj T*" % line.encode("cp1252") for line in lines)
    return b"BT %s /F1 %d Tf 24 TL 60 760 Td " % (mode.encode(), size) + shown + b" ET"


def add_page(pdf: pikepdf.Pdf, content: bytes) -> pikepdf.Page:
    """A page of A4 that does that."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    page = pdf.add_blank_page(page_size=SIZE)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)), XObject=Dictionary())
    page.obj.Contents = pdf.make_stream(content)
    return page


def saved(folder: Path, *contents: bytes, change: Change | None = None) -> Path:
    """A document of these pages, changed at last."""
    path = folder / "act.pdf"
    with pikepdf.new() as pdf:
        for content in contents:
            add_page(pdf, content)
        if change:
            change(pdf)
        pdf.save(path)
    return path


def picture_of(lines: Sequence[str], angle: int = 0, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """A scan of these lines, at 150 dots per inch."""
    picture = Image.new("L", size, "white")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(36)
    for rank, line in enumerate(lines):
        pen.text((120, 150 + 70 * rank), line, fill="black", font=font)
    return picture.rotate(angle, expand=True) if angle else picture


def add_picture(pdf: pikepdf.Pdf, picture: Image.Image, behind: bytes = b"", words: bytes = b"") -> pikepdf.Page:
    """A page that shows a picture, and a text besides."""
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=90, comment=words)
    page = add_page(pdf, b"q 595 0 0 842 0 0 cm /Scan Do Q " + behind)
    page.obj.Resources.XObject.Scan = Stream(
        pdf,
        stream.getvalue(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    return page


def form(pdf: pikepdf.Pdf, content: bytes) -> Any:
    """A form that writes, as pages draw them."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    return Stream(
        pdf,
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, *SIZE]),
        Resources=Dictionary(Font=Dictionary(F1=font)),
    )


def text(value: str) -> Any:
    """A string in UTF-16, as texts outside pages are written."""
    return String("\ufeff".encode("utf-16-be") + value.encode("utf-16-be"))
