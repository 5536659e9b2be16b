"""A subject of public life is begun by one command, runs with its own tests, and goes away with its folder and its line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("src", "scripts", "docs/howto", "tests/house")


PREPARE = """
import os
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.config.settings"
django.setup()
from parvis.config.cli.prepared import FOLDER, prepared_database
for former in FOLDER.glob("empty-*.sqlite3.gz"):
    former.rename(prepared_database())
"""
"""Begin with the database of this checkout, to which the migrations of the new subject are applied: to apply all of them is long."""


def run(home: Path, *command: str) -> str:
    # An address of xdist would make the copy's tests believe that they are one of its processes.
    outer = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = {**outer, "PYTHONPATH": str(home / "src"), "PARVIS_HOME": str(home / "home")}
    done = subprocess.run([sys.executable, *command], cwd=home, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The project as a newcomer has it, without what is made, but for compiled modules: to compile them all is long."""
    home = tmp_path_factory.mktemp("project")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, home / folder, ignore=shutil.ignore_patterns("node_modules"))
    for file in ("pyproject.toml", "conftest.py", "tests/costs.py", "tests/another_database.py"):
        shutil.copy(ROOT / file, home / file)
    (home / "home").mkdir()
    return home


def test_a_new_subject_runs_at_once_with_its_own_tests(copy):
    run(copy, "scripts/new_domain.py", "associations", "--title", "Associations du territoire")
    run(copy, "scripts/compile_translations.py")
    run(copy, "-c", PREPARE)
    own, rules = "src/parvis/domains/associations", "tests/house/test_house_rules.py"
    chosen = "associations or subject or docstring or bound"
    report = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", own, rules, "-k", chosen)
    assert f"PASSED {own}/tests/" in report
    assert f"PASSED {rules}::" in report


def test_a_name_that_will_not_do_is_refused_and_nothing_is_written(copy):
    for name in ("Associations", "été", "agenda", "x", "../x"):
        done = subprocess.run([sys.executable, "scripts/new_domain.py", name], cwd=copy, capture_output=True, text=True)
        assert done.returncode == 1, name
        assert "nom en minuscules" in done.stderr
    assert "domains.x" not in (copy / "src/parvis/config/settings.py").read_text()


def test_the_subject_goes_away_with_its_folder_and_its_line(copy):
    settings = copy / "src/parvis/config/settings.py"
    settings.write_text(settings.read_text().replace('    "parvis.domains.associations",\n', ""))
    shutil.rmtree(copy / "src/parvis/domains/associations")
    assert settings.read_text() == (ROOT / "src/parvis/config/settings.py").read_text()
    run(copy, "-m", "django", "check", "--settings", "parvis.config.settings")
