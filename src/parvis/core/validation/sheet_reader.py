"""Spreadsheets as Validata reads them: the first sheet from its first row, each cell with its type."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from parvis.core.formats.calamine import calamine_failures, open_workbook
from parvis.core.formats.limits import Limits
from parvis.core.formats.parser_failures import FAILURES
from parvis.core.formats.refusals import BrokenFile
from parvis.core.formats.sink import check_width
from parvis.core.formats.workbooks import check_workbook
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.staging import Workspace
from parvis.core.validation.runner import Rows
from parvis.core.validation.sheet_formats import shown_moment, shown_number
from parvis.core.validation.text_reader import stage_records
from parvis.core.validation.typed_cells import written_cell

MOST_ROWS = 1_048_576
"""Rows of a sheet: a file that claims more is not followed further."""

MOST_EMPTY = 5_000_000
"""Empty cells one after the other: a few bytes claim as many as one likes."""


def read_typed(
    workspace: Workspace, path: Path, kind: str, schema: TableSchema, name: str, limits: Limits
) -> tuple[tuple[str, ...], Rows] | None:
    """The labels and the rows of the first sheet of an ``xlsx``, ``xls`` or ``ods`` file; None when it has no row.

    Raises BrokenFile, EncryptedFile, the refusals of ``core.formats.archives``, TooManyColumns.
    """
    check_workbook(path, kind, name, limits)
    rows = _READERS[kind](path, name, limits)
    first = next(rows, None)
    if first is None:
        return None
    header = tuple("" if label is None else str(label) for label in first)
    if not any(label.strip() for label in header):
        header = tuple("" for _ in header)
    missing = [_missing(schema, label.strip()) for label in header]
    beyond = frozenset(schema.missing(Field("", "any")))
    records = (
        [written_cell(cell, missing[rank] if rank < len(missing) else beyond) for rank, cell in enumerate(row)]
        for row in rows
    )
    return header, replace(stage_records(workspace, records, len(header), 2), typed=True)


def _missing(schema: TableSchema, label: str) -> frozenset[str]:
    return frozenset(schema.missing(schema.find(label) or Field(label, "any")))


def _xlsx(path: Path, name: str, limits: Limits) -> Iterator[list[Any]]:
    """Values with their formats, as ``openpyxl`` reads them; a formula is worth the result kept with it."""
    from openpyxl import load_workbook  # noqa: PLC0415 it is heavy, and only sheets ask for it

    try:
        with path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            empty = 0
            for cells in islice(book.worksheets[0].iter_rows(), MOST_ROWS):
                check_width(len(cells), name, limits)
                empty = empty + len(cells) if all(cell.value is None for cell in cells) else 0
                if empty > MOST_EMPTY:
                    raise BrokenFile(file=name, format="XLSX", reason=f"more than {MOST_EMPTY} empty cells in a row")
                yield [_shown(cell) for cell in cells]
    except FAILURES as error:
        raise BrokenFile(file=name, format="XLSX", reason=str(error)[:300]) from error


def _shown(cell: Any) -> Any:
    value = cell.value
    if value is None or isinstance(value, str):
        return value
    code = cell.number_format or ""
    if isinstance(value, (dt.datetime, dt.time)):
        return shown_moment(value, code)
    return shown_number(value, code) if isinstance(value, (int, float)) else value


def _xls(path: Path, name: str, limits: Limits) -> Iterator[list[Any]]:
    """Values as ``xlrd`` reads them, formats apart: whole numbers are whole, a date always has its time, an error is its number."""
    import xlrd  # noqa: PLC0415 only such files ask for it

    with open_workbook(path, "xls", name):
        pass  # which refuses what is broken or locked
    try:
        with xlrd.open_workbook(str(path), formatting_info=True, logfile=io.StringIO()) as book:
            sheet = book.sheet_by_index(0)
            check_width(sheet.ncols, name, limits)
            for row in range(sheet.nrows):
                yield [
                    _native(xlrd, kind, value, book.datemode)
                    for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True)
                ]
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError, *FAILURES) as error:
        raise BrokenFile(file=name, format="XLS", reason=str(error)[:300]) from error


def _native(xlrd: Any, kind: int, value: Any, mode: int) -> Any:
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate.xldate_as_datetime(value, mode)
        except (ValueError, OverflowError):  # beyond the year 9999
            return value
    return _whole(value) if kind == xlrd.XL_CELL_NUMBER else value


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _ods(path: Path, name: str, limits: Limits) -> Iterator[list[Any]]:
    """Values with their types, formats apart: whole numbers are whole, and an hour is a text."""
    with open_workbook(path, "ods", name) as book, calamine_failures("ods", name):
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    for cells in rows:
        check_width(len(cells), name, limits)
        yield [None if cell == "" else _whole(cell) for cell in cells]


_READERS = {"xlsx": _xlsx, "xls": _xls, "ods": _ods}
