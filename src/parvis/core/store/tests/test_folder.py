"""The folder: nothing is seen before it is whole, nothing of the dead stays, nothing of the living goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from parvis.core.store import FolderStore

WRITES = """
import sys, time
from pathlib import Path
from parvis.core.store import FolderStore

class Endless:
    def read(self, size):
        print("written", flush=True)
        time.sleep(0.05)
        return b"x" * 1000

FolderStore(Path(sys.argv[1])).put("media/grand.bin", Endless())
"""


@pytest.fixture
def store(tmp_path) -> FolderStore:
    return FolderStore(tmp_path / "home")


def aged(store: FolderStore) -> None:
    """Everything apart, as if an hour had passed."""
    past = time.time() - 3600
    for path in (store.root / ".store").iterdir():
        os.utime(path, (past, past))


def apart(store: FolderStore) -> list[str]:
    return sorted(path.name for path in (store.root / ".store").iterdir())


def test_a_name_is_a_path_below_the_root(store):
    store.put("media/images/logo.svg", b"<svg/>")
    assert (store.root / "media" / "images" / "logo.svg").read_bytes() == b"<svg/>"
    assert apart(store) == []


def test_what_a_killed_process_was_writing_is_swept_and_nothing_of_it_is_seen(store):
    writer = subprocess.Popen([sys.executable, "-c", WRITES, store.root], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "written\n"
    aged(store)
    assert store.sweep() == 0  # its writer lives
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert store.children("media") == []
    assert apart(store) != []
    aged(store)
    assert store.sweep() >= 1
    assert apart(store) == []


def test_what_is_younger_than_a_minute_is_left_to_its_maker(store):
    store.put("media/a", b"a")
    (store.root / ".store" / "jeune").mkdir()
    assert store.sweep() == 0
    assert apart(store) == ["jeune"]


def test_what_was_being_removed_is_removed(store):
    gone = store.root / ".store" / "0123" / "versions"
    gone.mkdir(parents=True)
    (gone / "part-0.parquet").write_bytes(b"PAR1")
    aged(store)
    assert store.sweep() == 1
    assert apart(store) == []


def test_a_lock_is_gone_with_its_holder(store):
    with store.alone("deposits/d"):
        assert len(apart(store)) == 1
    assert apart(store) == []


def test_work_of_another_disk_is_copied_then_named(store, tmp_path, monkeypatch):
    """Two disks are not at hand: what tells them apart is answered for them."""
    monkeypatch.setattr(FolderStore, "_is_beside", lambda *_asked: False)
    work = tmp_path / "work"
    (work / "original").mkdir(parents=True)
    (work / "original" / "a.csv").write_bytes(b"a\n")
    (work / "b.gz").write_bytes(b"b")
    store.put("media/b.gz", work / "b.gz")
    store.commit(work, "datasets/u/versions/v")
    assert list(store.walk("datasets")) == ["datasets/u/versions/v/original/a.csv"]
    assert (store.root / "media" / "b.gz").read_bytes() == b"b"
    assert not work.exists()
    assert apart(store) == []


def test_a_room_that_is_a_disk_of_its_own_is_written_on_that_disk(store, monkeypatch):
    (store.root / "media").mkdir(parents=True)
    with monkeypatch.context() as disks:  # undone at once: other stores end with the test
        disks.setattr(FolderStore, "_disk_of", lambda self, name: self.root / name.split("/")[0])
        store.put("media/a", b"a", new=True)
        store.put("media/dossier/b", b"b")
        store.delete("media/dossier")
    assert (store.root / "media" / ".store").is_dir()
    assert store.children("media") == ["a"]
    assert list(store.walk("media")) == ["media/a"]
    assert not (store.root / ".store").exists()


def test_a_folder_is_on_the_disk_before_it_has_its_name(store, tmp_path, monkeypatch):
    synchronised: list[Path] = []
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: synchronised.append(Path(f"/proc/self/fd/{descriptor}").readlink())
    )
    work = tmp_path / "v"
    work.mkdir()
    (work / "part-0.parquet").write_bytes(b"PAR1")
    store.commit(work, "datasets/u/versions/v")
    assert synchronised == [work / "part-0.parquet", work, store.root / "datasets" / "u" / "versions"]
