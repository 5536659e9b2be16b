"""Whether the content of a document is what its name says, looked at in a confined child."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from parvis.core.children import Permits, ReadingFailed, ReadingTooLarge, ReadingTooLong, call
from parvis.core.documents.errors import DocumentMismatch
from parvis.core.documents.kinds import KINDS, ZIP, DocumentKind
from parvis.core.translation import Sentence

MOST_PARTS = 10_000
MOST_UNPACKED = 1_000_000_000
"""Bytes that a document says it holds once unpacked: who opens it must not lose their machine to it."""
MOST_GROWTH = 200
"""Times its own size, beyond the first ten million bytes."""
SECONDS = 20.0
MEMORY = 500_000_000
MOST_WRITTEN = 1_000_000
"""Bytes on the disk: nothing is unpacked to look at a document."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A document that is what it says."""

    suffix: str
    media_type: str


def require_document(path: Path, scratch: Path, kind: DocumentKind, name: str) -> Recognised:
    """The document at ``path`` looked at in a child; DocumentMismatch when it is not of that kind."""
    permits = Permits(name=name, read=(path,), write=(scratch,), seconds=SECONDS, memory=MEMORY, disk=MOST_WRITTEN)
    try:
        return call(recognise_document, path, kind.suffix, name, permits=permits)
    except (ReadingFailed, ReadingTooLong, ReadingTooLarge) as error:
        raise _mismatch(kind, name, Sentence("il est abîmé")) from error


def recognise_document(path: Path, suffix: str, name: str) -> Recognised:
    """What is said in a child of a document that is no picture: its kind, once its content is that of its ending."""
    kind = KINDS[suffix]
    with path.open("rb") as stream:
        beginning = stream.read(1_024)
        stream.seek(0)
        is_binary = kind.is_text and any(b"\0" in piece for piece in iter(lambda: stream.read(1 << 20), b""))
    if not beginning:
        raise _mismatch(kind, name, Sentence("il est vide"))
    if not beginning.startswith(kind.begins) or is_binary:
        raise _mismatch(kind, name, Sentence("il commence autrement"))
    if kind.begins == ZIP:
        _require_archive(path, kind, name)
    return Recognised(kind.suffix, kind.media_type)


def _require_archive(path: Path, kind: DocumentKind, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _require_sizes(members, path.stat().st_size, kind, name)
            if kind.is_open_document:
                with archive.open("mimetype") as stream:
                    marked = stream.read(200).decode("ascii", "replace") == kind.mark
            else:
                marked = not kind.mark or any(member.filename == kind.mark for member in members)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise _mismatch(kind, name, Sentence("il est abîmé")) from error
    if not marked:
        raise _mismatch(kind, name, Sentence("c’est une autre sorte de document"))
    if kind.mark and any(PurePosixPath(member.filename).name == "vbaProject.bin" for member in members):
        raise _mismatch(kind, name, Sentence("il contient des macros"))


def _require_sizes(members: list[zipfile.ZipInfo], packed: int, kind: DocumentKind, name: str) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_PARTS or unpacked > MOST_UNPACKED or unpacked > max(10_000_000, MOST_GROWTH * packed):
        raise _mismatch(kind, name, Sentence("il grossirait démesurément à l’ouverture"))


def _mismatch(kind: DocumentKind, name: str, reason: Sentence) -> DocumentMismatch:
    return DocumentMismatch(file=name, suffix=kind.suffix, reason=reason)
