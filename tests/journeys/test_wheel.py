"""The wheel alone, in a virtual environment of its own, gives a working demonstration."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).parent / "uv"


def _run(*command: object, **options) -> str:
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(UV, "build", "--wheel", "--quiet", "--out-dir", folder, ROOT)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_what_was_built_and_none_of_the_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("static/parvis/dist/manifest.json") for name in names)
    assert any(name.endswith(".woff2") for name in names)
    assert any(name.endswith("locale/en/LC_MESSAGES/django.mo") for name in names)
    assert any("packs/demo/files/" in name for name in names)
    assert [name for name in names if "/tests/" in name] == []
    assert zipfile.ZipFile(wheel).testzip() is None


def test_the_wheel_alone_gives_a_working_demonstration(wheel, tmp_path):
    python = tmp_path / "venv" / "bin" / "python"
    _run(UV, "venv", "--quiet", "--python", sys.executable, tmp_path / "venv")
    _run(UV, "pip", "install", "--quiet", "--python", python, "--constraint", _pins(tmp_path), wheel)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PARVIS_HOME": str(tmp_path / "home")}
    parvis = tmp_path / "venv" / "bin" / "parvis"
    _run(parvis, "demo", "--no-serve", cwd=tmp_path, env=environment)
    listed = _run(parvis, "datasets", "list", "--json", cwd=tmp_path, env=environment)
    assert listed.count('"dataset_id"') >= 30


def _pins(folder: Path) -> Path:
    """The versions of the lock, without hashes (the wheel itself has none)."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [line.split(" \\")[0].strip() for line in lines if "==" in line and not line.startswith(" ")]
    path = folder / "pins.txt"
    path.write_text("\n".join(pins))
    return path
