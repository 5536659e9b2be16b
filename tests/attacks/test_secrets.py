"""Secrets, as seen by another account of the machine, by whoever holds a backup, or by whoever reads the refusals."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest


def parvis(home: Path, *words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """A real command, started with the umask that most machines have."""
    environment = {**os.environ, "PARVIS_HOME": str(home), "PARVIS_DATABASE_URL": "", **settings}
    command = [sys.executable, "-m", "parvis.config.cli.main", *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, umask=0o022)


def open_things(folder: Path) -> list[str]:
    """What other accounts could read or write if they reached it."""
    paths = [folder, *folder.rglob("*")]
    return [str(path) for path in paths if not path.is_symlink() and path.stat().st_mode & 0o077]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    source = folder / "places.csv"
    source.write_text("code;places\n01234;12\n02345;7\n", encoding="utf-8")
    run = parvis(folder / "home", "import", source)
    assert run.returncode == 0, run.stderr
    return folder / "home"


@pytest.mark.slow
def test_no_other_account_reads_anything_of_the_home(home):
    assert open_things(home) == []


@pytest.mark.slow
def test_a_home_opened_to_all_is_closed_at_the_next_start_and_doctor_tells_what_cannot_be(home):
    home.chmod(0o755)
    (home / "parvis.sqlite3").chmod(0o644)
    (home / "datasets").chmod(0o755)
    report = json.loads(parvis(home, "doctor", "--json").stdout)
    assert {line["name"]: line["well"] for line in report}["droits du dossier"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (home, home / "parvis.sqlite3", home / "datasets")] == [
        0o700,
        0o600,
        0o700,
    ]


@pytest.mark.slow
def test_a_backup_is_read_by_its_owner_alone_even_in_place_of_an_open_file(home, tmp_path):
    archive = tmp_path / "tout.tar.gz"
    archive.touch(0o644)
    assert parvis(home, "backup", archive).returncode == 0
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert parvis(tmp_path / "back", "restore", archive).returncode == 0
    assert open_things(tmp_path / "back") == []


@pytest.mark.slow
def test_an_export_keeps_the_usual_mode_of_whoever_asks_for_it(home, tmp_path):
    table = tmp_path / "places.csv"
    assert parvis(home, "export", "places", "--format", "csv", "-o", table).returncode == 0
    assert stat.S_IMODE(table.stat().st_mode) == 0o644


@pytest.mark.slow
def test_a_backup_from_an_older_release_is_closed_when_it_is_restored(home, tmp_path):
    archive, opened = tmp_path / "tout.tar.gz", tmp_path / "opened"
    assert parvis(home, "backup", archive).returncode == 0
    with tarfile.open(archive) as tar:
        tar.extractall(opened, filter="data")
    for path in opened.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    with tarfile.open(archive, "w:gz") as tar:
        for path in sorted(opened.iterdir()):
            tar.add(path, path.name)
    assert parvis(tmp_path / "back", "restore", archive).returncode == 0
    assert open_things(tmp_path / "back") == []
