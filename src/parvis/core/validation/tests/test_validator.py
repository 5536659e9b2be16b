"""Files are read as they are, what Validata would refuse is told as advice, and every fault is kept."""

import csv
import random
from pathlib import Path

import pytest
import xlsxwriter

from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.schemas import TableSchema, read_schema
from parvis.core.staging import open_workspace
from parvis.core.validation import text_reader
from parvis.core.validation.model import Report
from parvis.core.validation.validator import validate, validate_staged

SCHEMA = read_schema(
    {
        "fields": [
            {"name": "id", "type": "integer", "constraints": {"required": True, "unique": True}},
            {"name": "nom", "type": "string", "constraints": {"required": True}},
            {"name": "jour", "type": "date"},
        ],
        "primaryKey": "id",
    }
)


def _check(
    folder: Path,
    content: str,
    schema: TableSchema = SCHEMA,
    *,
    name: str = "t.csv",
    encoding: str = "utf-8",
    strict: bool = False,
) -> Report:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return validate(path, schema, folder / "work", strict=strict)


def _told(report: Report) -> list[tuple[str, int | None, str | None]]:
    return [(fault.kind, fault.row, fault.column) for fault in report.faults]


def test_semicolons_encoding_and_capitals_are_advice(tmp_path: Path) -> None:
    content = "ID;Nom;Jour\n1;Évènement à Nîmes;2024-01-02\n2;Été;x\n"
    report = _check(tmp_path, content, encoding="cp1252")
    assert _told(report) == [("type-error", 3, "jour")]
    codes = [advice.code for advice in report.advice]
    assert codes[:2] == ["encoding", "separator"] and codes.count("header-case") == 3
    strict = _check(tmp_path, content, encoding="cp1252", strict=True)
    assert [fault.kind for fault in strict.faults] == ["missing-label", "missing-label"]


def test_a_mark_before_a_quoted_label_hides_it_from_validata_alone(tmp_path: Path) -> None:
    content = '\ufeff"id","nom"\n"1","Ada"\n'
    assert _check(tmp_path, content).valid
    strict = _check(tmp_path, content, strict=True)
    assert _told(strict)[0] == ("missing-label", None, "id") and strict.columns == ('"id"', "nom")


def test_a_header_below_titles_is_found_and_rows_keep_their_number(tmp_path: Path) -> None:
    report = _check(tmp_path, "Liste des agents\n\nid;nom;jour\n1;Ada;2024-01-02\n2;;2024-01-03\n")
    assert ("constraint-error", 5, "nom") in _told(report)


def test_a_spreadsheet_is_read_with_its_dates(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for rank, row in enumerate([["id", "nom", "jour"], [1, "Ada", "2024-01-02"], [2, "", "hier"]]):
            sheet.write_row(rank, 0, row)
    report = validate(path, SCHEMA, tmp_path / "work")
    assert _told(report) == [("constraint-error", 3, "nom"), ("type-error", 3, "jour")]
    assert report.advice[0].code == "format"


def test_all_faults_are_kept_beyond_the_first_thousand(tmp_path: Path) -> None:
    report = _check(tmp_path, "id,nom,jour\n" + "".join(f"{rank},,x\n" for rank in range(5_000)), strict=True)
    assert report.total == len(report.faults) == sum(1 for _ in report.faults) == 10_000
    assert {(count.rule, count.count) for count in report.counts} == {
        ("constraint:required", 5_000),
        ("type:date", 5_000),
    }
    assert len(report.examples) == 10
    assert {fault.row for fault in report.faults.between(4_000, 4_001)} == {4_000, 4_001}
    assert Report.from_dict(report.to_dict()).to_dict() == report.to_dict()


def test_a_file_that_is_no_table_is_one_fault_in_strict_reading(tmp_path: Path) -> None:
    assert [fault.kind for fault in _check(tmp_path, "", strict=True).faults] == ["source-error"]
    assert [fault.kind for fault in _check(tmp_path, "a,b\n", name="t.txt", strict=True).faults] == ["format-error"]


def test_more_rows_than_validata_takes_are_a_fault_in_strict_reading_only(tmp_path: Path) -> None:
    schema = read_schema({"fields": [{"name": "id", "type": "integer"}, {"name": "nom"}]})
    content = "id,nom\n" + "1,a\n" * 100_001
    assert [fault.kind for fault in _check(tmp_path, content, schema, strict=True).faults] == ["table-dimensions"]
    assert _check(tmp_path, content, schema).valid


def test_a_wrong_schema_is_told_and_nothing_else(tmp_path: Path) -> None:
    report = _check(tmp_path, "id\n1\n", read_schema({"fields": [{"name": "id", "type": "entier"}]}))
    assert [(fault.kind, fault.rule) for fault in report.faults] == [("field-error", "schema:field-error")]
    example = read_schema({"fields": [{"name": "id", "type": "integer", "example": "x"}]})
    assert [fault.kind for fault in _check(tmp_path, "id\n1\n", example).faults] == ["field-error"]
    pattern = read_schema({"fields": [{"name": "id", "constraints": {"pattern": "("}}]})
    assert [fault.kind for fault in _check(tmp_path, "id\n1\n", pattern).faults] == ["error"]


def test_bounds_that_are_no_value_are_told_once(tmp_path: Path) -> None:
    schema = read_schema(
        {"fields": [{"name": "id", "type": "integer", "constraints": {"minimum": "x"}}, {"name": "nom"}]}
    )
    report = _check(tmp_path, "id,nom\n1,a\n2,b\n", schema, strict=True)
    assert [(fault.kind, fault.row) for fault in report.faults] == [("error", None)]
    assert _check(tmp_path, "id,nom\n,a\n", schema, strict=True).valid


def test_what_is_no_number_is_never_twice_the_same(tmp_path: Path) -> None:
    schema = read_schema(
        {"fields": [{"name": "id", "type": "number", "constraints": {"unique": True}}, {"name": "nom"}]}
    )
    report = _check(tmp_path, "id,nom\nNaN,a\nNaN,b\n1.0,c\n1,d\n", schema, strict=True)
    assert _told(report) == [("unique-error", 5, "id")]


def test_a_check_that_cannot_read_a_column_is_told_once(tmp_path: Path) -> None:
    check = {"name": "phone-number-value", "params": {"column": "id"}}
    schema = read_schema({"fields": [{"name": "id", "type": "integer"}, {"name": "nom"}], "custom_checks": [check]})
    assert [fault.kind for fault in _check(tmp_path, "id,nom\n1,a\n2,b\n", schema, strict=True).faults] == ["error"]
    assert _check(tmp_path, "id,nom\n,a\n", schema, strict=True).valid


def test_a_staged_table_is_checked_with_the_lines_of_its_source(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id;nom;jour\n1;Ada;2024-01-02\n\n2;;2024-01-03\n1;Bob;\n")
    with open_workspace(tmp_path / "work") as workspace:
        staged, _ = read(path, workspace, ReadOptions())
        report = validate_staged(workspace, staged, SCHEMA, tmp_path / "faults")
    assert _told(report) == [("constraint-error", 4, "nom"), ("unique-error", 5, "id"), ("primary-key", 5, None)]


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_of_reading_give_the_same_faults(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    cells = ["1", "2", "", "a", "x,y", 'a"b', "l\nm", "2024-01-02", " ", '"', "é", "a ", " b", "2024-13-01"]
    for _ in range(6):
        path = tmp_path / "t.csv"
        rows = [
            [chance.choice(cells) for _ in range(chance.choice([3, 3, 3, 3, 2, 4]))]
            for _ in range(chance.randint(0, 8))
        ]
        if chance.random() < 0.5:
            rows = [row[:3] + ["z"] * (3 - len(row)) for row in rows]
        with path.open("w", newline="") as stream:
            csv.writer(stream, lineterminator=chance.choice(["\n", "\r\n"])).writerows([["id", "nom", "jour"], *rows])
        quick = _told(validate(path, SCHEMA, tmp_path / "quick", strict=True))
        with monkeypatch.context() as patched:
            patched.setattr(text_reader, "_quick", lambda *_: None)
            assert quick == _told(validate(path, SCHEMA, tmp_path / "careful", strict=True)), path.read_text()


def test_a_repeated_number_is_told_as_it_is_written(tmp_path: Path) -> None:
    schema = read_schema(
        {
            "fields": [
                {"name": "montant", "type": "number", "decimalChar": ",", "constraints": {"unique": True}},
                {"name": "jour", "type": "date", "format": "%d/%m/%Y", "constraints": {"unique": True}},
            ]
        }
    )
    content = "montant;jour\n12,50;02/01/2024\n12,5;03/01/2024\n12,500;2/1/2024\n7;04/01/2024\n"
    faults = [(fault.kind, fault.row, fault.column, fault.value) for fault in _check(tmp_path, content, schema).faults]
    assert ("unique-error", 3, "montant", "12,5") in faults
    assert ("unique-error", 4, "montant", "12,500") in faults
    assert all("E-" not in str(value) for *_rest, value in faults)


def test_a_repeated_number_of_a_workbook_is_told_as_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([("montant",), (12.5,), (7,), (12.5,)]):
            sheet.write_row(row, 0, cells)
    schema = read_schema({"fields": [{"name": "montant", "type": "number", "constraints": {"unique": True}}]})
    for strict in (False, True):
        faults = validate(path, schema, tmp_path / "work", strict=strict).faults
        assert [(fault.kind, fault.row, fault.value) for fault in faults] == [("unique-error", 4, "12.5")]


def test_a_regular_file_is_reported_as_the_same_one_with_a_quoted_cell(tmp_path: Path) -> None:
    lines = ["id,nom,jour", "1,Ada,2024-01-02", "2,,2024-01-03", ",,", "1,Léa,2024-02-30", "x,Max,", "6,Zoé,2024-01-06"]
    quoted = [*lines[:-1], '"6",Zoé,2024-01-06']
    plain = _check(tmp_path, "\n".join(lines))
    assert [fault.to_dict() for fault in plain.faults] == [
        fault.to_dict() for fault in _check(tmp_path, "\n".join(quoted)).faults
    ]
    assert _told(plain) == [
        ("constraint-error", 3, "nom"),
        ("blank-row", 4, None),
        ("primary-key", 4, None),
        ("type-error", 5, "jour"),
        ("unique-error", 5, "id"),
        ("primary-key", 5, None),
        ("type-error", 6, "id"),
        ("primary-key", 6, None),
    ]


def test_rows_of_a_long_file_are_numbered_in_their_order_whatever_the_lists_of_its_schema(tmp_path: Path) -> None:
    colours = ["bleu", "blanc", "rouge", "vert", "jaune", "noir", "gris"]
    fields = [{"name": "rang", "type": "integer"}, {"name": "texte", "type": "string"}]
    listed = {"name": "couleur", "type": "string", "constraints": {"enum": colours}}
    rows = [f"{rank},{'long texte ' * 90},{'rose' if rank % 500 == 0 else colours[rank % 7]}" for rank in range(12_000)]
    schema = read_schema({"fields": [*fields, listed]})
    report = _check(tmp_path, "\n".join(["rang,texte,couleur", *rows]), schema)
    assert [fault.row for fault in report.faults] == list(range(2, 12_002, 500))
