"""First visits of a commune's site, all at once: each is answered right, and no refusal tells where the server keeps its files."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine import EngineFailed
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.duckdb.factories import HandWritten
from parvis.core.engine.factories import make_version
from parvis.core.ingest import ingest
from parvis.core.versions.folders import PARTIAL, AlreadyWritten, BeingWritten, WriteFailed, exclusive, new_folder
from parvis.core.versions.manifest import read_manifest
from parvis.core.versions.subsets import Among
from parvis.hub.datastore import lenses

VISITS = 50
PROCESSES = 4
CODES = ("77251", "91228", "77296")
START = "import django, sys; django.setup(); from pathlib import Path; whole, folder = map(Path, sys.argv[1:]);"
VISIT = (
    f"{START} from parvis.hub.datastore import lenses; from parvis.core.versions.subsets import Among;"
    "from parvis.core.versions.manifest import read_manifest;"
    "lenses._make(whole, folder, Among('code_insee', (folder.name,))); print(read_manifest(folder).rows)"
)
KILLED = (
    f"{START} import os, signal; from parvis.core.versions.folders import exclusive, new_folder\n"
    "with exclusive(folder.with_name(folder.name + '.lock'), 5), new_folder(folder.parent, folder.name) as partial:\n"
    "    (partial / 'half').write_text('half')\n"
    "    os.kill(os.getpid(), signal.SIGKILL)"
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of a version of 3,000 rows, one in three of each commune."""
    folder = tmp_path_factory.mktemp("lenses")
    text = "code_insee;n\n" + "".join(f"{CODES[n % 3]};{n}\n" for n in range(3_000))
    (folder / "lieux.csv").write_text(text, encoding="utf-8")
    manifest = ingest(folder / "lieux.csv", name="lieux.csv", destination=folder / "versions", work=folder / "work")
    return folder / "versions" / manifest.version


def rows_of_visit(whole, folder):
    """How many rows a visitor finds in the subset, made by anyone who is first."""
    lenses._make(whole, folder, Among("code_insee", (folder.name,)))
    return read_manifest(folder).rows


def in_process(program, whole, folder):
    environment = {"DJANGO_SETTINGS_MODULE": "parvis.config.settings", "PARVIS_HOME": str(folder.parent / "home")}
    command = [sys.executable, "-W", "ignore", "-c", program, str(whole), str(folder)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def subsets_in(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock" and path.name != "home")


def test_fifty_first_visits_in_threads_are_all_answered(whole, tmp_path):
    start = threading.Barrier(VISITS)

    def visit(_number: int) -> int:
        start.wait()
        return rows_of_visit(whole, tmp_path / "77251")

    with ThreadPoolExecutor(VISITS) as pool:
        assert list(pool.map(visit, range(VISITS))) == [1_000] * VISITS
    assert subsets_in(tmp_path) == ["77251"]


def test_first_visits_in_several_processes_are_all_answered(whole, tmp_path):
    visits = [in_process(VISIT, whole, tmp_path / "91228") for _ in range(PROCESSES)]
    assert [visit.communicate(timeout=120)[0].strip() for visit in visits] == ["1000"] * PROCESSES
    assert subsets_in(tmp_path) == ["91228"]


def test_a_visit_killed_while_it_wrote_blocks_nobody(whole, tmp_path):
    assert in_process(KILLED, whole, tmp_path / "77296").wait(60) < 0
    assert [name for name in subsets_in(tmp_path) if name.endswith(PARTIAL)]
    assert rows_of_visit(whole, tmp_path / "77296") == 1_000
    assert subsets_in(tmp_path) == ["77296"]


def test_the_first_to_finish_is_right_and_whoever_is_late_removes_nothing(tmp_path):
    with pytest.raises(AlreadyWritten), new_folder(tmp_path, "v1") as late:
        with new_folder(tmp_path, "v1") as first:
            (first / "who").write_text("first")
        with pytest.raises(AlreadyWritten), new_folder(tmp_path, "v1"):
            pass
        (late / "who").write_text("late")  # its folder is still there
    assert (tmp_path / "v1" / "who").read_text() == "first"
    assert subsets_in(tmp_path) == ["v1"]


def test_who_waits_too_long_is_told_to_come_back(tmp_path):
    with exclusive(tmp_path / "a.lock", 1), pytest.raises(BeingWritten), exclusive(tmp_path / "a.lock", 0.1):
        pass
    with exclusive(tmp_path / "a.lock", 0.1):
        pass


def test_a_refusal_tells_no_path_and_the_log_does(tmp_path, caplog):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(WriteFailed) as refused, new_folder(tmp_path / "file", "v1"):
        pass
    source = make_version(tmp_path / "v2", [Column("n", "N", ColumnType.INT)], [[1]])
    (Path(source.key) / "part-0.parquet").unlink()
    engine = DuckDBEngine(tmp_path)
    with pytest.raises(EngineFailed) as failed:
        engine.table(source, HandWritten("SELECT n FROM rows"))
    engine.close()
    for error in (refused.value, failed.value):
        assert str(tmp_path) not in error.message("fr") + error.message("en") + error.hint("fr") + repr(error.details)
    assert caplog.text.count(str(tmp_path)) >= 2
