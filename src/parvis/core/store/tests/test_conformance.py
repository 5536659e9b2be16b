"""What every store holds to: the folder, and one of objects as S3 is."""

from __future__ import annotations

import io
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.errors import NotFound
from parvis.core.store import ROOMS, AlreadyStored, BadName, FolderStore, Store, checked
from parvis.core.store.tests.copies import ObjectStore

VERSION = "datasets/u1/versions/v1"


@pytest.fixture(params=["folder", "objects"])
def store(request, tmp_path) -> Store:
    root = tmp_path / "stored"
    return FolderStore(root) if request.param == "folder" else ObjectStore(root, tmp_path / "cache")


@pytest.fixture
def filled(tmp_path) -> Path:
    """A work folder, as the one of a version."""
    folder = tmp_path / "work" / "v1"
    (folder / "original").mkdir(parents=True)
    (folder / "original" / "arbres.csv").write_bytes(b"nom\nChene\n")
    (folder / "manifest.json").write_bytes(b"{}")
    return folder


def read(store: Store, name: str) -> bytes:
    with store.open(name) as stream:
        return stream.read()


def test_what_is_put_is_read_back_with_its_size_and_date(store):
    before = time.time()
    store.put("checks/jeton/rapport.csv", b"ligne;faute\n")
    facts = store.stat("checks/jeton/rapport.csv")
    assert read(store, "checks/jeton/rapport.csv") == b"ligne;faute\n"
    assert facts.bytes == 12
    assert abs(facts.changed - before) < 60
    assert store.exists("checks/jeton/rapport.csv")


def test_streams_and_work_files_are_put_as_bytes_are(store, tmp_path):
    made = tmp_path / "made.csv"
    made.write_bytes(b"b" * 3_000_000)
    store.put("media/a.bin", io.BytesIO(b"a" * 3_000_000))
    store.put("media/b.bin", made)
    assert read(store, "media/a.bin") == b"a" * 3_000_000
    assert read(store, "media/b.bin") == b"b" * 3_000_000
    assert not made.exists()


def test_an_object_is_replaced_whole_and_who_reads_it_reads_on(store):
    store.put("media/logo.svg", b"ancien logo")
    with store.open("media/logo.svg") as stream:
        assert stream.read(6) == b"ancien"
        store.put("media/logo.svg", b"nouveau")
        assert stream.read() == b" logo"
    assert read(store, "media/logo.svg") == b"nouveau"


def test_an_object_that_must_be_new_replaces_no_other(store):
    store.put("media/plan.pdf", b"le premier", new=True)
    with pytest.raises(AlreadyStored):
        store.put("media/plan.pdf", b"le second", new=True)
    assert read(store, "media/plan.pdf") == b"le premier"


def test_a_stream_that_breaks_leaves_the_object_as_it_was(store):
    class Broken(io.RawIOBase):
        pieces = [b"moitie"]

        def read(self, size: int = -1) -> bytes:
            if self.pieces:
                return self.pieces.pop()
            raise ConnectionError

    store.put("media/plan.pdf", b"entier")
    with pytest.raises(ConnectionError):
        store.put("media/plan.pdf", Broken())
    assert read(store, "media/plan.pdf") == b"entier"
    assert store.children("media") == ["plan.pdf"]


def test_nothing_is_read_under_a_name_that_nobody_put(store):
    store.put(f"{VERSION}/manifest.json", b"{}")
    for name in (f"{VERSION}/absent", VERSION, "datasets/u2/absent", f"{VERSION}/manifest.json/dessous"):
        assert not store.exists(name)
        with pytest.raises(NotFound):
            store.open(name)
        with pytest.raises(NotFound):
            store.stat(name)
    with pytest.raises(NotFound):
        store.local("datasets/u2")


def test_children_are_what_is_just_below_and_a_walk_goes_down(store):
    names = [f"{VERSION}/original/a.csv", f"{VERSION}/manifest.json", "datasets/u1/versions/v2/manifest.json"]
    for name in names:
        store.put(name, b"x")
    assert store.children("datasets/u1/versions") == ["v1", "v2"]
    assert store.children(VERSION) == ["manifest.json", "original"]
    assert sorted(store.walk("datasets")) == sorted(names)
    assert sorted(store.walk(VERSION)) == sorted(names[:2])
    assert store.children("datasets/u9") == store.children(names[0]) == list(store.walk("deposits")) == []


def test_a_deposit_grows_piece_by_piece_and_what_came_before_a_break_is_there(store):
    with store.grow("deposits/d/file", 0) as target:
        target.write(b"0123")
    with pytest.raises(ConnectionError), store.grow("deposits/d/file", 4) as target:
        target.write(b"45")
        raise ConnectionError
    with store.grow("deposits/d/file", 5) as target:
        target.write(b"abc")
    assert read(store, "deposits/d/file") == b"01234abc"


def test_a_work_folder_takes_its_name_whole(store, filled):
    store.commit(filled, VERSION)
    assert read(store, f"{VERSION}/original/arbres.csv") == b"nom\nChene\n"
    assert read(store, f"{VERSION}/manifest.json") == b"{}"
    assert not filled.exists()


def test_a_name_is_given_once_and_the_second_folder_stays_with_its_maker(store, filled):
    store.put(f"{VERSION}/manifest.json", b"le premier")
    with pytest.raises(AlreadyStored):
        store.commit(filled, VERSION)
    assert read(store, f"{VERSION}/manifest.json") == b"le premier"
    assert store.children(VERSION) == ["manifest.json"]
    assert (filled / "original" / "arbres.csv").read_bytes() == b"nom\nChene\n"


def test_objects_and_folders_are_deleted_and_what_is_not_there_too(store, filled):
    store.commit(filled, VERSION)
    store.put("datasets/u1/versions/v10/manifest.json", b"{}")
    store.delete(f"{VERSION}/original/arbres.csv")
    assert list(store.walk(VERSION)) == [f"{VERSION}/manifest.json"]
    store.delete(VERSION)
    store.delete(VERSION)
    store.delete("deposits/jamais/rien")
    assert store.children("datasets/u1/versions") == ["v10"]


def test_what_is_local_is_below_the_root_of_its_room(store, filled):
    store.commit(filled, VERSION)
    folder = store.local(VERSION)
    assert (folder / "original" / "arbres.csv").read_bytes() == b"nom\nChene\n"
    assert store.local(f"{VERSION}/manifest.json").read_bytes() == b"{}"
    assert folder.is_relative_to(store.local_root("datasets"))


def test_a_local_path_has_the_object_as_it_is_now(store):
    store.put("media/logo.svg", b"ancien")
    assert store.local("media/logo.svg").read_bytes() == b"ancien"
    store.put("media/logo.svg", b"recent")
    assert store.local("media/logo.svg").read_bytes() == b"recent"


def test_room_is_told_before_anything_is_stored(store):
    free = store.free_bytes()
    assert free is None or free > 0


def test_one_at_a_time_holds_a_name(store):
    inside, most = [], []

    def work() -> None:
        for _turn in range(20):
            with store.alone("deposits/d"):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.001)
                inside.pop()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 80
    assert max(most) == 1


def test_who_waits_too_long_for_a_name_is_told(store):
    with store.alone("deposits/d"):
        with pytest.raises(TimeoutError), store.alone("deposits/d", seconds=0.05):
            pass
        with store.alone("deposits/e", seconds=0.05):
            pass
    with store.alone("deposits/d", seconds=0.05):
        pass


OUTSIDE = [
    "", "/", "datasets/", "/datasets/a", "datasets//a", "datasets/../secret-key", "datasets/..", "..", ".", "datasets/./a",
    "secret-key", "parvis.toml", "cache/x", "datasets/a\0b", "datasets\\a", "datasets/a\\..\\b", "datasets/" + "é" * 128,
    "datasets/\ud800", "datasets/.store/x", "media/a\nb",
]  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_that_leads_out_is_refused_by_every_method(store, name, tmp_path):
    (tmp_path / "stored").mkdir(exist_ok=True)
    (tmp_path / "stored" / "secret-key").write_text("secret")
    for method in (store.open, store.exists, store.stat, store.children, store.local, store.delete):
        with pytest.raises(BadName):
            method(name)
    with pytest.raises(BadName):
        store.put(name, b"x")
    with pytest.raises(BadName):
        list(store.walk(name))
    with pytest.raises(BadName), store.grow(name, 0):
        pass
    with pytest.raises(BadName), store.alone(name):
        pass
    assert (tmp_path / "stored" / "secret-key").read_text() == "secret"


PARTS = st.one_of(st.sampled_from(["..", ".", "", "a", ".store", "secret-key", *ROOMS]), st.text(max_size=12))


@given(st.lists(PARTS, max_size=5).map("/".join))
def test_whatever_a_name_holds_its_path_stays_in_its_room(name):
    root = Path("/instance")
    try:
        path = root / checked(name)
    except BadName:
        return
    resolved = path.resolve()
    assert any(resolved.is_relative_to(root / room) for room in ROOMS)
    assert resolved == path
    assert ".store" not in path.parts
