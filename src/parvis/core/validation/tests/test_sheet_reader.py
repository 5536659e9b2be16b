"""In strict mode a spreadsheet has Validata's verdicts: its first sheet, each cell with its own type."""

import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlwt
from openpyxl import Workbook

from parvis.core.formats.refusals import BrokenFile
from parvis.core.schemas import read_schema
from parvis.core.validation.model import Report
from parvis.core.validation.validator import validate

CASES = json.loads((Path(__file__).parent / "data" / "typed-sheets.json").read_text())["cases"]
DATE = "yyyy-mm-dd"


def _value(cell: Any) -> Any:
    """A recorded cell: moments and hours are in an object of their own."""
    if not isinstance(cell, dict):
        return cell
    return dt.datetime.fromisoformat(cell["moment"]) if "moment" in cell else dt.time.fromisoformat(cell["hour"])


def _xlsx(cells: list[list[list[Any]]], path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row, line in enumerate(cells, start=1):
        for column, (value, form) in enumerate(line, start=1):
            if value is not None:
                cell = sheet.cell(row, column, _value(value))
                cell.number_format = form or "General"
    book.create_sheet("second").append(["x"])
    book.save(path)


def _xls(cells: list[list[list[Any]]], path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("first")
    for row, line in enumerate(cells):
        for column, (value, form) in enumerate(line):
            if value is not None:
                sheet.write(row, column, _value(value), xlwt.easyxf(num_format_str=form or "General"))
    book.add_sheet("second").write(0, 0, "x")
    book.save(str(path))


def _judge(folder: Path, cells: list[list[list[Any]]], **types: str) -> Report:
    """The report on an XLSX file whose columns have these types."""
    path = folder / "table.xlsx"
    _xlsx(cells, path)
    schema = read_schema({"fields": [{"name": name, "type": kind} for name, kind in types.items()]})
    return validate(path, schema, folder / "work", strict=True)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_sheet_of_typed_cells_has_the_recorded_verdict(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / f"table.{case['kind']}"
    {"xlsx": _xlsx, "xls": _xls}[case["kind"]](case["cells"], path)
    report = validate(path, read_schema(case["schema"]), tmp_path / "work", strict=True)
    actual = [[fault.kind, fault.row, fault.column, fault.position] for fault in report.faults]
    assert actual == case["expected"]["errors"]
    assert report.valid is case["expected"]["valid"]


def test_a_siret_typed_as_a_number_is_no_text_and_shows_as_it_is(tmp_path: Path) -> None:
    report = _judge(tmp_path, [[["siret", None]], [[21560046100010, None]]], siret="string")
    (fault,) = report.faults
    assert (fault.kind, fault.row, fault.value) == ("type-error", 2, "21560046100010")


def test_a_number_with_a_format_is_the_text_that_shows(tmp_path: Path) -> None:
    cells = [[["code", None], ["part", None]], [[75001, "0"], [0.125, "0.0%"]]]
    assert _judge(tmp_path, cells, code="string", part="string").valid
    faults = list(_judge(tmp_path, cells, code="integer", part="number").faults)
    assert [(fault.column, fault.value) for fault in faults] == [("part", "12.5%")]


def test_a_date_cell_is_read_as_its_format_writes_it(tmp_path: Path) -> None:
    day = {"moment": "2020-01-02T00:00:00"}
    cells = [[["one", None], ["two", None]], [[day, DATE], [day, "dd/mm/yyyy"]]]
    faults = list(_judge(tmp_path, cells, one="date", two="date").faults)
    assert [(fault.column, fault.value) for fault in faults] == [("two", "02/01/2020")]


def test_a_formula_whose_result_was_not_kept_is_blank(tmp_path: Path) -> None:
    cells = [[["a", None], ["b", None]], [["x", None], ["=1+1", None]]]
    assert _judge(tmp_path, cells, a="string", b="integer").valid


def test_an_error_of_an_xls_sheet_is_its_number(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "a")
    sheet.row(1).set_cell_error(0, 0x2A)
    book.save(str(tmp_path / "table.xls"))
    schema = read_schema({"fields": [{"name": "a", "type": "string"}]})
    faults = list(validate(tmp_path / "table.xls", schema, tmp_path / "work", strict=True).faults)
    assert [(fault.kind, fault.row, fault.value) for fault in faults] == [("type-error", 2, "42")]


def test_a_cell_of_an_xls_sheet_that_only_has_a_style_is_a_cell(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "a")
    sheet.write(0, 1, None, xlwt.easyxf("pattern: pattern solid"))
    sheet.write(1, 0, "x")
    sheet.write(2, 0, None, xlwt.easyxf("pattern: pattern solid"))
    book.save(str(tmp_path / "table.xls"))
    schema = read_schema({"fields": [{"name": "a", "type": "string"}]})
    faults = list(validate(tmp_path / "table.xls", schema, tmp_path / "work", strict=True).faults)
    assert [(fault.kind, fault.row) for fault in faults] == [("blank-label", None), ("blank-row", 3)]


def test_a_text_that_imitates_a_typed_cell_stays_a_text(tmp_path: Path) -> None:
    report = _judge(tmp_path, [[["a", None]], [["_x0001_i12", None]]], a="integer")
    assert [fault.kind for fault in report.faults] == ["type-error"]


def test_what_is_no_workbook_inside_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    _xlsx([[["a", None]], [["x", None]]], path)
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w") as broken:
        for name, content in parts.items():
            broken.writestr(name, content[:-20] if name.endswith("sheet1.xml") else content)
    with pytest.raises(BrokenFile):
        validate(path, read_schema({"fields": [{"name": "a", "type": "string"}]}), tmp_path / "work", strict=True)


def test_a_small_file_that_claims_a_huge_empty_sheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    _xlsx([[["a", None]], [["x", None]]], path)
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'ref="A1:A2"', b'ref="A1:ALL1048576"')
    parts[sheet] = parts[sheet].replace(b"</sheetData>", b'<row r="1048576"/></sheetData>')
    with zipfile.ZipFile(path, "w") as huge:
        for name, content in parts.items():
            huge.writestr(name, content)
    with pytest.raises(BrokenFile, match="empty"):
        validate(path, read_schema({"fields": [{"name": "a", "type": "string"}]}), tmp_path / "work", strict=True)
