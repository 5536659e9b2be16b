"""Acts made for the tests: set by typst, turned into pictures, put back into PDF as office scanners do."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import typst
from PIL import Image

from parvis.core.acts.reading.tessdata import find_tessdata

TESSDATA = find_tessdata()
ACT = """Département de l’Hérault
Commune de Saint-Bauzille-de-la-Sylve
Extrait du registre des délibérations du conseil municipal
Séance du 12 mars 2024
L’an deux mille vingt-quatre, le douze mars à dix-huit heures trente, le conseil municipal, dûment convoqué, s’est réuni en
session ordinaire à la mairie, sous la présidence de Madame Hélène Garrigue, maire.
Étaient présents : Hélène Garrigue, Étienne Bousquet, Françoise Delmas, Noël Rouquette, Agnès Théron, Gaëlle Cœurdacier.
Objet : attribution d’une subvention de 1 250,00 euros à l’association sportive pour l’année 2024
Monsieur Bousquet, rapporteur, rappelle que l’association compte quatre-vingt-sept adhérents et qu’elle a présenté son bilan.
Le conseil municipal, après en avoir délibéré, à l’unanimité des membres présents et représentés, décide d’attribuer cette
subvention et autorise Madame le maire à signer tous les documents nécessaires à l’exécution de la présente délibération.
"""
STAMP = "Envoyé en préfecture le 14/03/2024\nReçu en préfecture le 14/03/2024\nID : 034-213402316-20240312-2024_011-DE"


def set_pdf(text: str, *, size: str = "12pt", title: str = "", pages: int = 1) -> bytes:
    """``text`` on each page of a PDF."""
    body = "\\\n".join(f'#"{line}"' for line in text.replace('"', "").splitlines())
    head = f'#set document(title: "{title}")\n#set text(size: {size}, lang: "fr")\n#set page("a4")\n'
    compiled = typst.compile((head + "\n#pagebreak()\n".join([body] * pages)).encode())
    assert isinstance(compiled, bytes)
    return compiled


def picture_of(pdf: bytes, *, dots: int = 300) -> Image.Image:
    """The first page of a PDF as a scanner sees it."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=dots / 72, grayscale=True).to_pil().convert("L")
    assert isinstance(picture, Image.Image)
    return picture


def scan_pdf(pictures: Sequence[Image.Image], *, layer: str = "", invisible: bool = False, rotate: int = 0) -> bytes:
    """A PDF of pictures over whole A4 pages, with lines of text over each when a ``layer`` is given."""
    pdf = pikepdf.new()
    for picture in pictures:
        page = pdf.add_blank_page(page_size=(595, 842) if picture.height > picture.width else (842, 595))
        body = BytesIO()
        picture.save(body, "JPEG", quality=80)
        image = pikepdf.Stream(pdf, body.getvalue())
        image.Type, image.Subtype, image.Filter = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DCTDecode
        image.Width, image.Height, image.BitsPerComponent = picture.width, picture.height, 8
        image.ColorSpace = pikepdf.Name.DeviceGray
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        page.Resources = pikepdf.Dictionary(XObject={"/Im0": image}, Font={"/F1": font})
        width, height = float(page.MediaBox[2]), float(page.MediaBox[3])
        lines = b"".join(
            b"(" + line.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)") + b") Tj T*\n"
            for line in layer.splitlines()
        )
        shown = b"3 Tr " if invisible else b""
        drawn = (
            f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q\nBT /F1 7 Tf 8 TL 330 820 Td ".replace(
                "330", "30" if invisible else "330"
            ).encode()
            + shown
            + lines
            + b"ET"
        )
        page.Contents = pikepdf.Stream(pdf, drawn)
        if rotate:
            page.Rotate = rotate
    written = BytesIO()
    pdf.save(written)
    return written.getvalue()


def kept(folder: Path, name: str, body: bytes) -> Path:
    """A file of ``folder``."""
    path = folder / name
    path.write_bytes(body)
    return path
