"""Steps change the staged table in order, say what they did, and never by halves."""

from __future__ import annotations

import pytest

from parvis.core.formats.file_reader import read
from parvis.core.ingest import examine, ingest
from parvis.core.staging import ROWS, open_workspace, quote_identifier
from parvis.core.transforms import (
    TRANSFORMS,
    Outcome,
    Step,
    StepColumnMissing,
    Transform,
    UnknownStep,
    apply_steps,
    column_of,
    replace_cells,
    replace_rows,
)


def _upper(material, step):
    column = column_of(material.staged, step, step.parameters["column"])
    quoted = quote_identifier(column.name)
    rows, cells = replace_cells(material.workspace, material.staged, {column.name: f"upper({quoted}) || ?"}, ["!"])
    return material.staged, Outcome(step, rows, cells)


@pytest.fixture
def upper(monkeypatch):
    monkeypatch.setitem(TRANSFORMS, "test.upper", Transform("test.upper", "met en capitales", _upper))
    return Step("test.upper", {"column": "nom"})


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "villes.csv"
    path.write_text("nom;code\nLieusaint;77251\nÉvry;91228\n;77296\n", encoding="utf-8")
    return path


def test_a_step_changes_the_cells_of_its_column_and_counts_them(upper, source, tmp_path):
    with open_workspace(tmp_path / "work") as workspace:
        staged, _detected = read(source, workspace)
        staged, (outcome,) = apply_steps(workspace, staged, [upper])
        rows = workspace.connection.execute(f"SELECT * FROM {ROWS}").fetchall()
    assert rows == [(2, "LIEUSAINT!", "77251"), (3, "ÉVRY!", "91228"), (4, None, "77296")]
    assert (outcome.rows, outcome.cells) == (2, 2)


def test_rows_replaced_stay_in_order_and_are_counted(source, tmp_path):
    with open_workspace(tmp_path / "work") as workspace:
        read(source, workspace)
        assert replace_rows(workspace, f"SELECT * FROM {ROWS} WHERE c1 <> ?", ["91228"]) == 2
        assert workspace.connection.execute(f"SELECT c1 FROM {ROWS}").fetchall() == [("77251",), ("77296",)]


def test_a_column_that_the_file_has_not_stops_with_those_it_has(upper, source, tmp_path):
    with open_workspace(tmp_path / "work") as workspace:
        staged, _detected = read(source, workspace)
        with pytest.raises(StepColumnMissing) as caught:
            apply_steps(workspace, staged, [Step("test.upper", {"column": "commune"})])
    assert "commune" in caught.value.message("fr")
    assert "nom, code" in caught.value.hint("fr")


def test_an_unknown_step_is_refused_before_anything_changes(upper, source, tmp_path):
    with open_workspace(tmp_path / "work") as workspace:
        staged, _detected = read(source, workspace)
        with pytest.raises(UnknownStep):
            apply_steps(workspace, staged, [upper, Step("rien")])
        assert workspace.connection.execute(f"SELECT min(c0) FROM {ROWS}").fetchone() == ("Lieusaint",)


class _Counting:
    name = "counting"

    def __call__(self, workspace, staged, guesses):
        row = workspace.connection.execute(f"SELECT count(*) FROM {ROWS} WHERE c0 = 'ÉVRY!'").fetchone()
        return {"rows": row[0], "columns": [guess.plan.column.name for guess in guesses]}


def test_a_version_tells_its_steps_and_what_inspectors_saw_after_them_and_keeps_the_original(upper, source, tmp_path):
    manifest = ingest(
        source,
        name="villes.csv",
        destination=tmp_path / "v",
        work=tmp_path / "w",
        steps=[upper],
        inspectors=[_Counting()],
    )
    assert manifest.checks == {"counting": {"rows": 1, "columns": ["nom", "code"]}}
    assert manifest.lineage == [
        {"name": "test.upper", "parameters": {"column": "nom"}, "rows": 2, "cells": 2, "details": {}}
    ]
    assert manifest.from_json(manifest.to_json()) == manifest
    original = tmp_path / "v" / manifest.version / manifest.original.file
    assert original.read_bytes() == source.read_bytes()


def test_an_examination_tells_the_same_before_anything_is_written(upper, source, tmp_path):
    examination = examine(
        source, name="villes.csv", work=tmp_path / "w", steps=[upper], inspectors=[_Counting()]
    ).to_dict()
    assert examination["checks"]["counting"]["rows"] == 1
    assert examination["lineage"][0]["cells"] == 2
    assert examination["first_rows"][0] == ["LIEUSAINT!", "77251"]
