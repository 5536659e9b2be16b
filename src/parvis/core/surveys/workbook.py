"""Answers as a spreadsheet: one sheet of answers, one more for each group that is filled several times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from parvis.core.surveys.model import Form, Kind, Section
from parvis.core.surveys.table import columns_of, row_of

_LONGEST_CELL = 32_000
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """An answer: its receipt, when it came, its values, and what is said of it (state, reason…), by the words of ``about``."""

    receipt: str
    day: str
    values: Mapping[str, Any]
    about: tuple[str, ...] = ()


def workbook(form: Form, answers: Iterable[SheetRow], about: tuple[str, ...] = ()) -> bytes:
    """The file. What people typed is text and nothing else: no cell is a formula nor a link."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    groups = [field for field in form.fields if field.kind is Kind.REPEAT]
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True})
        main = book.add_worksheet("Réponses")
        _write(main, 0, [*(column.label for column in columns_of(form)), *about], bold)
        sheets = {}
        for number, group in enumerate(groups, start=1):
            inner = Form((Section(fields=group.fields),))
            sheet = book.add_worksheet(f"{number} {group.label.translate(_FORBIDDEN)}"[:31].strip())
            _write(sheet, 0, [column.label for column in columns_of(inner)], bold)
            sheets[group.name] = (sheet, inner)
        lines = dict.fromkeys(sheets, 0)
        for line, answer in enumerate(answers, start=1):
            _write(main, line, [*row_of(form, answer.receipt, answer.day, answer.values), *answer.about])
            for name, (sheet, inner) in sheets.items():
                for entry in answer.values.get(name) or ():
                    lines[name] += 1
                    _write(sheet, lines[name], row_of(inner, answer.receipt, answer.day, entry))
        main.freeze_panes(1, 1)
    return buffer.getvalue()


def _write(sheet: Worksheet, line: int, cells: Iterable[Any], form: Any = None) -> None:
    for place, cell in enumerate(cells):
        if isinstance(cell, bool):
            sheet.write_string(line, place, "oui" if cell else "non", form)
        elif isinstance(cell, int | float):
            sheet.write_number(line, place, cell, form)
        elif cell not in (None, ""):
            sheet.write_string(line, place, str(cell)[:_LONGEST_CELL], form)
