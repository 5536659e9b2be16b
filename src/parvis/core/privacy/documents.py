"""Documents (PDF, office, text, archives) searched for persons, in a confined child: their makers are strangers."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path, PurePosixPath
from re import compile as pattern
from typing import Any

from parvis.core.children import Permits, call
from parvis.core.errors import DataError, ParvisError
from parvis.core.pictures import words_beside
from parvis.core.privacy.kinds import KIND_BY_NAME, UNREAD
from parvis.core.privacy.model import Confidence, Finding, PrivacyReport, ordered
from parvis.core.privacy.search import search_file
from parvis.core.privacy.texts import search_text
from parvis.core.translation import Sentence, gettext_noop

SECONDS = 60.0
MEMORY = 2_000_000_000
MOST_TEXT = 3_000_000
"""Characters of a document that are read; a longer one is told as not wholly read."""
MOST_XML = 80_000_000
"""Bytes of the parts of an office document that are unpacked for it."""
MOST_PAGES = 2_000
MOST_MEMBERS = 200
MOST_UNPACKED = 500_000_000
"""Bytes of an archive that are unpacked, one member at a time."""
MOST_WRITTEN = 2_000_000_000
"""Bytes on the disk: members unpacked, tables that do not fit in memory."""
MOST_FINDINGS = 2_000
# A tag ends before the next one begins: what opens a million and closes none takes a time in proportion.
_TAG = pattern(r"<(?:/?(?:w:p|text:p|a:p|text:h|text:line-break|w:br)\b)[^<>]*>")
_ANY_TAG = pattern(r"<[^<>]*>")


def search_document(path: Path, *, name: str, where: str = "document", label: str = "") -> PrivacyReport:
    """Persons named in a document, by its ``name``'s ending; findings have ``where`` as their column.

    Pictures are not looked at. What cannot be read (broken, protected, scanned, too long) gives a finding ``unread``: likely
    when nothing was read, possible when a part was not.
    """
    shown = label or name
    with tempfile.TemporaryDirectory(prefix="parvis-document-") as folder:
        permits = Permits(
            name=shown, read=(path,), write=(Path(folder),), seconds=SECONDS, memory=MEMORY, disk=MOST_WRITTEN
        )
        try:
            return _believed(call(search_in_child, path, Path(folder), name, where, shown, permits=permits))
        except (ParvisError, ValueError, KeyError, TypeError):
            return PrivacyReport(0, (_unread(where, shown, Confidence.LIKELY),))


def _believed(body: dict[str, Any]) -> PrivacyReport:
    """The report of a child, that of a stranger too; ValueError for what this house does not say."""
    report = PrivacyReport.from_dict(body)
    if len(report.findings) > MOST_FINDINGS or any(one.kind not in KIND_BY_NAME for one in report.findings):
        raise ValueError("findings")
    return report


def search_in_child(path: Path, scratch: Path, name: str, where: str, label: str) -> dict[str, Any]:
    """What ``search_document`` asks of a child; it unpacks into ``scratch``."""
    try:
        return _search(path, scratch, name, where, label).to_dict()
    except Exception:  # noqa: BLE001 readers of PDF and XML raise anything on what strangers write: it could not be read
        return PrivacyReport(0, (_unread(where, label, Confidence.LIKELY),)).to_dict()


def _unread(where: str, label: str, sure: Confidence) -> Finding:
    why = (
        Sentence(gettext_noop("Le document n’a pas pu être lu : il est abîmé, protégé ou numérisé en images."))
        if sure is Confidence.LIKELY
        else Sentence(gettext_noop("Une partie du document n’a pas été lue : trop long, ou fait d’images."))
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
    left = MOST_XML
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist()[:5_000]:
            if left > 0 and member.filename.endswith(".xml") and member.filename.startswith(_PARTS):
                with archive.open(member) as stream:
                    packed = stream.read(min(left, MOST_TEXT * 4))
                left -= len(packed)
                xml = packed.decode("utf-8", "replace")
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


def _by_text(read: Callable[[Path], Iterator[str]]) -> Search:
    def search(path: Path, scratch: Path, name: str, where: str, label: str) -> PrivacyReport:
        pieces, length = [], 0
        for piece in read(path):
            pieces.append(piece[: MOST_TEXT - length])
            length += len(piece)
            if length > MOST_TEXT:
                break
        text = "".join(pieces)
        findings = list(search_text(text, where=where, label=label).findings)
        if not text.strip():
            findings.append(_unread(where, label, Confidence.LIKELY))
        elif length > MOST_TEXT:
            findings.append(_unread(where, label, Confidence.POSSIBLE))
        return PrivacyReport(1, ordered(findings))

    return search


def _table(path: Path, scratch: Path, name: str, where: str, label: str) -> PrivacyReport:
    """A table searched as one; sheets other than the first, and what is no table, as text."""
    text = _office if zipfile.is_zipfile(path) else _plain
    findings = list(_by_text(text)(path, scratch, name, where, label).findings)
    with tempfile.TemporaryDirectory(dir=scratch) as work:
        try:
            table = search_file(path, work=Path(work), name=name)
        except DataError:
            return PrivacyReport(1, ordered(findings))
    findings += [
        Finding(
            finding.kind,
            f"{where}:{finding.column}",
            f"{label} : {finding.label}",
            finding.confidence,
            finding.count,
            finding.share,
            finding.samples,
            finding.reasons,
        )
        for finding in table.findings
    ]
    return PrivacyReport(table.rows, ordered(findings))


def _archive(path: Path, scratch: Path, name: str, where: str, label: str) -> PrivacyReport:
    findings: list[Finding] = []
    left = MOST_UNPACKED
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory(dir=scratch) as folder:
        members = [member for member in archive.infolist() if not member.is_dir()]
        for number, member in enumerate(members[:MOST_MEMBERS]):
            inner = PurePosixPath(member.filename).name
            target = Path(folder) / f"{number}{PurePosixPath(inner).suffix.lower()}"
            with archive.open(member) as source, target.open("wb") as copy:
                left -= copy.write(source.read(min(left, MOST_TEXT * 10)))
            findings += _member(target, scratch, inner, f"{where}:{inner}", f"{label} : {inner}")
            target.unlink()
        if len(members) > MOST_MEMBERS or left <= 0:
            findings.append(_unread(where, label, Confidence.LIKELY))
    return PrivacyReport(1, ordered(findings))


def _member(path: Path, scratch: Path, name: str, where: str, label: str) -> tuple[Finding, ...]:
    """What is found in a member of an archive, in which others are not opened; one that cannot be read does not hide the others."""
    if PurePosixPath(name).suffix.lower() == ".zip":
        return (_unread(where, label, Confidence.LIKELY),)
    report = PrivacyReport.from_dict(search_in_child(path, scratch, name, where, label))
    return report.findings


_SHOT = Sentence(gettext_noop("La photographie dit où elle fut prise."))


def _picture(path: Path, scratch: Path, name: str, where: str, label: str) -> PrivacyReport:
    """What a camera or a person wrote beside the picture; what it shows is not looked at."""
    beside = words_beside(path, name)
    findings = list(search_text(beside.words[:MOST_TEXT], where=where, label=label).findings)
    if beside.is_located:
        findings.append(Finding("position", where, label, Confidence.LIKELY, 1, 1.0, (), (_SHOT,)))
    return PrivacyReport(1, ordered(findings))


type Search = Callable[[Path, Path, str, str, str], PrivacyReport]

READERS: dict[str, Search] = {
    "pdf": _by_text(_pdf),
    **dict.fromkeys(("odt", "odp", "docx", "pptx"), _by_text(_office)),
    **dict.fromkeys(("xlsx", "ods", "csv", "json", "geojson", "tsv"), _table),
    **dict.fromkeys(("txt", "md", "xml", "html", "htm"), _by_text(_plain)),
    **dict.fromkeys(("png", "jpg", "jpeg"), _picture),
    "zip": _archive,
}
"""By ending: how a document is searched."""


def _search(path: Path, scratch: Path, name: str, where: str, label: str) -> PrivacyReport:
    reader = READERS.get(PurePosixPath(name).suffix.lower().lstrip("."))
    if reader is None:
        return PrivacyReport(0, (_unread(where, label, Confidence.LIKELY),))
    return reader(path, scratch, name, where, label)
