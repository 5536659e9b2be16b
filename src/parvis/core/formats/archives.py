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

from parvis.core.formats.archive_members import set_members
from parvis.core.formats.limits import Limits
from parvis.core.formats.refusals import (
    ArchiveBomb,
    ArchiveLink,
    ArchivePath,
    BrokenFile,
    EncryptedFile,
    XmlEntities,
)
from parvis.core.translation import Sentence

CHUNK = 1024 * 1024
_ENCRYPTED = 0x1


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


def extract(archive: zipfile.ZipFile, member: str, folder: Path, name: str, limits: Limits) -> Path:
    """Write ``member``, and the files that go with it, into the empty ``folder`` under names of ours; the path of ``member``."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    packed = Path(str(archive.filename)).stat().st_size
    total = 0
    for part in set_members(member, names) or [member]:
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
