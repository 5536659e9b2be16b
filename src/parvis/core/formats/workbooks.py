"""What a workbook would make its readers allocate, counted before any of them sees the file.

Readers hold the whole rectangle between the first and the last filled cell of a sheet, and a copy of its text for each cell: a few
hundred bytes may claim hundreds of gigabytes. The XML is walked once, in pieces, and never held.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from parvis.core.formats.archives import check_growth, open_zip, read_member, refuse_entities
from parvis.core.formats.limits import MIB, Limits
from parvis.core.formats.refusals import ArchiveBomb, BrokenFile, TooManyCells
from parvis.core.formats.sheet_xml import Rectangle, exact_rectangle, ods_rectangle, string_sizes
from parvis.core.formats.xls_bounds import check_xls
from parvis.core.translation import Sentence

_NAMES = rb"c|si|mergeCell|xf|sheet|definedName|sheetData|sst"
_OPENING = re.compile(rb"<(" + _NAMES + rb")[\s/>]")
_PREFIXED = re.compile(rb":(?:" + _NAMES + rb")[\s/>]")
_OPENING_PREFIXED = re.compile(rb"<(?:[^\s<>]*:)?(" + _NAMES + rb")[\s/>]")
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]++[0-9]++)"(?: [stcvmph]++="[^"<>]*+")*+\s*/?>')
"""Cells as every usual software writes them; others are read by a parser."""
_UNIQUE = re.compile(rb"uniqueCount\s*=\s*[\"']?\s*\+?0*([0-9]+)")
_TEXT_START = re.compile(rb"<(?:[^\s<>]*:)?si[\s/>]")
_LETTERS = bytes(range(65, 91))
_LONGEST_TAG = MIB
MOST = {"mergeCell": 500_000, "xf": 200_000, "sheet": 10_000, "definedName": 200_000}
"""How many of each a workbook may have: Excel itself stops at 65,490 formats."""
FURNITURE = 32 * MIB
"""The largest part that is read whole: styles, names of sheets, relations."""
_READ_WHOLE = (".rels", "workbook.xml", "styles.xml", "[content_types].xml", "manifest.xml", "meta.xml", "settings.xml")


class _Part:
    """What one member of an XLSX holds."""

    def __init__(self, member: str) -> None:
        self.member = member
        self.counts: Counter[str] = Counter()
        self.plain = self.longest_text = self.size = 0
        self.columns: set[bytes] = set()
        self.digits = 0  # of the longest row number
        self.odd = False
        self.unique = 0
        self._tail = b""
        self._text = 0  # bytes since the last shared text began

    def feed(self, chunk: bytes) -> None:
        """The next bytes; the last tag, which may be cut, waits for what follows."""
        self.size += len(chunk)
        window = self._tail + chunk.replace(b"\0", b"")
        cut = window.rfind(b"<")
        if cut < 0 or len(window) - cut > _LONGEST_TAG:
            self.odd = True
            cut = len(window)
        self._tail = window[cut:]
        self._look(window[:cut])

    def end(self) -> None:
        """No more bytes."""
        self._look(self._tail)
        self._tail = b""

    def _look(self, window: bytes) -> None:
        opening = _OPENING_PREFIXED if _PREFIXED.search(window) else _OPENING  # which is three times faster
        tag_counts = Counter(opening.findall(window))
        self.counts.update({name.decode(): count for name, count in tag_counts.items()})
        if b"c" in tag_counts:
            cells = _PLAIN_CELL.findall(window)
            self.plain += len(cells)
            references = b" ".join(cells)
            self.digits = max([self.digits, *map(len, references.translate(None, _LETTERS).split())])
            self.columns |= set(references.translate(None, b"0123456789").split())
        if self.counts["sst"] or b"si" in tag_counts:
            places = [match.start() for match in _TEXT_START.finditer(window)]
            edges = [-self._text, *places, len(window)]
            self.longest_text = max([self.longest_text, *(end - start for start, end in pairwise(edges))])
            self._text = len(window) - edges[-2]
        if b"sst" in tag_counts:
            self.unique = max([self.unique, *(int(count) for count in _UNIQUE.findall(window) if len(count) < 20)])

    @property
    def most_cells(self) -> int | None:
        """A rectangle that surely holds all cells; None when only a parser can tell."""
        if self.odd or self.plain != self.counts["c"]:
            return None
        widest = max((_column(letters) for letters in self.columns), default=0)
        return widest * 10**self.digits if widest else 0


def _column(letters: bytes) -> int:
    rank = 0
    for letter in letters:
        rank = rank * 26 + letter - 64
    return rank


def check_xlsx(path: Path, name: str, limits: Limits) -> None:
    """Refuse an XLSX whose sheets, texts or styles would take more memory than one reading may."""
    cells = texts = longest = 0
    sheets: list[_Part] = []
    strings: list[_Part] = []
    with open_zip(path, name, limits) as archive:
        for part in _parts(archive, path, name, limits):
            for kind, limit in MOST.items():
                if part.counts[kind] > limit:
                    raise _bomb(name, f"{part.counts[kind]} {kind}")
            if part.counts["sheetData"]:
                sheets.append(part)
            if part.counts["sst"]:
                strings.append(part)
                texts += max(part.counts["si"], part.unique)
                longest = max(longest, part.size if part.odd else part.longest_text)
        used = sum(part.counts["c"] for part in sheets)
        sizes = None
        if longest * used > limits.max_sheet_bytes:
            sizes = [string_sizes(_chunks(archive, part, name, limits), name) for part in strings]
        for part in sheets:
            surely = part.most_cells
            if sizes is None and surely is not None and cells + surely + texts <= limits.max_cells:
                cells += surely
                continue
            rectangle = exact_rectangle(_chunks(archive, part, name, limits), name, sizes or [])
            cells += rectangle.cells
            _check(name, cells + texts, rectangle, limits)
    _check(name, cells + texts, Rectangle(0, 0), limits)


def check_ods(path: Path, name: str, limits: Limits) -> None:
    """Refuse an ODS whose sheets, once their repetitions are made, would take more memory than one reading may."""
    with open_zip(path, name, limits) as archive:
        for part in _parts(archive, path, name, limits):
            if part.member.lower() == "content.xml":
                rectangle = ods_rectangle(_chunks(archive, part, name, limits), name, limits.max_cells)
                _check(name, rectangle.cells, rectangle, limits)


def _parts(archive: zipfile.ZipFile, path: Path, name: str, limits: Limits) -> Iterator[_Part]:
    """Every member, walked to its end: it unpacks to what is allowed, and declares no entity."""
    packed, total = path.stat().st_size, 0
    seen: set[str] = set()
    for info in archive.infolist():
        if info.is_dir():
            continue
        plain = info.filename.replace("\\", "/").lower().lstrip("/")
        if plain in seen:  # which of the two is read depends on the reader
            raise BrokenFile(file=name, format="zip", reason=f"« {info.filename} » ×2")
        seen.add(plain)
        part = _Part(info.filename)
        chunks = _counted(read_member(archive, info.filename, name, limits), total, packed, name, limits)
        if plain.endswith((".xml", ".rels")):
            refuse_entities(_fed(part, chunks), name)
            part.end()
        else:
            part.size = sum(len(chunk) for chunk in chunks)
        total += part.size
        if plain.endswith(_READ_WHOLE) and not part.counts["sheetData"] and part.size > FURNITURE:
            raise _bomb(name, Sentence("{member} > {size} Mio", {"member": info.filename, "size": FURNITURE // MIB}))
        yield part


def _fed(part: _Part, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        part.feed(chunk)
        yield chunk


def _chunks(archive: zipfile.ZipFile, part: _Part, name: str, limits: Limits) -> Iterator[bytes]:
    return read_member(archive, part.member, name, limits)


def _check(name: str, cells: int, rectangle: Rectangle, limits: Limits) -> None:
    if cells > limits.max_cells:
        raise TooManyCells(file=name, limit=limits.max_cells // 1_000_000)
    if rectangle.text > limits.max_sheet_bytes:
        raise _bomb(name, Sentence("> {size} Mio", {"size": limits.max_sheet_bytes // MIB}))


def _bomb(name: str, reason: str | Sentence) -> ArchiveBomb:
    return ArchiveBomb(file=name, reason=reason)


def _counted(chunks: Iterator[bytes], before: int, packed: int, name: str, limits: Limits) -> Iterator[bytes]:
    total = before
    for chunk in chunks:
        total += len(chunk)
        if total > limits.max_sheet_bytes:
            size = limits.max_sheet_bytes // MIB
            raise ArchiveBomb(file=name, reason=Sentence("plus de {size} Mio", {"size": size}))
        check_growth(total, packed, name, limits)
        yield chunk


_CHECKS = {"xlsx": check_xlsx, "ods": check_ods, "xls": check_xls}


def check_workbook(path: Path, kind: str, name: str, limits: Limits) -> None:
    """Refuse a workbook (``xlsx``, ``ods`` or ``xls``) that would harm its reader: TooManyCells, ArchiveBomb, XmlEntities, BrokenFile."""
    _CHECKS[kind](path, name, limits)
