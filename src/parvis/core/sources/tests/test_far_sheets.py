"""A workbook read by openpyxl beside what a Parquet file holds: written by XlsxWriter and Arrow, which share nothing with either."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from parvis.core.columns import Column, ColumnType
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.far_sheets import sum_of_workbook
from parvis.core.sources.fingerprints import sum_of_parquet

NAMES = ["Nom de la rue", "Nombre", "Part", "Ouvert", "Jour", "Mêlé"]
ROWS: list[list[Any]] = [
    ["Allée des Chênes", 12, 0.1, True, date(2024, 2, 29), "a"],
    ["  Impasse  ", -3, 12.0, False, date(1970, 1, 1), 4],
    [None, None, None, None, None, None],
    ["Rue", 9007199254740, None, None, None, "b"],
]
COLUMNS = [
    Column("nom_de_la_rue", "Rue", ColumnType.TEXT),
    Column("nombre", "Nombre", ColumnType.INT),
    Column("part", "Part", ColumnType.DOUBLE),
    Column("ouvert", "Ouvert", ColumnType.BOOLEAN),
    Column("jour", "Jour", ColumnType.DATE),
    Column("mele", "Mêlé", ColumnType.TEXT),
]


def workbook(path: Path, rows: list[list[Any]] = ROWS, *, above: int = 2) -> Path:
    """Another sheet first, then a title, then the table."""
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Lisez-moi").write(0, 0, "Bonjour")
    sheet, day = book.add_worksheet("Rues"), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write(0, 0, "Les rues de la ville")
    sheet.write_row(above, 0, NAMES)
    for rank, row in enumerate(rows, start=above + 1):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(rank, place, cell, day)
            elif cell is not None:
                sheet.write(rank, place, cell)
    book.close()
    return path


def parquet(path: Path, rows: list[list[Any]]) -> Path:
    """The rows as a version of ours has them, lines without a cell left out."""
    filled = [row for row in rows if any(cell is not None for cell in row)]
    table = {column.name: [row[place] for row in filled] for place, column in enumerate(COLUMNS)}
    table["mele"] = [None if cell is None else str(cell) for cell in table["mele"]]
    pq.write_table(pa.table(table), path)
    return path


def test_the_values_of_a_workbook_are_those_of_the_version_column_by_column(tmp_path: Path) -> None:
    sheet = sum_of_workbook(workbook(tmp_path / "rues.xlsx"), COLUMNS)
    compared = COLUMNS[:-1]
    assert sheet.names == tuple(column.name for column in compared), "of a text that holds numbers nothing is said"
    assert sheet.table == sum_of_parquet([parquet(tmp_path / "a.parquet", ROWS)], compared)


@pytest.mark.parametrize(
    ("place", "value"), [(0, "Rues"), (1, 9007199254741), (2, 0.0), (3, True), (4, date(2024, 3, 1))]
)
def test_one_value_that_differs_is_seen_in_its_column_alone(tmp_path: Path, place: int, value: Any) -> None:
    sheet = sum_of_workbook(workbook(tmp_path / "rues.xlsx"), COLUMNS)
    other = [*ROWS[:-1], [value if rank == place else cell for rank, cell in enumerate(ROWS[-1])]]
    here = sum_of_parquet([parquet(tmp_path / "a.parquet", other)], COLUMNS[:-1])
    differing = [name for name in sheet.names if sheet.table.columns[name] != here.columns[name]]
    assert (differing, sheet.table.sum != here.sum) == ([COLUMNS[place].name], True)


def test_a_workbook_without_our_columns_and_one_that_is_none_are_called_neither_same_nor_different(
    tmp_path: Path,
) -> None:
    assert sum_of_workbook(workbook(tmp_path / "loin.xlsx", above=60), COLUMNS).names == ()
    for body in (b"", b"PK\x03\x04rien", (tmp_path / "loin.xlsx").read_bytes()[:3_000]):
        (tmp_path / "faux.xlsx").write_bytes(body)
        with pytest.raises(UnreadableAnswer, match="classeur"):
            sum_of_workbook(tmp_path / "faux.xlsx", COLUMNS)
