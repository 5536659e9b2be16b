"""Opening zip and gzip files without harm: bounded size, no path taken from the archive, no link, no password."""

from __future__ import annotations

import copy
import gzip
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from parvis.core.formats.limits import Limits
from parvis.core.formats.refusals import (
    ArchiveBomb,
    ArchiveLink,
    ArchivePath,
    BrokenFile,
    EncryptedFile,
    NoSuchPart,
    NoTable,
    SeveralTables,
    XmlEntities,
)
from parvis.core.translation import Sentence

CHUNK = 1024 * 1024
_ENCRYPTED = 0x1
_DOCUMENTS = {
    ".md",
    ".pdf",
    ".html",
    ".htm",
    ".doc",
    ".docx",
    ".odt",
    ".rtf",
    ".png",
    ".jpg",
    ".jpeg",
    ".qml",
    ".sld",
    ".lyr",
    ".qgs",
    ".qgz",
    ".svg",
    ".gif",
    ".md5",
    ".sha1",
    ".sha256",
}
_README = re.compile(
    r"(^|[^a-z])(readme|lisez[-_ ]?moi|licen[cs]es?|notice|copying|metadata|metadonnees|changelog)([^a-z]|$)"
)
SETS = {
    ".shp": (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx"),
    ".mif": (".mif", ".mid"),
    ".tab": (".tab", ".dat", ".map", ".id", ".ind"),
}
"""Main file of a format made of several files, and the files that may go with it."""


def open_zip(path: Path, name: str, limits: Limits) -> zipfile.ZipFile:
    """The zip at ``path`` once its table of members is known to be harmless; the caller closes it."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError, struct.error) as error:
        raise BrokenFile(file=name, format="zip", reason=str(error)) from error
    try:
        _check_members(archive, path.stat().st_size, name, limits)
    except BaseException:
        archive.close()
        raise
    return archive


def _check_members(archive: zipfile.ZipFile, packed: int, name: str, limits: Limits) -> None:
    members = archive.infolist()
    if len(members) > limits.max_members:
        raise ArchiveBomb(file=name, reason=Sentence("{members} fichiers", {"members": len(members)}))
    check_growth(sum(member.file_size for member in members), packed, name, limits)
    for member in members:
        if unsafe_path(member.orig_filename):
            raise ArchivePath(file=name, member=member.filename)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise ArchiveLink(file=name, member=member.filename)
        if member.flag_bits & _ENCRYPTED:
            raise EncryptedFile(file=name)


def unsafe_path(path: str) -> bool:
    """True for an absolute path, a drive, a step upwards or a NUL."""
    plain = path.replace("\\", "/")
    return plain.startswith("/") or ":" in plain.split("/")[0] or ".." in plain.split("/") or "\0" in plain


def check_growth(unpacked: int, packed: int, name: str, limits: Limits) -> None:
    """ArchiveBomb when ``unpacked`` bytes are too many, in themselves or for ``packed`` bytes of archive."""
    if unpacked > limits.max_bytes:
        gib = limits.max_bytes / 1024**3
        raise ArchiveBomb(file=name, reason=Sentence("plus de {gib:.1f} Gio", {"gib": gib}))
    if unpacked > limits.ratio_floor and unpacked > packed * limits.max_ratio:
        ratio = limits.max_ratio
        raise ArchiveBomb(file=name, reason=Sentence("plus de {ratio} fois sa taille", {"ratio": ratio}))


def candidates(archive: zipfile.ZipFile) -> list[str]:
    """Members that may be the table, sorted: without folders, hidden files, documents and parts of a set."""
    names = [member.filename for member in archive.infolist() if not member.is_dir()]
    names = [name for name in names if not _is_noise(PurePosixPath(name))]
    parts = {part for main in names for part in _set_members(main, names) if part != main}
    members = sorted(name for name in names if name not in parts)
    tables = [name for name in members if not _is_document(PurePosixPath(name))]
    return tables or members


def _is_noise(path: PurePosixPath) -> bool:
    return (
        "__MACOSX" in path.parts
        or path.name.startswith((".", "~$"))
        or path.name.lower() in {"thumbs.db", "desktop.ini"}
    )


def _is_document(path: PurePosixPath) -> bool:
    return path.suffix.lower() in _DOCUMENTS or (
        path.suffix.lower() in {".txt", ".xml", ".json", ""} and bool(_README.search(path.stem.lower()))
    )


def _set_members(main: str, names: list[str]) -> list[str]:
    """The files that go with ``main``: same folder and stem, an extension of its set."""
    path = PurePosixPath(main)
    suffixes = SETS.get(path.suffix.lower(), ())
    root = str(path.with_suffix("")).lower()
    return [name for name in names if _root(name) == root and PurePosixPath(name).suffix.lower() in suffixes]


def _root(name: str) -> str:
    return str(PurePosixPath(name).with_suffix("")).lower()


def choose(archive: zipfile.ZipFile, member: str | None, name: str) -> tuple[str, list[str]]:
    """The member to read (``member`` when given) and all candidates; SeveralTables when the choice is not ours."""
    members = candidates(archive)
    if member is not None:
        everything = [info.filename for info in archive.infolist() if not info.is_dir()]
        if member not in everything:
            raise NoSuchPart(file=name, part=member, listing=", ".join(members))
        return member, members
    if not members or (len(members) > 1 and all(_is_document(PurePosixPath(one)) for one in members)):
        raise NoTable(file=name)
    if len(members) > 1:
        raise SeveralTables(file=name, listing=", ".join(members[:30]), members=members)
    return members[0], members


def extract(archive: zipfile.ZipFile, member: str, folder: Path, name: str, limits: Limits) -> Path:
    """Write ``member``, and the files that go with it, into the empty ``folder`` under names of ours; the path of ``member``."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    packed = Path(str(archive.filename)).stat().st_size
    total = 0
    for part in _set_members(member, names) or [member]:
        target = folder / ("member" + _plain_suffix(part))
        with target.open("wb") as stream:
            for chunk in read_member(archive, part, name, limits):
                total += len(chunk)
                check_growth(total, packed, name, limits)
                stream.write(chunk)
    return folder / ("member" + _plain_suffix(member))


def _plain_suffix(member: str) -> str:
    suffix = PurePosixPath(member).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,10}", suffix) else ""


def read_member(archive: zipfile.ZipFile, member: str, name: str, limits: Limits) -> Iterator[bytes]:
    """The bytes of ``member`` to their true end: the size its header declares is not believed."""
    info = copy.copy(archive.getinfo(member))
    info.file_size = max(info.file_size, limits.max_bytes + CHUNK)
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise BrokenFile(file=name, format="zip", reason=str(error)) from error


def gunzip(path: Path, target: Path, name: str, limits: Limits) -> Path:
    """Unpack the gzip at ``path`` to ``target``; BrokenFile when it is cut or damaged."""
    packed = path.stat().st_size
    target.parent.mkdir(parents=True, exist_ok=True)
    total = 0
    try:
        with gzip.open(path) as source, target.open("wb") as stream:
            while chunk := source.read(CHUNK):
                total += len(chunk)
                check_growth(total, packed, name, limits)
                stream.write(chunk)
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise BrokenFile(file=name, format="gzip", reason=str(error)) from error
    return target


_ENTITY = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def refuse_entities(stream: IO[bytes] | Iterator[bytes], name: str) -> int:
    """Refuse XML that declares a document type or entities, in any encoding; the number of bytes looked at.

    UTF-16 hides the words between NUL bytes, so these are dropped before looking.
    """
    total, tail = 0, b""
    chunks = iter(lambda: stream.read(CHUNK), b"") if hasattr(stream, "read") else stream
    for chunk in chunks:
        total += len(chunk)
        window = tail + chunk.replace(b"\0", b"")
        if _ENTITY.search(window):
            raise XmlEntities(file=name)
        tail = window[-64:]
    return total
