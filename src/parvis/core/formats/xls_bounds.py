"""What an Excel 97 workbook would make its readers allocate, counted before any of them sees the file.

The sectors of the compound file (MS-CFB) may form loops that readers follow until memory ends, several sheets may be the same
bytes, and a cell of a few bytes may be at the end of the sheet or repeat the longest text of the file.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from parvis.core.formats.limits import MIB, Limits
from parvis.core.formats.refusals import ArchiveBomb, BrokenFile, TooManyCells
from parvis.core.translation import Sentence

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
_END, _LAST_SECTOR = 0xFFFFFFFE, 0xFFFFFFFA
_MINI = 4096
_MOST_MINI_FAT = 1_000
"""Sectors that list 64-byte sectors: beyond, readers set aside gigabytes for them."""
_BOF, _EOF, _BOUNDSHEET, _SST, _CONTINUE, _DIMENSIONS, _MULRK, _LABELSST = (
    0x809, 0x0A, 0x85, 0xFC, 0x3C, 0x200, 0xBD, 0xFD,
)  # fmt: skip
_CELLS = frozenset({0x06, 0x201, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xBE, 0xD6, _LABELSST})
_WIDE_CELLS = frozenset({_MULRK, 0xBE})
_MOST_SHEETS = 4_000


def check_xls(path: Path, name: str, limits: Limits) -> None:
    """Refuse an XLS that would take more memory than one reading may, or whose sectors go round in circles."""
    if path.stat().st_size > limits.max_sheet_bytes:
        size = limits.max_sheet_bytes // MIB
        raise ArchiveBomb(file=name, reason=Sentence("plus de {size} Mio", {"size": size}))
    content = path.read_bytes()
    if not content.startswith(SIGNATURE):
        return  # a stream without its compound file, which readers refuse or read row by row
    try:
        stream = _Compound(content, name).workbook()
        _check_stream(stream, name, limits)
    except (struct.error, IndexError, ValueError) as error:
        raise BrokenFile(file=name, format="XLS", reason=str(error)) from error


class _Compound:
    """The sectors of a compound file, every chain followed to its end once."""

    def __init__(self, content: bytes, name: str) -> None:
        self.content, self.name = content, name
        (shift,) = struct.unpack_from("<H", content, 30)
        if shift not in {9, 12}:
            raise ValueError(f"sector shift {shift}")
        self.sector = 1 << shift
        self.count = len(content) // self.sector
        self.directory, self.mini_fat, mini_count = struct.unpack_from("<I8xII", content, 48)[:3]
        fat_count, difat = struct.unpack_from("<I", content, 44)[0], struct.unpack_from("<I", content, 68)[0]
        if mini_count > _MOST_MINI_FAT or fat_count > self.count + 1:
            raise ValueError("more tables than sectors")
        self.fat = array("I")
        for sector in self._fat_sectors(difat):
            self.fat.frombytes(self._at(sector).ljust(self.sector, b"\xff"))
        self._mini_count = mini_count

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self.sector
        if start > len(self.content):
            raise ValueError(f"sector {sector} beyond the end")
        return self.content[start : start + self.sector]

    def _fat_sectors(self, difat: int) -> Iterator[int]:
        yield from (sector for sector in struct.unpack_from("<109I", self.content, 76) if sector < _LAST_SECTOR)
        seen = 0
        while difat < _LAST_SECTOR:
            seen += 1
            if seen > self.count:
                raise ValueError("sectors go round in circles")
            *sectors, difat = array("I", self._at(difat).ljust(self.sector, b"\xff"))
            yield from (sector for sector in sectors if sector < _LAST_SECTOR)

    def chain(self, sector: int, fat: array[int] | None = None) -> list[int]:
        """The sectors of a chain; ValueError when it never ends."""
        table = self.fat if fat is None else fat
        sectors: list[int] = []
        while sector < _LAST_SECTOR:
            sectors.append(sector)
            if len(sectors) > len(table):
                raise ValueError("sectors go round in circles")
            sector = table[sector]
        return sectors

    def read(self, sector: int) -> bytes:
        """The bytes of a chain."""
        return b"".join(self._at(place) for place in self.chain(sector))

    def workbook(self) -> bytes:
        """The stream that holds the sheets."""
        directory = self.read(self.directory)
        entries = [directory[place : place + 128] for place in range(0, len(directory) - 127, 128)]
        if not entries:
            raise ValueError("no directory")
        names = [
            entry[: max(struct.unpack_from("<H", entry, 64)[0], 2) - 2].decode("utf-16-le", "replace")
            for entry in entries
        ]
        names = [text.split("\0")[0] for text in names]
        chosen = next((entries[names.index(wanted)] for wanted in _STREAMS if wanted in names), None)
        self.chain(struct.unpack_from("<I", entries[0], 116)[0])
        if chosen is None:
            return b""
        start, size = struct.unpack_from("<II", chosen, 116)
        return (self._mini(entries[0], start) if size < _MINI else self.read(start))[:size]

    def _mini(self, root: bytes, start: int) -> bytes:
        whole = self.read(struct.unpack_from("<I", root, 116)[0])
        fat = array("I", self.read(self.mini_fat))
        return b"".join(whole[place * 64 : place * 64 + 64] for place in self.chain(start, fat))


@dataclass
class _Sheet:
    """The rectangle of one sheet and its shared texts."""

    rows: int = 0
    columns: int = 0
    shared: list[int] = field(default_factory=list)


def _records(stream: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of each record."""
    end = len(stream)
    while place + 4 <= end:
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, place + 4, length
        place += 4 + length


def _check_stream(stream: bytes, name: str, limits: Limits) -> None:
    places: list[int] = []
    texts: list[bytes] = []
    for kind, place, length in _records(stream, 0):
        if kind == _BOUNDSHEET:
            places.append(struct.unpack_from("<I", stream, place)[0])
        elif kind == _SST or (kind == _CONTINUE and texts and texts[-1] is not None):
            texts.append(stream[place : place + length])
        elif kind == _EOF:
            break
    if len(places) > _MOST_SHEETS or len(set(places)) < len(places):
        raise ValueError("several sheets in one place")
    sheets = [_sheet(stream, place, limits) for place in places]
    if sum(sheet.rows * sheet.columns for sheet in sheets) > limits.max_cells:
        raise TooManyCells(file=name, limit=limits.max_cells // 1_000_000)
    used = sum(len(sheet.shared) for sheet in sheets)
    if used * sum(map(len, texts)) > limits.max_sheet_bytes:
        from xlrd.book import unpack_SST_table  # noqa: PLC0415 only such files ask for it

        strings, _runs = unpack_SST_table(texts, struct.unpack_from("<i", texts[0], 4)[0])
        sizes = [len(text) for text in strings]
        weight = sum(sizes[rank] for sheet in sheets for rank in sheet.shared if rank < len(sizes))
        if weight > limits.max_sheet_bytes:
            size = limits.max_sheet_bytes // MIB
            raise ArchiveBomb(file=name, reason=Sentence("plus de {size} Mio", {"size": size}))


def _sheet(stream: bytes, start: int, limits: Limits) -> _Sheet:
    sheet, depth = _Sheet(), 0
    for kind, place, length in _records(stream, start):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif kind in _CELLS:
            row, column = struct.unpack_from("<HH", stream, place)
            if kind in _WIDE_CELLS:
                column = max(column, struct.unpack_from("<H", stream, place + length - 2)[0])
            elif kind == _LABELSST and length >= 10:
                sheet.shared.append(struct.unpack_from("<I", stream, place + 6)[0])
            sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, column + 1)
        elif kind == _DIMENSIONS:
            layout = "<IIHH" if length == 14 else "<HHHH"
            first_row, last_row, first_column, last_column = struct.unpack_from(layout, stream, place)
            rows, columns = max(last_row, 1) - first_row, max(last_column, 1) - first_column
            if rows < 0 or rows * max(columns, 1) > limits.max_cells:
                raise ValueError("dimensions")
    return sheet
