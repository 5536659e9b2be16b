"""What is often sent in place of a table: recognised by content, refused by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parvis.core.formats.refusals import NotATable, UnsupportedFormat
from parvis.core.formats.sample import Sample

_EXPORT_FR = "Demandez les données d’origine, ou exportez-les en CSV, XLSX ou ODS."
_EXPORT_EN = "Ask for the original data, or export them as CSV, XLSX or ODS."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Foreign:
    """One kind of document that is no table, with its article, and how to know it."""

    fr: str
    en: str
    recognise: Callable[[Sample], bool]
    advice_fr: str = _EXPORT_FR
    advice_en: str = _EXPORT_EN


def _starts(*heads: bytes) -> Callable[[Sample], bool]:
    return lambda sample: sample.head.startswith(heads)


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def is_html(sample: Sample) -> bool:
    """True for a web page."""
    start = sample.text.lstrip().lower()
    return start.startswith("<!doctype html") or sample.xml_root == "html"


_PAGE_FR = "L’adresse donne une page web et non le fichier : cherchez le lien de téléchargement."
_PAGE_EN = "The address gives a web page, not the file: look for the download link."
_UNZIP_FR = "Décompressez le fichier, ou compressez-le en .zip."
_UNZIP_EN = "Unpack the file, or pack it as .zip."

FOREIGN = (
    Foreign("un document PDF", "a PDF document", lambda s: b"%PDF-" in s.head[:1024]),
    Foreign("une image JPEG", "a JPEG picture", _starts(b"\xff\xd8\xff")),
    Foreign("une image PNG", "a PNG picture", _starts(b"\x89PNG")),
    Foreign("une image GIF", "a GIF picture", _starts(b"GIF87a", b"GIF89a")),
    Foreign("une image TIFF", "a TIFF picture", _starts(b"II*\0", b"MM\0*")),
    Foreign("une page web (HTML)", "a web page (HTML)", is_html, _PAGE_FR, _PAGE_EN),
    Foreign("un document RTF", "an RTF document", _starts(b"{\\rtf")),
    Foreign("un document Word", "a Word document", lambda s: "word/document.xml" in s.members),
    Foreign("une présentation PowerPoint", "a PowerPoint presentation", lambda s: "ppt/presentation.xml" in s.members),
    Foreign("un document texte OpenDocument", "an OpenDocument text", lambda s: "opendocument.text" in s.mimetype),
    Foreign(
        "une présentation OpenDocument",
        "an OpenDocument presentation",
        lambda s: "opendocument.presentation" in s.mimetype,
    ),
    Foreign("une archive zip vide", "an empty zip archive", _starts(b"PK\x05\x06")),
    Foreign("une archive 7z", "a 7z archive", _starts(b"7z\xbc\xaf\x27\x1c"), _UNZIP_FR, _UNZIP_EN),
    Foreign("une archive RAR", "a RAR archive", _starts(b"Rar!\x1a\x07"), _UNZIP_FR, _UNZIP_EN),
    Foreign("un fichier compressé bzip2", "a bzip2 file", _starts(b"BZh"), _UNZIP_FR, _UNZIP_EN),
    Foreign("un fichier compressé xz", "an xz file", _starts(b"\xfd7zXZ\0"), _UNZIP_FR, _UNZIP_EN),
    Foreign("un fichier compressé zstd", "a zstd file", _starts(b"\x28\xb5\x2f\xfd"), _UNZIP_FR, _UNZIP_EN),
    Foreign("un programme", "a program", _starts(b"\x7fELF", b"MZ\x90")),
)

SHAPEFILE_PART = _starts(b"\x00\x00\x27\x0a\0\0\0\0")


def refuse_foreign(sample: Sample) -> None:
    """NotATable for another kind of document, UnsupportedFormat for a table that Parvis does not read."""
    for row in FOREIGN:
        if row.recognise(sample):
            raise NotATable(
                file=sample.name, kind_fr=row.fr, kind_en=row.en, advice_fr=row.advice_fr, advice_en=row.advice_en
            )
    if SHAPEFILE_PART(sample) and not sample.path.with_suffix(".dbf").exists():
        raise NotATable(
            file=sample.name,
            kind_fr="un Shapefile sans ses autres fichiers",
            kind_en="a Shapefile without its other files",
            advice_fr="Envoyez dans une archive .zip les fichiers .shp, .shx, .dbf et .prj ensemble.",
            advice_en="Send the .shp, .shx, .dbf and .prj files together in a .zip archive.",
        )
    if sample.head.startswith(b"SQLite format 3\0") and not is_geopackage(sample):
        raise UnsupportedFormat(file=sample.name, format_fr="SQLite", format_en="SQLite")


def is_geopackage(sample: Sample) -> bool:
    """True for an SQLite file that calls itself a GeoPackage or holds its table of contents."""
    return sample.head.startswith(b"SQLite format 3\0") and (
        sample.head[68:72] in {b"GPKG", b"GP10", b"GP11"} or b"gpkg_contents" in sample.head
    )


def is_ole_workbook(sample: Sample) -> bool:
    """True for an Excel 97 workbook; a Word or PowerPoint document of that time is told apart by its streams."""
    if not sample.head.startswith(_OLE):
        return sample.head[:4] in {b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00"}
    with sample.path.open("rb") as stream:
        content = stream.read(64 * 1024 * 1024)
    if _wide("WordDocument") in content or _wide("PowerPoint Document") in content:
        raise NotATable(
            file=sample.name,
            kind_fr="un document Office ancien (Word ou PowerPoint)",
            kind_en="an old Office document (Word or PowerPoint)",
            advice_fr=_EXPORT_FR,
            advice_en=_EXPORT_EN,
        )
    return _wide("Workbook") in content or _wide("Book") in content or _wide("EncryptedPackage") in content
