"""Deciding what each record of a table is: a row, an empty line, a remark under the table, or a reject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from parvis.core.formats.csv_layout import BOM
from parvis.core.formats.records import Flaw, Record
from parvis.core.formats.sink import Sink, Tally
from parvis.core.staging import Note

FOOTER = re.compile(
    r"\s*(\*|©|\(\d+\)|((data )?sources?|notes?( de lecture)?|champ|lecture|légende|remarques?|avertissement|n\.?b\.?)\s*[:.(])",
    re.IGNORECASE,
)
"""How a remark under a table begins, when it stands alone in the last lines."""
_SENTENCE = re.compile(r"[^\W\d]{2}.*\s.*[^\W\d]{2}", re.DOTALL)
"""Two words at least."""
EDGES = BOM + " \t"
EDGES_SQL = "chr(65279) || ' ' || chr(9)"
LONGEST_FOOT = 50
"""Lines of remarks, after which what stands alone is taken for rows."""
SHOWN = 500
"""Characters of a remark that its note tells."""


def set_aside(sink: Sink, preamble: Iterable[Record], second: Record | None) -> None:
    """Put the lines above the data that are no headers among the rejects, with the reason why."""
    for record in preamble:
        sink.reject(record.line, "preamble", record.text)
    if second is not None:
        sink.reject(second.line, "second-header", second.text)


def is_footer(cells: Sequence[str | None], width: int) -> bool:
    """True for a remark that stands alone in one of the first cells of a table of several columns."""
    filled = [cell for cell in cells if cell]
    return width > 1 and len(filled) == 1 and filled[0] in cells[:3] and FOOTER.match(filled[0]) is not None


def _is_alone(cells: Sequence[str | None]) -> bool:
    return bool(cells[0]) and not any(cells[1:])


def bare(cell: str) -> str:
    """A cell without the blanks and marks around it, as headers that come again are compared."""
    return cell.strip(EDGES)


def repeatable(headers: Sequence[str]) -> bool:
    """True for headers that cannot be a row of data when they come again: two names or more."""
    return sum(1 for header in headers if header.strip()) > 1


class Placer:
    """Decides for each record: row, reject, empty line, or remark that may belong to the foot of the table."""

    def __init__(
        self, sink: Sink, width: int, empty_above: Tally, headers: Sequence[str] = (), delimiter: str = ""
    ) -> None:
        self._sink, self._width, self._delimiter = sink, width, delimiter
        self._spaced = any(header.startswith(" ") for header in headers[1:])  # cells that begin with a blank
        self._headers = [bare(header) for header in headers] if repeatable(headers) else None
        self._foot: list[Record] = []
        self._remarks: list[Record] = []
        self._after_empty = self._any_alone = False
        self._adrift = (
            False  # after quotes that never closed, until a record of the right width: what lies between was inside
        )
        self.empty = empty_above.copy()
        self.short, self.mended, self.joined, self.repeated = Tally(), Tally(), Tally(), Tally()

    def place(self, record: Record) -> None:
        """Put one record where it belongs."""
        cells = record.cells
        if self._headers and len(cells) >= self._width and self._repeats_headers(cells):
            self._sink.reject(record.line, "repeated-header", record.text)
            self.repeated.add(record.line)
        elif len(cells) == self._width and cells[-1] and record.flaw is None and not self._foot and not self._adrift:
            self._after_empty = False
            self._spaced = self._spaced or any(cell.startswith(" ") for cell in cells[1:])
            self._sink.add(record.line, cells, len(record.text))
        elif record.flaw is Flaw.BROKEN or (self._adrift and any(cells) and not self._like_the_others(cells)):
            self._adrift = True
            self._sink.reject(record.line, Flaw.BROKEN, record.text)
        elif not any(cells) or (len(cells) == 1 and not cells[0].strip(BOM + " \t")):
            self.empty.add(record.line)
            self._after_empty = True
        elif is_footer(cells, self._width) or self._is_remark(cells):
            self._foot.append(record)
        else:
            self._release()
            self._row(record)

    def _repeats_headers(self, cells: Sequence[str]) -> bool:
        first = self._headers[0] if self._headers else ""
        return first in cells[0] and [bare(cell) for cell in cells] == self._headers

    def _like_the_others(self, cells: Sequence[str]) -> bool:
        """True for a record as wide as the rows seen so far; where some are short, for half the width."""
        return len(cells) == self._width or (self.short.count > 0 and len(cells) * 2 > self._width)

    def _is_remark(self, cells: Sequence[str]) -> bool:
        """True for a text alone in the first cell, after an empty line or another remark, as no row before it is."""
        if self._width < 3 or self._any_alone or len(self._foot) >= LONGEST_FOOT or not _is_alone(cells):
            return False
        return (self._after_empty or bool(self._foot)) and _SENTENCE.search(cells[0]) is not None

    def _row(self, record: Record) -> None:
        cells = record.cells
        self._after_empty = False
        self._any_alone = self._any_alone or _is_alone(cells)
        self._adrift = False
        if record.flaw is Flaw.MENDED:
            self.mended.add(record.line)
        if len(cells) > self._width:
            cells = self._joined(cells)
            if len(cells) == self._width:
                self.joined.add(record.line)
            elif any(cells[self._width :]):
                self._sink.reject(record.line, "too-many-cells", record.text)
                return
            cells = cells[: self._width]
        elif len(cells) < self._width:
            self.short.add(record.line)
        self._sink.add(record.line, cells, len(record.text))

    def _joined(self, cells: list[str]) -> list[str]:
        """The cells with those that begin with a blank put back to the text before, « Chimie-biologie, biochimie », where this makes a row and
        no row before it has such cells."""
        if self._spaced or not self._delimiter or not any(cells[self._width :]):
            return cells
        whole = cells[:1]
        for cell in cells[1:]:
            if cell.startswith(" "):
                whole[-1] += self._delimiter + cell
            else:
                whole.append(cell)
        return whole if len(whole) == self._width else cells

    def _release(self) -> None:
        """What looked like a foot has rows below: it is made of rows."""
        for record in self._foot:
            self._row(record)
        self._foot = []

    def end(self) -> None:
        """The table is over: what is still held is its foot."""
        for record in self._foot:
            self._sink.reject(record.line, "footer", record.text)
        self._remarks, self._foot = self._foot, []

    def notes(self) -> tuple[Note, ...]:
        """What was noticed on the way."""
        footer = {
            "lines": [record.line for record in self._remarks],
            "content": ["".join(record.cells).strip()[:SHOWN] for record in self._remarks],
        }
        return (
            *((Note("footer", footer),) if self._remarks else ()),
            *self.empty.note("empty-lines"),
            *self.repeated.note("repeated-header"),
            *self.short.note("short-lines", expected=self._width),
            *self.joined.note("separators-mended"),
            *self.mended.note("quotes-mended"),
        )
