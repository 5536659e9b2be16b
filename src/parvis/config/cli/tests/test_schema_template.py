"""``parvis schemas template``: alone, without an instance."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path


def parvis(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "parvis.config.cli.main", "schemas", "template", *arguments]
    environment = {"PARVIS_HOME": str(folder / "nowhere"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder)


def test_the_spreadsheet_of_a_bundled_schema_is_written_without_an_instance(tmp_path: Path) -> None:
    done = parvis("scdl/subventions", "--version", "2.1.1", "-o", "subventions.xlsx", "--json", folder=tmp_path)
    assert json.loads(done.stdout) == {
        "schema": "scdl/subventions",
        "version": "2.1.1",
        "file": "subventions.xlsx",
        "columns": 16,
    }
    assert zipfile.ZipFile(tmp_path / "subventions.xlsx").testzip() is None
    assert not (tmp_path / "nowhere").exists()


def test_an_unknown_schema_exits_with_1_and_names_those_near(tmp_path: Path) -> None:
    done = parvis("scdl/subvention", folder=tmp_path)
    assert done.returncode == 1
    assert "scdl/subventions" in done.stderr
    assert list(tmp_path.glob("*.xlsx")) == []


def test_a_schema_that_is_wrong_has_no_template(tmp_path: Path) -> None:
    (tmp_path / "faux.json").write_text('{"fields": "rien"}', encoding="utf-8")
    done = parvis("faux.json", "-o", "x.xlsx", folder=tmp_path)
    assert done.returncode == 1
    assert "schema-wrong" in done.stderr
