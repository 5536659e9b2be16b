"""The rows around faults, ready for a table on a page: each cell with what is wrong in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.core.validation.model import Fault
from parvis.core.validation.placeholders import short
from parvis.core.validation.reports.rows import TableRows

AROUND = 1
"""Rows shown above and below a faulty one."""
_CELL = 120


@dataclass(frozen=True, slots=True)
class ExcerptCell:
    """A cell as shown: ``text`` cut when long, and its faults."""

    text: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class ExcerptRow:
    """A row as shown: its number, its cells, and the faults of the row as a whole."""

    number: int
    cells: tuple[ExcerptCell, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """True when something in the row is wrong."""
        return bool(self.faults) or any(cell.faults for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Rows that follow one another in the file."""

    rows: tuple[ExcerptRow, ...]

    @property
    def first(self) -> int:
        """The number of its first row."""
        return self.rows[0].number

    @property
    def last(self) -> int:
        """The number of its last row."""
        return self.rows[-1].number


def excerpts(faults: Sequence[Fault], rows: TableRows, width: int, *, around: int = AROUND) -> tuple[Excerpt, ...]:
    """The rows of ``faults`` (a page of them) with those around; faults of the header or of the whole file have no rows.

    ``width`` is the number of columns of the header: shorter rows are completed with empty cells, longer ones keep theirs.
    """
    numbers = sorted({fault.row for fault in faults if fault.row is not None and fault.row > 1})
    excerpt_list = []
    for first, last in _ranges(numbers, around):
        shown = tuple(_row(number, cells, faults, width) for number, cells in rows.between(first, last))
        if shown:
            excerpt_list.append(Excerpt(shown))
    return tuple(excerpt_list)


def _ranges(rows: Sequence[int], around: int) -> list[tuple[int, int]]:
    """Ranges of numbers around each row; those that touch are one."""
    ranges: list[tuple[int, int]] = []
    for row in rows:
        first, last = max(2, row - around), row + around
        if ranges and first <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], last)
        else:
            ranges.append((first, last))
    return ranges


def _row(number: int, cells: Sequence[str], faults: Sequence[Fault], width: int) -> ExcerptRow:
    own = [fault for fault in faults if fault.row == number]
    places = max([len(cells), width, *(fault.position or 0 for fault in own)])
    shown = tuple(
        ExcerptCell(
            short(cells[place], _CELL) if place < len(cells) else "", tuple(f for f in own if f.position == place + 1)
        )
        for place in range(places)
    )
    return ExcerptRow(number, shown, tuple(fault for fault in own if fault.position is None))
