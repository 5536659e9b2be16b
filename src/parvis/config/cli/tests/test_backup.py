"""A whole instance into an archive and back: real commands, real homes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path

import pytest

from forked_commands import Commands
from parvis.core.rowlog.batches import Content, Head
from parvis.core.rowlog.log import Entry, RowLog
from parvis.core.store.folder import FolderStore
from parvis.hub.store import rowlog_name

pytestmark = pytest.mark.slow


def environment_of(home: Path) -> dict[str, str]:
    return {**os.environ, "PARVIS_HOME": str(home), "PARVIS_DATABASE_URL": ""}


def restore(home: Path, archive: Path) -> subprocess.CompletedProcess[str]:
    """Into a home that need not be there: the command that loads nothing else."""
    command = [sys.executable, "-m", "parvis.config.cli.main", "restore", str(archive)]
    return subprocess.run(command, env=environment_of(home), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def commands_of() -> Iterator[Callable[[Path], Commands]]:
    """The other commands, of a home that is there or is to be made."""
    with ExitStack() as stack:

        @cache
        def opened(home: Path) -> Commands:
            return stack.enter_context(closing(Commands(environment_of(home))))

        yield opened


@pytest.fixture(scope="module")
def saved(tmp_path_factory, commands_of) -> tuple[Path, Path]:
    """A home with one dataset into which a row was pushed, and its archive."""
    folder = tmp_path_factory.mktemp("sauvegarde")
    source, home, archive = folder / "places.csv", folder / "home", folder / "tout.tar.gz"
    source.write_text("code;places\n01234;12\n02345;7\n", encoding="utf-8")
    for words in (["import", source], ["backup", archive]):
        run = commands_of(home)(*words)
        assert run.returncode == 0, run.stderr
        if words[0] == "import":
            log = RowLog(FolderStore(home), rowlog_name(next((home / "datasets").glob("*/versions")).parent.name))
            log.append(Entry(Head(0, 0.0, put=1), Content(b"une ligne")))
    return home, archive


def test_everything_comes_back_and_serves_the_same_rows(saved, commands_of, tmp_path):
    home, archive = saved
    back = tmp_path / "ailleurs"
    run = restore(back, archive)
    assert run.returncode == 0, run.stderr
    before, after = (commands_of(place)("export", "places", "--format", "csv").stdout for place in (home, back))
    assert before == after
    assert "01234" in after
    assert (back / "secret-key").read_bytes() == (home / "secret-key").read_bytes()
    assert (back / "secret-key").stat().st_mode & 0o077 == 0
    logs = [[path.read_bytes() for path in place.glob("datasets/*/rowlog/*")] for place in (home, back)]
    assert logs[0] == logs[1] != []
    findings = json.loads(commands_of(back)("doctor", "--json").stdout)
    well = {finding["name"]: finding["well"] for finding in findings}
    assert well["base de données"]
    assert well["dossiers des versions"]
    assert well["moteur de requêtes"]
    assert [path.name for path in tmp_path.iterdir()] == ["ailleurs"]


def test_a_home_in_use_is_never_overwritten(saved, commands_of):
    home, archive = saved
    run = restore(home, archive)
    assert (run.returncode, "home-in-use" in run.stderr) == (1, True)
    assert commands_of(home)("export", "places", "--format", "csv").returncode == 0


def test_a_cut_archive_or_another_file_is_refused_and_leaves_nothing(saved, tmp_path):
    archive = saved[1]
    body = archive.read_bytes()
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(evil, "w:gz") as tar:
        tar.add(archive, "../../evil")
    for content in (body[: len(body) // 2], b"rien", b"", evil.read_bytes()):
        broken = tmp_path / "archive.tar.gz"
        broken.write_bytes(content)
        run = restore(tmp_path / "neuf", broken)
        assert (run.returncode, "not-a-backup" in run.stderr) == (1, True), run.stderr
        assert sorted(path.name for path in tmp_path.iterdir()) == ["archive.tar.gz", "evil.tar.gz"]
    assert not (tmp_path.parent / "evil").exists()
    assert restore(tmp_path / "neuf", tmp_path / "absent").returncode == 1


def test_an_archive_that_cannot_be_written_leaves_no_half_of_it(saved, commands_of, tmp_path):
    run = commands_of(saved[0])("backup", tmp_path / "absent" / "tout.tar.gz")
    assert run.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_an_instance_whose_files_are_on_another_disk_is_saved_and_comes_back_on_another(commands_of, tmp_path):
    source, home, archive = tmp_path / "places.csv", tmp_path / "home", tmp_path / "tout.tar.gz"
    source.write_text("code;places\n01234;12\n", encoding="utf-8")
    home.mkdir()
    (home / "parvis.toml").write_text(f'PARVIS_STORAGE_URL = "file://{tmp_path}/disque"\n')
    for words in (["import", source], ["backup", archive]):
        run = commands_of(home)(*words)
        assert run.returncode == 0, run.stderr
    assert not (home / "datasets").exists()
    assert len(list(tmp_path.glob("disque/datasets/*/versions/*/manifest.json"))) == 1

    taken = restore(tmp_path / "ailleurs", archive)
    assert (taken.returncode, "home-in-use" in taken.stderr) == (1, True)
    assert not (tmp_path / "ailleurs").exists()

    (tmp_path / "disque").rename(tmp_path / "ancien-disque")
    run = restore(tmp_path / "ailleurs", archive)
    assert run.returncode == 0, run.stderr
    assert not (tmp_path / "ailleurs" / "datasets").exists()
    assert "01234" in commands_of(tmp_path / "ailleurs")("export", "places", "--format", "csv").stdout
    assert len(list(tmp_path.glob("disque/datasets/*/versions/*/manifest.json"))) == 1
