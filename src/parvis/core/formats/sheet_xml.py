"""The XML of a sheet walked by a parser, for what it would take in memory: rectangles, repetitions, texts given many times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from parvis.core.formats.refusals import BrokenFile, TooManyCells

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MOST_OTHERS = 10_000_000
"""Elements of an ODS that are neither rows, cells nor their texts: styles, names, drawings."""
_CELLS = {"table-cell", "covered-table-cell"}
_TEXTS = {"p", "span", "s", "a", "tab", "line-break"}


@dataclass(slots=True)
class Rectangle:
    """Cells that a reader would hold, and bytes of their texts."""

    cells: int
    text: int


def exact_rectangle(chunks: Iterator[bytes], name: str, sizes: Sequence[Sequence[int]]) -> Rectangle:
    """The rectangle of the filled cells of an XLSX sheet; with the ``sizes`` of shared texts, what their copies weigh."""
    walk = _XlsxWalk(name, sizes)
    _parse(chunks, name, "XLSX", walk.start, walk.end, walk.text if sizes else None)
    return Rectangle(walk.rows * walk.columns, walk.weight)


def string_sizes(chunks: Iterator[bytes], name: str) -> list[int]:
    """The bytes of each shared text, its phonetic reading included."""
    sizes: list[int] = []

    def start(element: str, _attributes: dict[str, str]) -> None:
        if _local(element) == "si":
            sizes.append(0)

    def text(data: str) -> None:
        if sizes:
            sizes[-1] += len(data)

    _parse(chunks, name, "XLSX", start, None, text)
    return sizes


def ods_rectangle(chunks: Iterator[bytes], name: str, most: int) -> Rectangle:
    """The rectangles of all sheets of an ODS once its repetitions are made; TooManyCells as soon as there are too many."""
    walk = _OdsWalk(name, most)
    _parse(chunks, name, "ODS", walk.start, None, None, walk)
    walk.end_table()
    return Rectangle(walk.cells, walk.weight)


def _parse(
    chunks: Iterator[bytes],
    name: str,
    kind: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    walk: Any = None,
) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.buffer_text = True
    if walk is not None:
        walk.parser = parser
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BrokenFile(file=name, format=kind, reason=str(error)) from error


def _local(element: str) -> str:
    return element.rpartition(":")[2]


class _XlsxWalk:
    """Where the cells stand: at their own reference, else after the one before."""

    def __init__(self, name: str, sizes: Sequence[Sequence[int]]) -> None:
        self.name, self.sizes = name, sizes
        self.rows = self.columns = self.weight = 0
        self._row = self._column = 1
        self._shared = self._value = False
        self._digits = ""

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """A row, a cell, or what fills a cell."""
        local = _local(element)
        if local == "c":
            if "r" in attributes:
                self._row, self._column = self._place(attributes["r"])
            self._shared = attributes.get("t") == "s"
            self._column += 1
        elif local in {"v", "is"}:
            self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column - 1)
            self._value, self._digits = self._shared and local == "v", ""
        elif local == "row" and "r" in attributes:
            self._row = self._place(attributes["r"])[0]

    def end(self, element: str) -> None:
        """The end of a row or of a value."""
        local = _local(element)
        if local == "row":
            self._row, self._column = self._row + 1, 1
        elif local == "v" and self._value:
            self._value = False
            rank = int(self._digits) if self._digits.isdecimal() and len(self._digits) < 12 else -1
            self.weight += max((sizes[rank] for sizes in self.sizes if 0 <= rank < len(sizes)), default=0)

    def text(self, data: str) -> None:
        """The rank of a shared text."""
        if self._value:
            self._digits += data.strip()

    def _place(self, reference: str) -> tuple[int, int]:
        letters = reference.rstrip("0123456789")
        digits = reference[len(letters) :]
        column = 0
        if len(letters) > 3 or not digits or len(digits) > 7 or (letters and not letters.isascii()):
            raise TooManyCells(file=self.name, limit=50)
        for letter in letters.upper():
            column = column * 26 + ord(letter) - 64
        return int(digits), max(column, 1)


class _OdsWalk:
    """Rows and cells with their repetitions; what is empty only counts before something that is not."""

    parser: Any = None

    def __init__(self, name: str, most: int) -> None:
        self.name, self.most = name, most
        self.cells = self.weight = self._others = 0
        self._rows = self._filled_rows = self._width = 0
        self._row_repeats = self._columns = self._filled_columns = self._row_text = 0
        self._repeats = self._cell_start = 0
        self._filled = False

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """A table, a row, a cell, or what fills one."""
        local = _local(element)
        if local in _CELLS:
            self._end_cell()
            self._repeats = _number(attributes.get("table:number-columns-repeated", "1"))
            self._filled = any(key.startswith("office:") or key == "table:formula" for key in attributes)
            self._cell_start = self.parser.CurrentByteIndex
        elif local in _TEXTS:
            self._filled = True
        elif local == "table-row":
            self._end_row()
            self._row_repeats = _number(attributes.get("table:number-rows-repeated", "1"))
        elif local == "table":
            self.end_table()
        else:
            self._others += 1
            if self._others > MOST_OTHERS:
                raise TooManyCells(file=self.name, limit=self.most // 1_000_000)

    def _end_cell(self) -> None:
        if not self._repeats:
            return
        self._columns += self._repeats
        if self._filled:
            self._filled_columns = self._columns
            self._row_text += (self.parser.CurrentByteIndex - self._cell_start) * self._repeats
        self._repeats, self._filled = 0, False

    def _end_row(self) -> None:
        self._end_cell()
        self._rows += self._row_repeats
        if self._filled_columns:
            self._filled_rows = self._rows
            self._width = max(self._width, self._filled_columns)
            self.weight += self._row_text * self._row_repeats
            if self.cells + self._filled_rows * self._width > self.most:
                raise TooManyCells(file=self.name, limit=self.most // 1_000_000)
        self._row_repeats = self._columns = self._filled_columns = self._row_text = 0

    def end_table(self) -> None:
        """The end of a sheet."""
        self._end_row()
        self.cells += self._filled_rows * self._width
        self._rows = self._filled_rows = self._width = 0


def _number(text: str) -> int:
    digits = text.strip().lstrip("+")
    return int(digits) if digits.isdecimal() and len(digits) < 12 else 10**12 if digits.isdecimal() else 1
