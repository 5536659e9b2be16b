"""First visits of a commune's site, all at once: each is answered right, and no refusal tells where the server keeps its files."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine import EngineFailed
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.duckdb.factories import HandWritten
from parvis.core.engine.factories import make_version
from parvis.core.ingest import ingest
from parvis.core.versions.folders import AlreadyWritten, WriteFailed, new_folder
from parvis.core.versions.subsets import Among
from parvis.hub.datastore import lenses
from parvis.hub.store import lenses_name, store, stored_manifest, version_name

VISITS = 50
PROCESSES = 4
CODES = ("77251", "91228", "77296")
WHOLE, SUBSETS = version_name("lieux", "v1"), lenses_name("lieux", "v1")
START = "import django, sys; django.setup(); from parvis.hub.datastore import lenses; whole, name = sys.argv[1:]\n"
VISITS_OF_PROCESSES = (
    f"{START}import os; from parvis.core.versions.subsets import Among; from parvis.hub.store import store, stored_manifest\n"
    f"for _rank in range({PROCESSES}):\n"
    "    if os.fork() == 0:\n"
    "        lenses._make(whole, name, Among('code_insee', (name[-5:],)))\n"
    "        os.write(1, b'%d\\n' % stored_manifest(store(), name).rows)\n"
    "        os._exit(0)\n"
    f"for _rank in range({PROCESSES}): assert os.wait()[1] == 0\n"
)
KILLED = (
    f"{START}import os, signal\n"
    "def die(folder, destination, code, *_conditions, **_bounds):\n"
    "    (destination / code).mkdir()\n"
    "    (destination / code / 'half').write_text('half')\n"
    "    os.kill(os.getpid(), signal.SIGKILL)\n"
    "lenses.write_subset = die\n"
    "lenses._make(whole, name, None)"
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of a version of 3,000 rows, one in three of each commune."""
    folder = tmp_path_factory.mktemp("lenses")
    text = "code_insee;n\n" + "".join(f"{CODES[n % 3]};{n}\n" for n in range(3_000))
    (folder / "lieux.csv").write_text(text, encoding="utf-8")
    manifest = ingest(folder / "lieux.csv", name="lieux.csv", destination=folder / "versions", work=folder / "work")
    return folder / "versions" / manifest.version


@pytest.fixture(autouse=True)
def home(settings, tmp_path, whole):
    """A home with that version."""
    settings.PARVIS_HOME = tmp_path / "home"
    shutil.copytree(whole, settings.PARVIS_HOME / WHOLE)
    return settings.PARVIS_HOME


def rows_of_visit(code):
    """How many rows a visitor finds in the subset, made by anyone who is first."""
    name = f"{SUBSETS}/{code}"
    lenses._make(WHOLE, name, Among("code_insee", (code,)))
    return stored_manifest(store(), name).rows


def in_process(program, home, code):
    environment = {"DJANGO_SETTINGS_MODULE": "parvis.config.settings", "PARVIS_HOME": str(home)}
    command = [sys.executable, "-W", "ignore", "-c", program, WHOLE, f"{SUBSETS}/{code}"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def halves(home):
    """What interrupted writings left in scratch folders."""
    return list((home / "work").glob("*/lens-*"))


def test_fifty_first_visits_in_threads_are_all_answered(home):
    start = threading.Barrier(VISITS)

    def visit(_number: int) -> int:
        start.wait()
        return rows_of_visit("77251")

    with ThreadPoolExecutor(VISITS) as pool:
        assert list(pool.map(visit, range(VISITS))) == [1_000] * VISITS
    assert (store().children(SUBSETS), halves(home)) == (["77251"], [])


def test_first_visits_in_several_processes_are_all_answered(home):
    visits = in_process(VISITS_OF_PROCESSES, home, "91228")
    assert visits.communicate(timeout=120)[0].split() == ["1000"] * PROCESSES
    assert visits.returncode == 0
    assert (store().children(SUBSETS), halves(home)) == (["91228"], [])


def test_a_visit_killed_while_it_wrote_blocks_nobody(home):
    assert in_process(KILLED, home, "77296").wait(60) < 0
    assert (store().children(SUBSETS), len(halves(home))) == ([], 1)
    assert rows_of_visit("77296") == 1_000
    assert store().children(SUBSETS) == ["77296"]


def test_the_first_to_finish_is_right_and_whoever_is_late_removes_nothing(tmp_path):
    with pytest.raises(AlreadyWritten), new_folder(tmp_path, "v1") as late:
        with new_folder(tmp_path, "v1") as first:
            (first / "who").write_text("first")
        with pytest.raises(AlreadyWritten), new_folder(tmp_path, "v1"):
            pass
        (late / "who").write_text("late")  # its folder is still there
    assert (tmp_path / "v1" / "who").read_text() == "first"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "v1"]


def test_who_waits_too_long_is_told_to_come_back(home, monkeypatch):
    monkeypatch.setattr(lenses, "WAIT", 0.1)
    monkeypatch.setattr(lenses, "_condition", lambda *_asked: Among("code_insee", ("77251",)))
    dataset, version = SimpleNamespace(uid="lieux"), SimpleNamespace(name="v1")
    manifest, lens = stored_manifest(store(), WHOLE), SimpleNamespace(code="77251")
    with store().alone(f"{SUBSETS}/77251"), pytest.raises(lenses.BeingWritten):
        lenses.subset_of(dataset, version, manifest, lens)
    assert lenses.subset_of(dataset, version, manifest, lens) == f"{SUBSETS}/77251"


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
