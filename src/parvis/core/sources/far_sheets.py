"""A workbook that became the rows of a dataset, read once more by another reader than ours. Run in a confined child.

Only columns of which each cell is a value of their type are compared: a number shown as a text, or a day as a number, is written in more
than one way, an instant is rounded, and what this reader cannot make sense of is not called different.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parvis.core.columns import Column, ColumnType
from parvis.core.errors import ParvisError
from parvis.core.identifiers import column_names
from parvis.core.sources.answers import unreadable
from parvis.core.sources.fingerprints import TableSum, sum_of_texts
from parvis.core.translation import gettext_noop

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_FURTHEST_HEADER: Final = 50
"""Lines above the names of the columns, at the most."""
_NOT_A_WORKBOOK = gettext_noop("ce classeur ne s’ouvre pas ({reason})")
_TYPES: Final[dict[ColumnType, tuple[type, ...]]] = {
    ColumnType.TEXT: (str,),
    ColumnType.INT: (int,),
    ColumnType.DOUBLE: (int, float),
    ColumnType.BOOLEAN: (bool,),
    ColumnType.DATE: (datetime,),
}


@dataclass(frozen=True, slots=True)
class SheetSum:
    """The table of a sheet, of the columns that can be compared alone; no column when no sheet has ours."""

    names: tuple[str, ...] = ()
    table: TableSum = field(default_factory=TableSum)


def sum_of_workbook(path: Path, columns: Sequence[Column]) -> SheetSum:
    """The table of the sheet whose header is that of our columns."""
    from openpyxl import load_workbook  # noqa: PLC0415 it is heavy, and only workbooks ask for it

    try:
        with path.open("rb") as stream:
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                if (place := _header(sheet, columns)) is not None:
                    return _sum_of_sheet(sheet, columns, *place)
    except ParvisError:
        raise
    except Exception as fault:  # openpyxl raises whatever a broken workbook makes of its own code
        raise unreadable(_NOT_A_WORKBOOK, reason=type(fault).__name__) from fault
    return SheetSum()


def _header(sheet: ReadOnlyWorksheet, columns: Sequence[Column]) -> tuple[int, list[int]] | None:
    """The line of the names of our columns, and the place of each in it."""
    names = [column.name for column in columns]
    for rank, row in enumerate(islice(sheet.iter_rows(values_only=True), _FURTHEST_HEADER), start=1):
        header = column_names(["" if cell is None else str(cell) for cell in row])
        if set(names) <= set(header):
            return rank, [header.index(name) for name in names]
    return None


def _cells(sheet: ReadOnlyWorksheet, rank: int, places: Sequence[int]) -> Iterator[list[Any]]:
    """The cells of the lines below the names; a line without any is none."""
    for row in sheet.iter_rows(min_row=rank + 1, values_only=True):
        if any(cell is not None and cell != "" for cell in row):
            yield [row[place] if place < len(row) else None for place in places]


def _sum_of_sheet(sheet: ReadOnlyWorksheet, columns: Sequence[Column], rank: int, places: Sequence[int]) -> SheetSum:
    fits = [column.type in _TYPES and not column.annotations.get("multivalued") for column in columns]
    for row in _cells(sheet, rank, places):
        for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
            fits[place] = fits[place] and _is_of(column.type, cell)
    compared = [column for column, fit in zip(columns, fits, strict=True) if fit]
    if not compared:
        return SheetSum()
    left = [place for place, fit in zip(places, fits, strict=True) if fit]
    rows = _cells(sheet, rank, left)
    texts = ([_text(cell, column.type) for cell, column in zip(row, compared, strict=True)] for row in rows)
    return SheetSum(tuple(column.name for column in compared), sum_of_texts(compared, texts))


def _is_of(kind: ColumnType, cell: Any) -> bool:
    """Whether a cell is empty, or a value of that type and of no other."""
    if cell is None or cell == "":
        return True
    if isinstance(cell, bool) and kind is not ColumnType.BOOLEAN:
        return False
    if kind is ColumnType.INT and isinstance(cell, float):
        return cell.is_integer()
    if kind is ColumnType.DATE and isinstance(cell, datetime):
        return cell.time() == time()
    return isinstance(cell, _TYPES[kind])


def _text(cell: Any, kind: ColumnType) -> str:
    """A cell as exports write it."""
    if cell is None:
        return ""
    if kind is ColumnType.INT:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)
