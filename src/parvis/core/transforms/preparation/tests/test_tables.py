"""Another dataset put beside the rows of a file, or after them: every cell, whatever the types of the other one."""

from __future__ import annotations

import pytest

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.transforms import BadStep, Step
from parvis.core.transforms.model import SideTable
from parvis.core.transforms.preparation.place_names import Gazetteer
from parvis.core.transforms.preparation.table import files_read
from parvis.core.transforms.preparation.tables import extract_key

OTHER = """SELECT * FROM (VALUES
    ('É1', 'Éva', 1234567.5::DOUBLE, DATE '1900-02-28', TIMESTAMPTZ '2024-10-27 00:30:00.5Z', true, ST_Point(2.5, 48.25)),
    (' 01 ', 'Ali', 'nan'::DOUBLE, NULL, TIMESTAMPTZ '2024-10-27 01:30:00Z', false, NULL),
    ('x', NULL, 1e22::DOUBLE, DATE '9999-12-31', NULL, NULL, NULL),
    ('x', 'double', -0.1::DOUBLE, NULL, NULL, NULL, NULL)) AS t(code, nom, montant, jour, vu, ouvert, lieu)"""
TYPES = (
    ColumnType.TEXT, ColumnType.TEXT, ColumnType.DOUBLE, ColumnType.DATE, ColumnType.DATETIME, ColumnType.BOOLEAN, ColumnType.GEO_POINT,
)  # fmt: skip
LABELS = ("Code", "Nom", "Montant", "Jour", "Vu le", "Ouvert", "Lieu")
NAMES = ("code", "nom", "montant", "jour", "vu", "ouvert", "lieu")


@pytest.fixture
def tables(workspace, tmp_path):
    """A dataset with a column of each type."""
    path = tmp_path / "autre.parquet"
    workspace.connection.execute("SET TimeZone = 'UTC'")
    workspace.connection.execute(f"COPY ({OTHER}) TO '{path}'")
    shape = TableShape(tuple(Column(*row) for row in zip(NAMES, LABELS, TYPES, strict=True)))
    return {"dataset:autre": SideTable((path,), shape, "Autre « jeu »", "v1", 4)}


def test_rows_of_another_dataset_come_after_those_of_the_file_by_the_names_of_columns(prepare, tables):
    file = {"Nom": ["Zoé"], "code": ["7"], "ici": ["seul"]}
    step = {"do": "union", "dataset": "autre", "names": {"code": "Code"}, "origin": "source", "own_name": "dépôt"}
    united = prepare(file, step, tables=tables)
    assert united.columns == {
        "Nom": ["Zoé", "Éva", "Ali", None, "double"], "code": ["7", "É1", " 01 ", "x", "x"], "ici": ["seul", None, None, None, None],
        "source": ["dépôt", *["Autre « jeu »"] * 4],
    }  # fmt: skip
    details = united.outcomes[0].details
    assert (details["only_here"], details["only_there"]) == (["ici"], ["Montant", "Jour", "Vu le", "Ouvert", "Lieu"])
    alike = prepare({"NOM": ["Zoé"], "MONTANT": ["1"]}, {"do": "union", "dataset": "autre"}, tables=tables)
    assert (alike.columns["NOM"][1], alike.columns["MONTANT"][1]) == ("Éva", "1234567.5")
    assert alike.outcomes[0].details["folded"] == ["Nom → NOM", "Montant → MONTANT"]
    both = prepare(file, {**step, "columns": "both"}, tables=tables).columns
    assert both["Montant"] == [None, "1234567.5", "nan", "1e+22", "-0.1"]
    assert (both["Jour"], both["Vu le"][1:3]) == (
        [None, "1900-02-28", None, "9999-12-31", None],
        ["2024-10-27T00:30:00.500000Z", "2024-10-27T01:30:00Z"],
    )
    assert (both["Ouvert"][:3], both["Lieu"][:2]) == ([None, "true", "false"], [None, "POINT (2.5 48.25)"])
    with pytest.raises(BadStep, match="deux colonnes"):
        prepare(file, {**step, "origin": "Montant", "columns": "both"}, tables=tables)


def test_an_extract_takes_the_place_of_the_file_and_wants_the_table_of_its_own_question(prepare, tables):
    step = {"do": "extract", "dataset": "autre", "where": "montant > 0"}
    answer = {extract_key(step): tables["dataset:autre"]}
    taken = prepare({"Nom": ["Zoé"], "ici": ["seul"]}, step, tables=answer)
    assert list(taken.columns) == list(NAMES), "the columns of the other dataset, and nothing of the file"
    assert (taken.columns["code"], taken.columns["jour"]) == (
        ["É1", " 01 ", "x", "x"],
        ["1900-02-28", None, "9999-12-31", None],
    )
    assert tuple(column.hint for column in taken.staged.columns) == TYPES
    assert taken.outcomes[0].details == {"version": "v1", "dataset": "autre"}
    for other in (
        {"where": "montant > 1"},
        {"language": "v1"},
        {"columns": ["code"]},
        {"types": {"montant": "double"}},
    ):
        with pytest.raises(BadStep, match="pas disponible"):
            prepare({"Nom": ["Zoé"]}, {**step, **other}, tables=answer)
    (name,) = files_read(Step("prepare.extract", {name: value for name, value in step.items() if name != "do"}))
    assert name == extract_key(step), "the rest of the dataset is not brought"


def test_the_code_of_an_arrondissement_is_that_of_its_commune_and_less_sure():
    row = {
        "kind": "commune",
        "epci": "",
        "department": "13",
        "region": "93",
        "population": 1,
        "postcodes": (),
        "former_codes": (),
    }
    gazetteer = Gazetteer.of("commune", [{**row, "code": "13055", "name": "Marseille"}])
    codes = ("13055", "13201", "13216", "13217", "75101")
    assert [gazetteer.of_code(code).score for code in codes] == [1.0, 0.95, 0.95, 0.0, 0.0]


def test_columns_of_another_dataset_come_beside_the_rows_that_have_its_key(prepare, tables):
    file = {"k": ["01", "É1", "e1", "x", None, "rien"]}
    step = {"do": "join", "dataset": "autre", "on": {"k": "Code"}, "take": {"n": "Nom", "j": "Jour"}}
    joined = prepare(file, step, tables=tables)
    assert joined.columns == {
        "k": file["k"],
        "n": ["Ali", "Éva", None, None, None, None],
        "j": [None, "1900-02-28", None, None, None, None],
    }
    assert joined.failures == [
        (4, "n", "e1", "not-in-dataset"), (5, "n", "x", "several-in-dataset"), (7, "n", "rien", "not-in-dataset"),
    ]  # fmt: skip
    assert prepare(file, {**step, "compare": "loose"}, tables=tables).columns["n"][2] == "Éva"
    every = prepare(file, {**step, "many": "all", "keep": False}, tables=tables)
    assert (every.columns["k"], every.columns["n"], every.lines) == (
        ["01", "É1", "x", "x"],
        ["Ali", "Éva", None, "double"],
        [2, 3, 5, 5],
    )
