"""The spreadsheet to fill: what is read back is what the schema wants."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

import parvis.packs
from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.schemas import Field, TableSchema, read_schema
from parvis.core.schemas.templates import choices_of, example_of, template
from parvis.core.staging import ROWS, open_workspace

FOLDER = Path(parvis.packs.__file__).parent / "schemas"
PATHS = sorted(FOLDER.glob("*/*/*.json"))


def _schema(path: Path) -> TableSchema:
    return read_schema(json.loads(path.read_text("utf-8")), path.parts[-3].replace("__", "/"), path.parts[-2])


def _rows(content: bytes, folder: Path, sheet: str) -> tuple[list[str], list[tuple[str | None, ...]]]:
    path = folder / "template.xlsx"
    path.write_bytes(content)
    with open_workspace(folder) as workspace:
        staged, _detected = read(path, workspace, ReadOptions(sheet=sheet))
        rows = workspace.connection.execute(f"SELECT * EXCLUDE (line) FROM {ROWS}").fetchall()
        return [column.header for column in staged.columns], rows


GRANTS = _schema(next(path for path in PATHS if "scdl__subventions/2.1.1" in str(path)))


def test_the_example_comes_back_as_the_schema_gives_it(tmp_path: Path) -> None:
    headers, rows = _rows(template(GRANTS), tmp_path, "Exemple")
    assert headers == list(GRANTS.field_names)
    expected = [example_of(item, GRANTS) for item in GRANTS.fields]
    expected[GRANTS.field_names.index("montant")] = "47800.20"
    assert [tuple(cell or "" for cell in row) for row in rows] == [tuple(expected)]


def test_codes_keep_their_zeros_lists_are_offered_and_every_header_has_its_note() -> None:
    with zipfile.ZipFile(io.BytesIO(template(GRANTS))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        notes = archive.read("xl/comments1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert notes.count("<comment ") == len(GRANTS.fields)
    assert "Obligatoire." in notes and "Facultatif." in notes
    assert '"oui,non"' in sheet
    assert "aide en nature;aide en numéraire" in sheet  # a short list stands in the rule itself
    assert 'numFmtId="49"' in styles  # the « Text » format
    assert sheet.count("<dataValidation ") >= 4


def test_the_explanation_of_a_column_stands_under_plain_heads() -> None:
    for language, heads in (
        ("fr", ("Colonne", "Titre", "Obligatoire", "Exemple", "Description")),
        ("en", ("Column", "Title", "Required", "Example", "Description")),
    ):
        with zipfile.ZipFile(io.BytesIO(template(GRANTS, language))) as archive:
            words = archive.read("xl/sharedStrings.xml").decode()
        assert all(f"<t>{head}</t>" in words for head in heads)
        assert "{" not in words


def test_a_long_list_stands_on_its_own_sheet() -> None:
    long = TableSchema(
        "s", "1", "", "", (Field("a", constraints={"enum": [f"valeur numéro {n}" for n in range(200)]}),)
    )
    with zipfile.ZipFile(io.BytesIO(template(long))) as archive:
        assert "'Listes'!$A$1:$A$200" in archive.read("xl/worksheets/sheet1.xml").decode()


def test_a_schema_of_a_stranger_writes_no_formula_and_no_link() -> None:
    bad = '=HYPERLINK("http://x","y")'
    hostile = TableSchema(
        "s", "1", bad, bad, (Field(bad, title=bad, description="http://x", example=bad, constraints={"enum": [bad]}),)
    )
    with zipfile.ZipFile(io.BytesIO(template(hostile))) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)


@pytest.mark.parametrize("path", PATHS[::9], ids=lambda path: "/".join(path.parts[-3:-1]))
def test_a_schema_has_its_template(path: Path, tmp_path: Path) -> None:
    schema = _schema(path)
    content = template(schema)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    if any(example_of(item, schema) for item in schema.fields):
        headers, rows = _rows(content, tmp_path, "Exemple")
        assert headers == list(schema.field_names)
        assert len(rows) == 1


def test_the_template_speaks_english_too(tmp_path: Path) -> None:
    headers, _rows_read = _rows(template(GRANTS, "en"), tmp_path, "Example")
    assert headers == list(GRANTS.field_names)


def test_choices_are_those_of_lists_and_of_yes_and_no() -> None:
    assert choices_of(Field("a", "boolean", true_values=("oui",), false_values=("non",))) == ("oui", "non")
    assert choices_of(Field("a", constraints={"enum": ["x", "", "y"]})) == ("x", "y")
    assert choices_of(Field("a")) == ()


def test_an_example_of_a_shape_or_a_list_is_the_json_that_a_cell_holds() -> None:
    shape = {"type": "Point", "coordinates": [2.3, 48.8]}
    schema = TableSchema("s", "1", "", "", ())
    assert json.loads(example_of(Field("a", "geojson", example=shape), schema)) == shape
    assert example_of(Field("a", "array", example=["x", "y"]), schema) == '["x", "y"]'
    assert example_of(Field("a", "boolean", example=True, true_values=("oui",), false_values=("non",)), schema) == "oui"
