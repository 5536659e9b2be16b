"""XLSX: text written as text, never as a formula or a link; sheets that continue when one is full."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from parvis.core.explore.errors import TooWideForSpreadsheet
from parvis.core.explore.text_columns import csv_column
from parvis.core.explore.writers.rows import Answer
from parvis.core.explore.writers.temporary import sent

SHEET_ROWS = 1_048_576
SHEET_COLUMNS = 16_384
CELL_CHARACTERS = 32_767
_EXACT = 2**53
_CUT = "… [coupé]"
_FIRST_DAY = date(1900, 3, 1)


def write_xlsx(answer: Answer) -> Iterator[bytes]:
    """The workbook, once written to a temporary file row by row; a last sheet says what a workbook could not hold."""
    if len(answer.outputs) > SHEET_COLUMNS:
        raise TooWideForSpreadsheet(columns=len(answer.outputs), limit=SHEET_COLUMNS)

    def make(folder: Path) -> Path:
        target = folder / "export.xlsx"
        _Book(target, str(folder), answer).write()
        return target

    return sent(answer, make)


@dataclass
class _Book:
    path: Path
    folder: str
    answer: Answer
    cut: int = 0
    row: int = 0
    sheets: list[Any] = field(default_factory=list)

    def write(self) -> None:
        options = {
            "constant_memory": True,
            "tmpdir": self.folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        import xlsxwriter  # noqa: PLC0415 the whole of a format behind one of its rows

        self.book = xlsxwriter.Workbook(str(self.path), options)
        self.bold = self.book.add_format({"bold": True})
        self.date = self.book.add_format({"num_format": "dd/mm/yyyy"})
        self.open_sheet()
        for piece in self.answer.pieces():
            self.write_piece(piece)
        if self.cut:
            self.say_what_was_cut()
        self.book.close()

    def open_sheet(self) -> None:
        number = len(self.sheets) + 1
        self.sheets.append(self.book.add_worksheet("Données" if number == 1 else f"Données {number}"))
        self.sheets[-1].freeze_panes(1, 0)
        self.row = 0
        for rank, title in enumerate(self.answer.titles):
            self.write_text(0, rank, title, self.bold)

    def write_piece(self, piece: pa.RecordBatch) -> None:
        columns = [self.values(piece, rank) for rank in range(piece.num_columns)]
        for row in zip(*columns, strict=True):
            self.row += 1
            if self.row == SHEET_ROWS:
                self.open_sheet()
                self.row = 1
            for rank, value in enumerate(row):
                if value is not None:
                    self.write_value(rank, value)

    def values(self, piece: pa.RecordBatch, rank: int) -> list[Any]:
        array, output = piece.column(rank), self.answer.outputs[rank]
        native = pa.types.is_integer(array.type) or pa.types.is_floating(array.type) or pa.types.is_boolean(array.type)
        if native or (
            pa.types.is_date(array.type)
            and not (output.column and output.column.annotations.get("timeserie_precision"))
        ):
            return list(array.to_pylist())
        return list(csv_column(array, output, self.answer.rendering).to_pylist())

    def write_value(self, rank: int, value: Any) -> None:
        _WRITERS.get(type(value), _Book.write_as_text)(self, rank, value)

    def write_as_text(self, rank: int, value: Any) -> None:
        self.write_text(self.row, rank, str(value))

    def write_number(self, rank: int, value: Any) -> None:
        if value != value or abs(value) > _EXACT:
            # A spreadsheet keeps 15 digits: a longer identifier would be rounded.
            self.write_as_text(rank, value)
        else:
            self.sheets[-1].write_number(self.row, rank, value)

    def write_boolean(self, rank: int, value: Any) -> None:
        self.sheets[-1].write_boolean(self.row, rank, value)

    def write_date(self, rank: int, value: Any) -> None:
        if value < _FIRST_DAY:
            self.write_as_text(rank, value)
        else:
            self.sheets[-1].write_datetime(
                self.row, rank, datetime(value.year, value.month, value.day, tzinfo=UTC).replace(tzinfo=None), self.date
            )

    def write_text(self, row: int, rank: int, text: str, style: Any = None) -> None:
        # The limit counts UTF-16 units.
        if len(text.encode("utf-16-le")) // 2 > CELL_CHARACTERS:
            self.cut += 1
            room = (CELL_CHARACTERS - len(_CUT)) * 2
            text = text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + _CUT
        self.sheets[-1].write_string(row, rank, text, style)

    def say_what_was_cut(self) -> None:
        sheet = self.book.add_worksheet("À savoir")
        sheet.write_string(0, 0, f"{self.cut} cellule(s) dépassaient {CELL_CHARACTERS} caractères et ont été coupées.")
        sheet.write_string(1, 0, "Les exports CSV, JSON et Parquet les contiennent en entier.")


_WRITERS: dict[type, Callable[[_Book, int, Any], None]] = {
    bool: _Book.write_boolean,
    int: _Book.write_number,
    float: _Book.write_number,
    date: _Book.write_date,
}
