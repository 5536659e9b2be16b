"""The benchmark, run whole on a small file; what it measures is not judged here."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


@pytest.mark.slow
def test_bench_measures_import_questions_export_start_and_pages(tmp_path):
    run = subprocess.run(
        [BIN / "parvis", "bench", "--rows", "2000", "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
    )
    assert run.returncode in (0, 1), run.stderr  # 1 tells that a budget was passed: two thousand rows prove nothing
    facts = json.loads(run.stdout)
    figures = facts["figures"]
    assert {figure["subject"] for figure in figures} == {"import", "requête", "export", "départ", "page", "tuile"}
    assert all(math.isfinite(figure["ours"]) and figure["ours"] > 0 for figure in figures)
    assert all(figure["peer"] is None or figure["peer"] > 0 for figure in figures)
    peers = {figure["peer_name"] for figure in figures}
    assert {"DuckDB, même Parquet : types, point, ordre", "DuckDB, read_csv → Parquet"} <= peers
    for command, name in (("sqlite-utils", "sqlite-utils"), ("datasette", "Datasette")):
        assert (name in peers) == (shutil.which(command, path=str(BIN)) is not None)
    assert not list(tmp_path.glob("parvis-bench-*"))
