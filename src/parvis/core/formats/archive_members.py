"""Which members of an archive are tables, which go with them, and which of them are one table in several files."""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from parvis.core.formats.options import is_pattern
from parvis.core.formats.refusals import NoSuchPart, NoTable, SeveralTables

_TABLES = (
    "gpkg", "fgb", "shp", "geojson", "tab", "mif", "kml", "gpx",  # those with places first: the one read among several
    "parquet", "csv", "tsv", "txt", "xlsx", "ods", "xls", "json", "jsonl", "ndjson", "xml", "dbf",
    "gz", "zip",
)  # fmt: skip
"""Extensions of tables, in the order in which one is taken when the same table comes in several formats."""
_TEXT = {".csv", ".tsv", ".txt"}
_ABOUT = re.compile(
    r"(^|[^a-z])(readme|lisez[-_ ]?moi|licen[cs]es?|notices?|copying|meta|metadata|metadonnees?|changelog|dictionnaires?|dico|varmod"
    r"|descriptifs?|documentation|legendes?|sommaire|mentions?[-_ ]legales)([^a-z]|$)"
)
"""What tells of a table without being one, by its name."""
SETS = {
    ".shp": (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx"),
    ".mif": (".mif", ".mid", ".dbf"),
    ".tab": (".tab", ".dat", ".map", ".id", ".ind"),
}
"""Main file of a format made of several files, and the files that may go with it."""


MOST_PARTS = 500
ALIKE = 2 / 3
"""The share of columns that parts of one table have in common."""
SHOWN = 30
_HEAD = 64 * 1024
_SEPARATORS = re.compile(rb"[;,\t|]")
_KILO = 1024


@dataclass(frozen=True, slots=True)
class Choice:
    """The members to read: one, or several that are one table. ``members`` are all that may be tables."""

    chosen: tuple[str, ...]
    members: tuple[str, ...]


def candidates(archive: zipfile.ZipFile) -> list[str]:
    """Members that may be the table, sorted: without folders, hidden files, documents, programs and parts of a set.

    Those whose extension says that they are tables when there are some, else all; so for those whose name tells of something else.
    """
    names = [member.filename for member in archive.infolist() if not member.is_dir()]
    names = [name for name in names if not _is_noise(PurePosixPath(name))]
    parts = {part for main in names for part in set_members(main, names) if part != main}
    members = sorted(name for name in names if name not in parts)
    tables = [name for name in members if _rank(name) < len(_TABLES)]
    return [name for name in tables if not _is_about(name)] or tables or members


def _is_noise(path: PurePosixPath) -> bool:
    return (
        "__MACOSX" in path.parts
        or path.name.startswith((".", "~$"))
        or path.name.lower() in {"thumbs.db", "desktop.ini"}
    )


def _rank(name: str) -> int:
    suffix = PurePosixPath(name).suffix.lower().lstrip(".")
    return _TABLES.index(suffix) if suffix in _TABLES else len(_TABLES)


def _is_about(name: str) -> bool:
    stem = unicodedata.normalize("NFKD", PurePosixPath(name).stem.lower())
    return _ABOUT.search("".join(sign for sign in stem if not unicodedata.combining(sign))) is not None


def set_members(main: str, names: list[str]) -> list[str]:
    """The files that go with ``main``: same folder and stem, an extension of its set."""
    path = PurePosixPath(main)
    suffixes = SETS.get(path.suffix.lower(), ())
    root = _root(main)
    return [name for name in names if _root(name) == root and PurePosixPath(name).suffix.lower() in suffixes]


def _root(name: str) -> str:
    return str(PurePosixPath(name).with_suffix("")).lower()


def choose(archive: zipfile.ZipFile, member: str | None, name: str, *, parted: bool = False) -> Choice:
    """The member to read: ``member`` when given (all that it meets when it is a pattern), else the only table, in one of its formats; all of them when ``parted`` allows
    and they may be one table in several files. SeveralTables when the choice is not ours, NoTable, NoSuchPart.
    """
    members = candidates(archive)
    if member is not None:
        everything = [info.filename for info in archive.infolist() if not info.is_dir()]
        if member not in everything and is_pattern(member) and parted:
            return Choice(tuple(_matching(members, member, name)), tuple(members))
        if member not in everything:
            raise NoSuchPart(file=name, part=member, listing=", ".join(members))
        return Choice((member,), tuple(members))
    if not members or (len(members) > 1 and all(_rank(one) == len(_TABLES) for one in members)):
        raise NoTable(file=name)
    if len(members) == 1 or _is_one_table(members):
        return Choice((min(members, key=_rank),), tuple(members))
    chosen = _in_one_format(members)
    if parted and _may_be_parts(archive, chosen):
        return Choice(tuple(chosen), tuple(members))
    raise SeveralTables(**listed(name, [(one, archive.getinfo(one).file_size) for one in members]))


def _matching(members: list[str], pattern: str, name: str) -> list[str]:
    """The members that a pattern meets, by their path or by their name alone; a set, as a shapefile is, counts once."""
    matching = [one for one in members if fnmatchcase(one, pattern) or fnmatchcase(PurePosixPath(one).name, pattern)]
    if not matching or len(matching) > MOST_PARTS:
        raise NoSuchPart(file=name, part=pattern, listing=", ".join(members[:SHOWN]))
    return _in_one_format(matching)


def _is_one_table(members: list[str]) -> bool:
    """True for files of one name in several formats."""
    return len({_root(one) for one in members}) == 1


def _in_one_format(members: list[str]) -> list[str]:
    """The members, each table in one format where all of them come in the same ones."""
    formats: dict[str, set[str]] = {}
    for member in members:
        formats.setdefault(_root(member), set()).add(PurePosixPath(member).suffix.lower())
    shared = set.intersection(*formats.values())
    if not shared or len(formats) == len(members):
        return members
    best = min(shared, key=lambda suffix: _rank(f"x{suffix}"))
    return [member for member in members if PurePosixPath(member).suffix.lower() == best]


def _may_be_parts(archive: zipfile.ZipFile, members: list[str]) -> bool:
    """True for files of one extension that begin, if they are text, by lines of several cells that are nearly the same ones."""
    suffixes = {PurePosixPath(one).suffix.lower() for one in members}
    if len(suffixes) > 1 or len(members) > MOST_PARTS:
        return False
    if not suffixes <= _TEXT:
        return not suffixes & {".gz", ".zip"}
    first = _first_line(archive, members[0])
    return _SEPARATORS.search(first) is not None and all(
        _are_alike(first, _first_line(archive, one)) for one in members[1:]
    )


def _are_alike(first: bytes, line: bytes) -> bool:
    """True for the same line, or for two headers of words most of which they share."""
    if line == first:
        return True
    header, other = ({cell.strip(b' "') for cell in _SEPARATORS.split(text)} for text in (first, line))
    words = all(not cell[:1].isdigit() for cell in header | other)
    return words and len(header & other) >= ALIKE * max(len(header), len(other))


def _first_line(archive: zipfile.ZipFile, member: str) -> bytes:
    """The first line of a member, without its mark and its end; nothing when it cannot be read, which is told later."""
    try:
        with archive.open(member) as stream:
            head = stream.read(_HEAD)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return b""
    lines = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)
    return lines[0].strip()


def listed(name: str, sizes: Sequence[tuple[str, int]]) -> dict[str, str]:
    """What SeveralTables says of tables and their sizes in bytes; ``choices`` has one a line, its size after a tab."""
    shown = ", ".join(f"{one} ({_size(size)})" for one, size in sizes[:SHOWN])
    return {
        "file": name,
        "listing": shown + ("…" if len(sizes) > SHOWN else ""),
        "choices": "\n".join(f"{one}\t{_size(size)}" for one, size in sizes),
        "commands": f'(--member "{max(sizes, key=lambda pair: pair[1])[0]}")',
    }


def _size(size: float) -> str:
    for unit in ("o", "ko", "Mo"):
        if size < _KILO:
            return f"{size:.0f} {unit}"
        size /= _KILO
    return f"{size:.1f} Go"
