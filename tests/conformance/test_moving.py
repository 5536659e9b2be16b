"""A dataset moves from one portal to another by its export and its object."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from pathlib import Path

import pytest

from conformance.conftest import PARVIS

DATASET = "/api/explore/v2.1/catalog/datasets/collection"


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read()


@pytest.mark.parametrize("form", ["csv?use_labels=true", "json", "geojson"])
def test_names_types_and_values_come_back(served: str, tmp_path: Path, form: str):
    card = json.loads(fetched(served + DATASET))
    (tmp_path / "fiche.json").write_text(json.dumps(card), encoding="utf-8")
    file = tmp_path / f"collection.{form.partition('?')[0]}"
    file.write_bytes(fetched(f"{served}{DATASET}/exports/{form}"))
    elsewhere = {**os.environ, "PARVIS_HOME": str(tmp_path / "home"), "PARVIS_DATABASE_URL": ""}
    moved = tmp_path / "moved.json"
    for command in (
        ["import", str(file), "--metadata", str(tmp_path / "fiche.json")],
        ["export", "collection", "--format", "json", "--output", str(moved)],
    ):
        run = subprocess.run([PARVIS, *command], env=elsewhere, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
    before, after = json.loads(fetched(f"{served}{DATASET}/exports/json")), json.loads(moved.read_bytes())
    for row in (*before, *after):
        row.pop("img")  # a file field is an object there, the text it holds here
    assert after == before
