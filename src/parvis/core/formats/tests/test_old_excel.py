"""Workbooks of Excel 97-2003, written by a library that knows nothing of the one that reads them."""

from __future__ import annotations

import datetime

import pytest
import xlwt

from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.staging import ROWS, open_workspace

HEADERS = ["Code INSEE", "Commune", "Population", "Relevé", "Part", "Actif"]
ROWS_WRITTEN = [
    ("01004", "Ambérieu-en-Bugey", 14134, datetime.date(2020, 3, 1), 0.125, True),
    ("2A004", "Ajaccio", 71361, datetime.date(2021, 12, 31), 0.5, False),
]


@pytest.fixture
def workbook(tmp_path):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Données")
    sheet.write(0, 0, "Population des communes")
    for column, header in enumerate(HEADERS):
        sheet.write(2, column, header)
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for line, row in enumerate(ROWS_WRITTEN, start=3):
        for column, value in enumerate(row):
            sheet.write(line, column, value, *([day] if isinstance(value, datetime.date) else []))
    other = book.add_sheet("Autre")
    for line, cells in enumerate((("a", "b"), ("1", "2"))):
        for column, value in enumerate(cells):
            other.write(line, column, value)
    path = tmp_path / "communes.csv"  # the name lies: the content decides
    book.save(str(path))
    return path


def test_an_old_workbook_is_read_as_it_was_written(workbook, tmp_path):
    with open_workspace(tmp_path / "work") as workspace:
        staged, detected = read(workbook, workspace, name="communes.csv")
        rows = workspace.connection.execute(f"SELECT * FROM {ROWS}").fetchall()
    assert detected.format == "xls"
    assert [column.header for column in staged.columns] == HEADERS
    assert rows == [
        (4, "01004", "Ambérieu-en-Bugey", "14134", "2020-03-01", "0.125", "true"),
        (5, "2A004", "Ajaccio", "71361", "2021-12-31", "0.5", "false"),
    ]


def test_another_sheet_of_an_old_workbook_can_be_chosen(workbook, tmp_path):
    with open_workspace(tmp_path / "work") as workspace:
        staged, _detected = read(workbook, workspace, ReadOptions(sheet="Autre"), name="communes.xls")
    assert [column.header for column in staged.columns] == ["a", "b"]
    assert staged.rows == 1
