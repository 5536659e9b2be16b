"""Reports hold every fault, in each form, and say what they leave out."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import parvis.core.readings
import parvis.packs
from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.profiling.factories import stage_rows
from parvis.core.schemas import Field, TableSchema, read_schema
from parvis.core.schemas.templates import template
from parvis.core.staging import ROWS, open_workspace
from parvis.core.validation.model import Count, Fault, FewFaults, Report
from parvis.core.validation.reports import as_xlsx
from parvis.core.validation.reports.as_csv import csv_report
from parvis.core.validation.reports.as_json import json_report
from parvis.core.validation.reports.as_xlsx import xlsx_report
from parvis.core.validation.reports.excerpts import excerpts
from parvis.core.validation.reports.rows import open_rows, rows_of_staged
from parvis.core.validation.validator import validate, validate_staged

SCHEMAS = Path(parvis.packs.__file__).parent / "schemas"
DIRTY = Path(parvis.core.readings.__file__).parent / "tests" / "dirty"
GRANTS = read_schema(
    json.loads((SCHEMAS / "scdl__subventions/2.1.1/schema.json").read_text("utf-8")), "scdl/subventions", "2.1.1"
)
FILES = (
    "subventions_roques_haute-garonne_2017.csv",
    "subventions_lot_2017_cp1252.csv",
    "subventions_charente-maritime.xlsx",
)


@pytest.fixture(scope="module", params=FILES)
def checked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Report, Path]]:
    folder = tmp_path_factory.mktemp("validated")
    path = DIRTY / request.param
    yield path, validate(path, GRANTS, folder), folder


def test_the_csv_has_one_line_a_fault_and_opens_in_a_french_spreadsheet(checked: tuple[Path, Report, Path]) -> None:
    _path, report, _folder = checked
    content = b"".join(csv_report(report, GRANTS))
    assert content.startswith(b"\xef\xbb\xbfLigne;Colonne;")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(lines) == 1 + report.total == 1 + len(report.faults) > 10
    assert {line[7] for line in lines[1:]} == {count.rule for count in report.counts}


def test_the_csv_of_english_readers_has_commas_and_no_mark(checked: tuple[Path, Report, Path]) -> None:
    content = b"".join(csv_report(checked[1], GRANTS, "en", delimiter=",", bom=False))
    assert content.startswith(b"Row,Column,")


def test_the_json_has_every_fault_with_its_words_and_proposals(checked: tuple[Path, Report, Path]) -> None:
    _path, report, _folder = checked
    body: dict[str, Any] = json.loads(b"".join(json_report(report, GRANTS)))
    assert len(body["faults"]) == body["total"] == report.total
    assert all(fault["message"] and fault["title"] for fault in body["faults"])
    assert any(proposal["value"] for fault in body["faults"] for proposal in fault["proposals"])
    assert [
        Fault.from_dict({k: f[k] for k in ("kind", "row", "column", "position", "value", "rule", "details")})
        for f in body["faults"]
    ] == [Fault.from_dict(json.loads(json.dumps(fault.to_dict(), default=str))) for fault in report.faults]


def test_the_spreadsheet_shows_the_file_with_a_comment_on_each_faulty_cell(
    checked: tuple[Path, Report, Path], tmp_path: Path
) -> None:
    path, report, folder = checked
    target = tmp_path / "rapport.xlsx"
    with open_rows(path, GRANTS, folder) as rows:
        xlsx_report(report, GRANTS, rows, target)
    cells = {(fault.row, fault.position) for fault in report.faults if fault.position and fault.row}
    with zipfile.ZipFile(target) as archive:
        notes = archive.read(next(name for name in archive.namelist() if "comments" in name)).decode()
        assert not any(
            "<f>" in archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name
        )
    assert notes.count("<comment ") >= len(cells)
    with open_workspace(tmp_path) as workspace:
        staged, _detected = read(target, workspace, ReadOptions(sheet="Données", header_line=1))
        assert staged.rows == report.rows
        listed, _detected = read(target, workspace, ReadOptions(sheet="Erreurs", header_line=1))
        assert listed.rows == report.total


def test_the_rows_shown_around_faults_hold_the_values_the_faults_tell(checked: tuple[Path, Report, Path]) -> None:
    path, report, folder = checked
    page = [fault for fault in report.faults if fault.row and fault.position][:10]
    with open_rows(path, GRANTS, folder) as rows:
        assert rows is not None
        shown = excerpts(page, rows, len(report.columns))
    shown_faults = [
        (row.number, place, fault)
        for excerpt in shown
        for row in excerpt.rows
        for place, cell in enumerate(row.cells, 1)
        for fault in cell.faults
    ]
    assert len(shown_faults) == len(page)
    assert all((fault.row, fault.position) == (number, place) for number, place, fault in shown_faults)
    texts = {
        (row.number, place): cell.text
        for excerpt in shown
        for row in excerpt.rows
        for place, cell in enumerate(row.cells, 1)
    }
    assert all(
        " ".join((fault.value or "").split())[:50] == texts[number, place][:50] for number, place, fault in shown_faults
    )
    numbers = [row.number for excerpt in shown for row in excerpt.rows]
    assert numbers == sorted(set(numbers))


def test_rows_of_a_staged_table_are_numbered_by_their_line(tmp_path: Path) -> None:
    schema = TableSchema("s", "1", "", "", (Field("d", "date"),))
    with open_workspace(tmp_path) as workspace:
        staged = stage_rows(workspace, ["d"], [["2021-01-01"], ["31/12/2021"], ["2021-01-02"]])
        report = validate_staged(workspace, staged, schema, tmp_path / "faults")
        shown = excerpts(list(report.faults), rows_of_staged(workspace, staged), 1)
        assert [[row.number for row in excerpt.rows] for excerpt in shown] == [[2, 3, 4]]
        assert [row.is_wrong for row in shown[0].rows] == [False, True, False]


def test_of_a_large_file_only_faulty_rows_are_written_and_this_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_xlsx, "WHOLE_ROWS", 50)
    monkeypatch.setattr(as_xlsx, "MOST_COMMENTS", 3)
    monkeypatch.setattr(as_xlsx, "MOST_FAULTS", 4)
    schema = TableSchema("s", "1", "", "", (Field("n", "integer"),))
    with open_workspace(tmp_path) as workspace:
        staged = stage_rows(workspace, ["n"], [])
        workspace.connection.execute(
            f"INSERT INTO {ROWS} SELECT i + 2, CASE WHEN i % 10 = 0 THEN 'x' ELSE i::VARCHAR END FROM range(60) t(i)"
        )
        staged = type(staged)(staged.columns, 60, 0)
        report = validate_staged(workspace, staged, schema, tmp_path / "faults")
        xlsx_report(report, schema, rows_of_staged(workspace, staged), tmp_path / "r.xlsx")
    with open_workspace(tmp_path) as workspace:
        data, _detected = read(tmp_path / "r.xlsx", workspace, ReadOptions(sheet="Données", header_line=1))
        assert data.rows == report.total == 6
        summary, _detected = read(tmp_path / "r.xlsx", workspace, ReadOptions(sheet="Résumé", header_line=0))
        text = " ".join(
            str(cell) for row in workspace.connection.execute(f"SELECT * FROM {ROWS}").fetchall() for cell in row
        )
    assert summary.rows
    assert "60 lignes" in text and "montre les 4 premières" in text and "Seules les 3" in text


def test_a_hostile_value_is_no_formula_in_the_csv() -> None:
    fault = Fault("type-error", 2, "n", 1, "=cmd|'/c calc'!A0", "type:integer", {})
    negative = Fault("type-error", 3, "n", 1, "-1,5", "type:integer", {})
    report = Report(
        False,
        "s",
        "1",
        2,
        ("n",),
        (Count("type-error", "type:integer", "n", 2),),
        (fault,),
        (),
        FewFaults((fault, negative)),
    )
    schema = TableSchema("s", "1", "", "", (Field("n", "integer"),))
    lines = b"".join(csv_report(report, schema, bom=False)).decode().splitlines()
    assert ";'=cmd" in lines[1]
    assert ";-1,5;" in lines[2]


def test_a_file_without_a_table_has_its_report_too(tmp_path: Path) -> None:
    empty = tmp_path / "vide.csv"
    empty.write_bytes(b"")
    report = validate(empty, GRANTS, tmp_path / "faults")
    with open_rows(empty, GRANTS, tmp_path) as rows:
        assert rows is None
        xlsx_report(report, GRANTS, rows, tmp_path / "r.xlsx")
    assert json.loads(b"".join(json_report(report, GRANTS)))["total"] == 1
    assert b"Fichier illisible" in b"".join(csv_report(report, GRANTS))


def test_the_example_of_a_template_passes_validation_when_the_schema_gives_a_right_one(tmp_path: Path) -> None:
    target = tmp_path / "modele.xlsx"
    target.write_bytes(template(GRANTS))
    with open_workspace(tmp_path) as workspace:
        staged, _detected = read(target, workspace, ReadOptions(sheet="Exemple"))
        report = validate_staged(workspace, staged, GRANTS, tmp_path / "faults")
    assert staged.rows == 1
    assert report.valid, list(report.faults)
