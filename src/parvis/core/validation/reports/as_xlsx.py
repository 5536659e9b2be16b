"""The file again as a spreadsheet, faulty cells coloured and commented, with a summary and the list of faults.

Rows are written one after the other to disk; what is kept in memory (comments) is bounded, and what is left out is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parvis.core.schemas.model import TableSchema
from parvis.core.validation.messages import advice_sentence, title
from parvis.core.validation.model import Fault, Report
from parvis.core.validation.reports.fault_messages import FaultExplainer
from parvis.core.validation.reports.messages import word
from parvis.core.validation.reports.rows import TableRows

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WHOLE_ROWS = 50_000
"""Files with no more rows are written whole; of larger ones, only rows with faults."""
MOST_ROWS = 200_000
MOST_FAULTS = 200_000
MOST_COMMENTS = 10_000
_MOST_COLUMNS = 1_000
_CELL, _COMMENT = 1_000, 600
_CELL_COLOUR, _ROW_COLOUR, _ACCENT, _STONE = "#f8d7c8", "#fbeee6", "#0b5a60", "#f6f3ed"


@dataclass(slots=True)
class _Written:
    """What was written, for the summary."""

    rows: int = 0
    comments: int = 0
    faults: int = 0


def xlsx_report(
    report: Report, schema: TableSchema, rows: TableRows | None, target: Path, language: str = "fr"
) -> None:
    """Write the report to ``target``; ``rows`` are those of the file (``open_rows``, ``rows_of_staged``), None for a file without."""
    import xlsxwriter  # noqa: PLC0415 of the many processes that read reports, few write workbooks

    options = {
        "constant_memory": True,
        "tmpdir": str(target.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(target), options) as book:
        _Writer(book, report, schema, language).write(rows)


class _Writer:
    """Writes the three sheets; the summary comes first on screen and is written last, once everything is known."""

    def __init__(self, book: xlsxwriter.Workbook, report: Report, schema: TableSchema, language: str) -> None:
        self.report, self.language = report, language
        self.teller = FaultExplainer(schema, language, report.columns)
        self.summary, self.data, self.faults = (
            book.add_worksheet(word(name, language)) for name in ("summary", "data", "faults")
        )
        self.formats: dict[str, Format] = {
            "head": book.add_format({"bold": True, "bg_color": _ACCENT, "font_color": "#ffffff"}),
            "cell": book.add_format({"bg_color": _CELL_COLOUR, "bold": True}),
            "row": book.add_format({"bg_color": _ROW_COLOUR}),
            "number": book.add_format({"bg_color": _STONE, "font_color": "#5b6472"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "strong": book.add_format({"bold": True, "font_size": 13}),
        }
        self.written = _Written()
        self.whole = report.rows <= WHOLE_ROWS

    def write(self, rows: TableRows | None) -> None:
        """All sheets."""
        if rows is not None:
            self._data(rows)
        self._list()
        self._summary()
        self.summary.activate()

    def _data(self, rows: TableRows) -> None:
        columns = self.report.columns[:_MOST_COLUMNS]
        self.data.freeze_panes(1, 1)
        self.data.set_column(0, 0, 8)
        self.data.set_column(1, max(1, len(columns)), 18)
        faults = _Grouped(iter(self.report.faults))
        wrong_labels = {fault.position: fault for fault in faults.until(1) if fault.position}
        self.data.write_string(0, 0, word("row", self.language), self.formats["head"])
        for rank, label in enumerate(columns, start=1):
            self._cell(0, rank, label, wrong_labels.get(rank), "head")
        for number, cells in rows:
            row_faults = faults.at(number)
            if (row_faults or self.whole) and self.written.rows < MOST_ROWS:
                self.written.rows += 1
                self._row(self.written.rows, number, cells[:_MOST_COLUMNS], row_faults)

    def _row(self, rank: int, number: int, cells: tuple[str, ...], faults: list[Fault]) -> None:
        wrong = {fault.position: fault for fault in reversed(faults) if fault.position}
        of_row = [fault for fault in faults if not fault.position]
        self.data.write_number(rank, 0, number, self.formats["row" if of_row else "number"])
        if of_row:
            self._comment(self.data, rank, 0, of_row[0])
        width = max([len(cells), *(position for position in wrong if position <= _MOST_COLUMNS)], default=0)
        for place in range(1, width + 1):
            text = cells[place - 1] if place <= len(cells) else ""
            fault = wrong.get(place)
            if text or fault or of_row:
                self._cell(rank, place, text, fault, "row" if of_row else "")

    def _cell(self, rank: int, place: int, text: str, fault: Fault | None, plain: str) -> None:
        style = self.formats.get("cell" if fault else plain)
        if text:
            self.data.write_string(rank, place, text[:_CELL], style)
        elif style is not None:
            self.data.write_blank(rank, place, None, style)
        if fault is not None:
            self._comment(self.data, rank, place, fault)

    def _comment(self, sheet: Worksheet, rank: int, place: int, fault: Fault) -> None:
        if self.written.comments >= MOST_COMMENTS:
            return
        self.written.comments += 1
        explanation = self.teller.tell(fault)
        text = f"{explanation.found} {explanation.mend}"
        sheet.write_comment(rank, place, text[:_COMMENT], {"x_scale": 2, "y_scale": 1.5, "author": "Parvis"})

    def _list(self) -> None:
        heads = ("row", "column", "value", "title", "message", "proposal")
        for rank, (name, width) in enumerate(zip(heads, (8, 24, 30, 28, 90, 30), strict=True)):
            self.faults.set_column(rank, rank, width)
            self.faults.write_string(0, rank, word(name, self.language), self.formats["head"])
        self.faults.freeze_panes(1, 0)
        for rank, fault in enumerate(self.report.faults, start=1):
            if rank > MOST_FAULTS:
                break
            self.written.faults = rank
            explanation = self.teller.tell(fault)
            proposed = explanation.candidates[0].after if len(explanation.candidates) == 1 else ""
            where: Any = fault.row if fault.row is not None else word("file", self.language)
            self.faults.write(rank, 0, where)
            cells = (
                fault.column or "",
                fault.value or "",
                explanation.title,
                f"{explanation.found} {explanation.mend}",
                proposed,
            )
            for place, cell in enumerate(cells, start=1):
                self.faults.write_string(rank, place, cell[:_CELL])

    def _summary(self) -> None:
        self.summary.set_column(0, 0, 46)
        self.summary.set_column(1, 2, 30)
        for rank, cells in enumerate(self._facts()):
            for place, cell in enumerate(cells):
                style = self.formats["strong"] if not rank else self.formats["wrap"]
                self.summary.write(rank, place, cell, style)

    def _facts(self) -> Iterator[tuple[str | int, ...]]:
        report, language = self.report, self.language
        yield (word("valid", language) if report.valid else word("invalid", language).format(total=report.total),)
        yield word("schema", language), f"{report.schema} {report.version}".strip()
        yield word("rows", language), report.rows
        if not self.whole:
            yield (word("only_faulty", language).format(rows=report.rows, shown=MOST_ROWS),)
        if self.written.comments >= MOST_COMMENTS:
            yield (word("cut_notes", language).format(shown=MOST_COMMENTS),)
        if report.total > self.written.faults:
            yield (word("cut_faults", language).format(shown=self.written.faults),)
        yield ("",)
        if report.counts:
            yield word("title", language), word("column", language), word("count", language)
        for count in report.counts:
            yield title(count.rule, language), count.column or "", count.count
        if report.advice:
            yield ("",)
            yield (word("advice", language),)
        for advice in report.advice:
            yield (advice_sentence(advice, language),)


class _Grouped:
    """Faults in the order of rows, taken row by row."""

    def __init__(self, faults: Iterator[Fault]) -> None:
        self._faults = faults
        self._next: Fault | None = next(faults, None)

    def until(self, row: int) -> list[Fault]:
        """Those of the whole file and of the rows up to ``row``."""
        faults = []
        while self._next is not None and (self._next.row or 0) <= row:
            faults.append(self._next)
            self._next = next(self._faults, None)
        return faults

    def at(self, row: int) -> list[Fault]:
        """Those of ``row``; those of earlier rows are passed over."""
        return [fault for fault in self.until(row) if fault.row == row]
