"""Documents (PDF, office, text, archives) searched for persons, in a child process with limits: their makers are strangers."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path, PurePosixPath
from re import compile as pattern

from parvis.core.errors import DataError
from parvis.core.privacy.kinds import UNREAD
from parvis.core.privacy.model import Confidence, Finding, PrivacyReport, Reason, ordered
from parvis.core.privacy.searching import search_file
from parvis.core.privacy.texts import search_text

SECONDS = 60
MEMORY = 2_000_000_000
MOST_TEXT = 3_000_000
"""Characters of a document that are read; a longer one is told as not wholly read."""
MOST_PAGES = 2_000
MOST_MEMBERS = 200
_TAG = pattern(r"<(?:/?(?:w:p|text:p|a:p|text:h|text:line-break|w:br)\b)[^>]*>")
_ANY_TAG = pattern(r"<[^>]{0,2000}>")


def search_document(path: Path, *, name: str, where: str = "document", label: str = "") -> PrivacyReport:
    """Persons named in a document, by its ``name``'s ending; findings bear ``where`` as their column.

    Pictures are not looked at. What cannot be read (broken, protected, scanned, too long) gives a finding ``unread``: likely
    when nothing was read, possible when a part was not.
    """
    command = [sys.executable, "-m", "parvis.core.privacy.documents", str(path), name, where, label or name]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
        return PrivacyReport.from_dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError, KeyError):
        return PrivacyReport(0, (_unread(where, label or name, Confidence.LIKELY),))


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _unread(where: str, label: str, sure: Confidence) -> Finding:
    why = (
        Reason("Le document n’a pas pu être lu : il est abîmé, protégé ou numérisé en images.", "The document could not be read: broken, protected, or scanned as pictures.")
        if sure is Confidence.LIKELY
        else Reason("Une partie du document n’a pas été lue : trop long, ou fait d’images.", "A part of the document was not read: too long, or made of pictures.")
    )  # fmt: skip
    return Finding(UNREAD, where, label, sure, 1, 1.0, (), (why,))


def _pdf(path: Path) -> Iterator[str]:
    import pypdfium2  # noqa: PLC0415 heavy, and only for these

    document = pypdfium2.PdfDocument(path)
    yield "\n".join(document.get_metadata_dict(skip_empty=True).values()) + "\n"
    for number in range(min(len(document), MOST_PAGES)):
        yield document[number].get_textpage().get_text_bounded() + "\n"


_PARTS = (
    "word/",
    "xl/sharedStrings",
    "xl/worksheets/",
    "xl/comments",
    "xl/threadedComments",
    "xl/drawings/",
    "ppt/slides/",
    "ppt/notesSlides/",
    "ppt/comments",
    "content.xml",
    "styles.xml",
    "docProps/core",
)


def _office(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist()[:5_000]:
            if member.filename.endswith(".xml") and member.filename.startswith(_PARTS):
                with archive.open(member) as stream:
                    xml = stream.read(MOST_TEXT * 4).decode("utf-8", "replace")
                yield (
                    unescape(_ANY_TAG.sub("" if member.filename.startswith("word/") else " ", _TAG.sub("\n", xml)))
                    + "\n"
                )


def _plain(path: Path) -> Iterator[str]:
    with path.open("rb") as stream:
        body = stream.read(MOST_TEXT + 1)
    try:
        yield body.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield body.decode("cp1252", "replace")


def _by_text(read: Callable[[Path], Iterator[str]]) -> Callable[[Path, str, str, str], PrivacyReport]:
    def search(path: Path, name: str, where: str, label: str) -> PrivacyReport:
        pieces, length = [], 0
        for piece in read(path):
            pieces.append(piece[: MOST_TEXT - length])
            length += len(piece)
            if length > MOST_TEXT:
                break
        text = "".join(pieces)
        found = list(search_text(text, where=where, label=label).findings)
        if not text.strip():
            found.append(_unread(where, label, Confidence.LIKELY))
        elif length > MOST_TEXT:
            found.append(_unread(where, label, Confidence.POSSIBLE))
        return PrivacyReport(1, ordered(found))

    return search


def _table(path: Path, name: str, where: str, label: str) -> PrivacyReport:
    """A table searched as one; sheets other than the first, and what is no table, as text."""
    text = _office if zipfile.is_zipfile(path) else _plain
    found = list(_by_text(text)(path, name, where, label).findings)
    with tempfile.TemporaryDirectory() as work:
        try:
            table = search_file(path, work=Path(work), name=name)
        except DataError:
            return PrivacyReport(1, ordered(found))
    found += [
        Finding(
            one.kind,
            f"{where}:{one.column}",
            f"{label} : {one.label}",
            one.confidence,
            one.count,
            one.share,
            one.samples,
            one.reasons,
        )
        for one in table.findings
    ]
    return PrivacyReport(table.rows, ordered(found))


def _archive(path: Path, name: str, where: str, label: str) -> PrivacyReport:
    found: list[Finding] = []
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        members = [member for member in archive.infolist() if not member.is_dir()]
        for number, member in enumerate(members[:MOST_MEMBERS]):
            inner = PurePosixPath(member.filename).name
            target = Path(folder) / f"{number}{PurePosixPath(inner).suffix.lower()}"
            with archive.open(member) as source, target.open("wb") as copy:
                copy.write(source.read(MOST_TEXT * 10))
            found += _search(target, inner, f"{where}:{inner}", f"{label} : {inner}", nested=True).findings
            target.unlink()
        if len(members) > MOST_MEMBERS:
            found.append(_unread(where, label, Confidence.LIKELY))
    return PrivacyReport(1, ordered(found))


_GPS = 0x8825
_SHOT = Reason("La photographie dit où elle fut prise.", "The photograph tells where it was taken.")


def _picture(path: Path, name: str, where: str, label: str) -> PrivacyReport:
    """What a camera or a person wrote beside the picture; what it shows is not looked at."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 heavy, and only for these

    try:
        with Image.open(path) as picture:
            written = picture.getexif()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return PrivacyReport(0, (_unread(where, label, Confidence.LIKELY),))
    said = "\n".join(value for value in written.values() if isinstance(value, str))
    found = list(search_text(said[:MOST_TEXT], where=where, label=label).findings)
    if written.get_ifd(_GPS):
        found.append(Finding("position", where, label, Confidence.LIKELY, 1, 1.0, (), (_SHOT,)))
    return PrivacyReport(1, ordered(found))


READERS: dict[str, Callable[[Path, str, str, str], PrivacyReport]] = {
    "pdf": _by_text(_pdf),
    **dict.fromkeys(("odt", "odp", "docx", "pptx"), _by_text(_office)),
    **dict.fromkeys(("xlsx", "ods", "csv", "json", "geojson", "tsv"), _table),
    **dict.fromkeys(("txt", "md", "xml", "html", "htm"), _by_text(_plain)),
    **dict.fromkeys(("png", "jpg", "jpeg"), _picture),
    "zip": _archive,
}
"""By ending: how a document is searched."""


def _search(path: Path, name: str, where: str, label: str, *, nested: bool = False) -> PrivacyReport:
    reader = READERS.get(PurePosixPath(name).suffix.lower().lstrip("."))
    if reader is None or (nested and reader is _archive):
        return PrivacyReport(0, (_unread(where, label, Confidence.LIKELY),))
    return reader(path, name, where, label)


if __name__ == "__main__":
    _bounded()
    document, called, column, shown = sys.argv[1:5]
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answer:
        os.dup2(2, 1)  # what libraries print of a long work is no part of the answer
        answer.write(json.dumps(_search(Path(document), called, column, shown).to_dict()))
