"""What is shipped beside the wheel: hashes of all that it runs on, and a bill of materials that tells both languages."""

from __future__ import annotations

import importlib.util
import json
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import parvis
import parvis_client

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("release_files", ROOT / "scripts" / "release_files.py")
release_files = importlib.util.module_from_spec(spec)
spec.loader.exec_module(release_files)


@pytest.fixture(scope="module")
def lock() -> dict[str, str]:
    return release_files.locked(release_files.production_lock())


def test_the_lock_has_every_library_that_runs_with_its_hashes_and_no_tool_of_developers(lock):
    assert {"django", "wagtail", "duckdb", "pyrage", "cryptography", "fido2", "asgiref", "sqlparse"} <= set(lock)
    assert not {"pytest", "ruff", "playwright", "schemathesis", "cyclonedx-python-lib"} & set(lock)
    assert all("--hash=sha256:" in entry for entry in lock.values())


def test_the_lock_is_closed_so_that_pip_accepts_it_with_hashes(lock):
    """``pip install --require-hashes`` refuses a requirement of a requirement that has none."""
    for name in lock:
        try:
            rows = [Requirement(text) for text in requires(name) or []]
        except importlib.metadata.PackageNotFoundError:
            continue
        for row in rows:
            if row.marker is None or row.marker.evaluate({"extra": ""}):
                assert canonicalize_name(row.name) in lock, f"{name} needs {row.name}"


def test_the_bill_of_materials_tells_python_and_what_is_built_in(lock):
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    bill = json.loads(release_files.bill("".join(lock.values()), packages))
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "parvis")
    purls = {part["purl"].partition("@")[0].split("?")[0] for part in bill["components"]}
    assert {"pkg:pypi/django", "pkg:npm/maplibre-gl"} <= purls
    assert not {"pkg:npm/vite", "pkg:pypi/pytest"} & purls
    assert len(bill["components"]) == len({part["bom-ref"] for part in bill["components"]})


def test_the_client_that_is_installed_alone_is_of_the_same_version():
    alone = tomllib.loads((ROOT / "src" / "parvis_client" / "pyproject.toml").read_text())
    assert alone["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "parvis_client.__version__"}
    assert parvis_client.__version__ == parvis.__version__
    assert alone["project"]["dependencies"] == ["urllib3>=2"]


def test_setup_takes_its_installer_by_its_hash():
    recipe = (ROOT / "Makefile").read_text()
    assert "--require-hashes --requirement scripts/uv.lock.txt" in recipe
    assert "--hash=sha256:" in (ROOT / "scripts" / "uv.lock.txt").read_text()
