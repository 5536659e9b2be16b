"""A workspace answers every question about the rows that a reader left in it."""

from __future__ import annotations

from parvis.core.formats.file_reader import read
from parvis.core.staging import ROWS, open_workspace


def test_rows_are_found_by_their_line_whatever_the_reader_made_of_them(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("code,places\n01004,12\n91228,7\n", encoding="utf-8")
    with open_workspace(tmp_path / "work") as workspace:
        read(path, workspace)
        rows = workspace.connection.execute(f"SELECT c0 FROM {ROWS} WHERE line BETWEEN ? AND ?", [3, 9]).fetchall()
    assert rows == [("91228",)]
