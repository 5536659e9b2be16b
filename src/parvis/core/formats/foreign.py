"""What is often sent in place of a table: recognised by content, refused by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parvis.core.formats.refusals import NotATable, UnsupportedFormat
from parvis.core.formats.sample import Sample
from parvis.core.translation import Sentence, gettext_noop

_EXPORT = gettext_noop("Demandez les données d’origine, ou exportez-les en CSV, XLSX ou ODS.")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Foreign:
    """One kind of document that is no table, with its article, and how to know it."""

    label: str
    recognise: Callable[[Sample], bool]
    advice: str = _EXPORT


def _starts(*heads: bytes) -> Callable[[Sample], bool]:
    return lambda sample: sample.head.startswith(heads)


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def is_html(sample: Sample) -> bool:
    """True for a web page."""
    start = sample.text.lstrip().lower()
    return start.startswith("<!doctype html") or sample.xml_root == "html"


def _rooted(root: str, words: str = "") -> Callable[[Sample], bool]:
    """True for XML of that root element, whose beginning says ``words``."""
    return lambda sample: sample.xml_root == root and words in sample.text


_RESAVE = gettext_noop("Ouvrez-le dans un tableur et enregistrez-le en XLSX, ODS ou CSV.")
_PAGE = gettext_noop("L’adresse donne une page web et non le fichier : cherchez le lien de téléchargement.")
_UNZIP = gettext_noop("Décompressez le fichier, ou compressez-le en .zip.")

FOREIGN = (
    Foreign(gettext_noop("un document PDF"), lambda s: b"%PDF-" in s.head[:1024]),
    Foreign(gettext_noop("une image JPEG"), _starts(b"\xff\xd8\xff")),
    Foreign(gettext_noop("une image PNG"), _starts(b"\x89PNG")),
    Foreign(gettext_noop("une image GIF"), _starts(b"GIF87a", b"GIF89a")),
    Foreign(gettext_noop("une image TIFF"), _starts(b"II*\0", b"MM\0*")),
    Foreign(gettext_noop("une page web (HTML)"), is_html, _PAGE),
    Foreign(gettext_noop("une image SVG"), _rooted("svg")),
    Foreign(
        gettext_noop("un classeur au format XML d’Excel 2003"),
        _rooted("workbook", "urn:schemas-microsoft-com:office:spreadsheet"),
        _RESAVE,
    ),
    Foreign(gettext_noop("un schéma XML (XSD)"), _rooted("schema", "http://www.w3.org/2001/XMLSchema")),
    Foreign(gettext_noop("une feuille de style XSL"), _rooted("stylesheet", "http://www.w3.org/1999/XSL/Transform")),
    Foreign(gettext_noop("un projet QGIS"), _rooted("qgis")),
    Foreign(gettext_noop("un document RTF"), _starts(b"{\\rtf")),
    Foreign(gettext_noop("un document Word"), lambda s: "word/document.xml" in s.members),
    Foreign(gettext_noop("une présentation PowerPoint"), lambda s: "ppt/presentation.xml" in s.members),
    Foreign(gettext_noop("un document texte OpenDocument"), lambda s: "opendocument.text" in s.mimetype),
    Foreign(
        gettext_noop("une présentation OpenDocument"),
        lambda s: "opendocument.presentation" in s.mimetype,
    ),
    Foreign(gettext_noop("une archive zip vide"), _starts(b"PK\x05\x06")),
    Foreign(gettext_noop("une archive 7z"), _starts(b"7z\xbc\xaf\x27\x1c"), _UNZIP),
    Foreign(gettext_noop("une archive RAR"), _starts(b"Rar!\x1a\x07"), _UNZIP),
    Foreign(gettext_noop("un fichier compressé bzip2"), _starts(b"BZh"), _UNZIP),
    Foreign(gettext_noop("un fichier compressé xz"), _starts(b"\xfd7zXZ\0"), _UNZIP),
    Foreign(gettext_noop("un fichier compressé zstd"), _starts(b"\x28\xb5\x2f\xfd"), _UNZIP),
    Foreign(gettext_noop("un programme"), _starts(b"\x7fELF", b"MZ\x90")),
)

SHAPEFILE_PART = _starts(b"\x00\x00\x27\x0a\0\0\0\0")


def refuse_foreign(sample: Sample) -> None:
    """NotATable for another kind of document, UnsupportedFormat for a table that Parvis does not read."""
    for row in FOREIGN:
        if row.recognise(sample):
            raise NotATable(file=sample.name, kind=Sentence(row.label), advice=Sentence(row.advice))
    if SHAPEFILE_PART(sample) and not sample.path.with_suffix(".dbf").exists():
        raise NotATable(
            file=sample.name,
            kind=Sentence(gettext_noop("un Shapefile sans ses autres fichiers")),
            advice=Sentence(
                gettext_noop("Envoyez dans une archive .zip les fichiers .shp, .shx, .dbf et .prj ensemble.")
            ),
        )
    if sample.head.startswith(b"SQLite format 3\0") and not is_geopackage(sample):
        raise UnsupportedFormat(file=sample.name, format="SQLite")


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
            kind=Sentence(gettext_noop("un document Office ancien (Word ou PowerPoint)")),
            advice=Sentence(_EXPORT),
        )
    return _wide("Workbook") in content or _wide("Book") in content or _wide("EncryptedPackage") in content
