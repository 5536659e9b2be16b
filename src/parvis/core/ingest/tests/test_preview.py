"""The first rows of a file, kept apart, show what the file itself would."""

from __future__ import annotations

import json

from parvis.core.ingest.preview import SAMPLE, preview
from parvis.core.transforms import Step

STEPS = [Step("prepare.type", {"columns": ["montant"], "type": "double"}), Step("prepare.drop", {"columns": ["nom"]})]


def test_the_preview_of_kept_rows_is_that_of_the_file(tmp_path):
    file, sample = tmp_path / "f.csv", tmp_path / "premieres.parquet"
    rows = [f"{'x' if rank % 7 else 'l’Haÿ'};{rank},5{' €' if rank % 3 else ''}\n" for rank in range(SAMPLE + 10)]
    file.write_text("nom;montant\n" + "".join([*rows[:9], "seul;abc\n", *rows[9:]]))
    whole = preview(file, name="f.csv", work=tmp_path / "a", steps=STEPS, new_sample=sample)
    file.unlink()
    assert preview(file, name="f.csv", work=tmp_path / "b", steps=STEPS, sample=sample) == whole
    assert (whole.is_sample, whole.after.total, whole.failures[0][3]) == (True, SAMPLE, "abc")


def test_shapes_and_declared_types_are_kept_with_the_rows(tmp_path):
    point = {"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [2.25, 48.5]}}
    file, sample = tmp_path / "f.geojson", tmp_path / "premieres.parquet"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [point]}))
    whole = preview(file, name="f.geojson", work=tmp_path / "a", steps=[], new_sample=sample)
    assert preview(file, name="f.geojson", work=tmp_path / "b", steps=[], sample=sample) == whole
    assert "POINT (2.25 48.5)" in whole.after.cells[0]
