"""The log of pushed rows: every batch that was acknowledged is there once, whole, whoever was killed meanwhile."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
import threading
from collections import Counter

import pytest

from parvis.core.rowlog import batches
from parvis.core.rowlog.batches import Content, Head, LogDamaged
from parvis.core.rowlog.log import Entry, LogMoved, LogUnwritten, RowLog, TokenReused
from parvis.core.store.folder import FolderStore

FOLDER = "datasets/jeu/rowlog"


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path)


def entry(text: str, token: str = "", after: int | None = None, digest: str = "d") -> Entry:
    return Entry(Head(0, 0.0, put=1, caller="a", token=token, digest=digest), Content(text.encode()), after)


def texts(log: RowLog, after: int = 0) -> list[str]:
    return [batch.content.rows.decode() for batch in log.read(after)]


def test_batches_come_back_in_order_from_any_of_them_and_across_segments(store):
    log = RowLog(store, FOLDER, segment=300)
    heads = [log.append(entry(f"lot {n}"))[0] for n in range(1, 12)]
    assert [head.number for head in heads] == list(range(1, 12))
    assert len(log.segments()) > 2
    assert texts(log) == [f"lot {n}" for n in range(1, 12)]
    assert texts(log, 9) == ["lot 10", "lot 11"]
    log.forget(9)
    assert texts(log, 9) == ["lot 10", "lot 11"]
    with pytest.raises(LogDamaged):
        texts(log)


def test_two_processes_write_in_turn_and_each_sees_what_the_other_kept(store):
    here, there = RowLog(store, FOLDER), RowLog(store, FOLDER)
    for turn in range(6):
        (here if turn % 2 else there).append(entry(f"{turn}"))
    assert texts(here) == texts(there) == [str(turn) for turn in range(6)]


def test_the_same_batch_sent_again_is_kept_once_and_another_under_its_name_is_refused(store):
    first = RowLog(store, FOLDER).append(entry("a", "nom"))
    again = RowLog(store, FOLDER).append(entry("a", "nom"))  # by another process, which learns it from the log
    assert (first[1], again) == (True, (first[0], False))
    with pytest.raises(TokenReused):
        RowLog(store, FOLDER).append(entry("b", "nom", digest="other"))
    assert texts(RowLog(store, FOLDER)) == ["a"]


def test_a_batch_that_must_follow_another_is_refused_once_something_came_between(store):
    log = RowLog(store, FOLDER)
    log.append(entry("1", after=0))
    with pytest.raises(LogMoved) as refused:
        log.append(entry("2", after=0))
    assert refused.value.details == {"last": 1, "expected": 0}


def test_what_a_killed_writer_left_half_written_is_cut_and_nothing_else(store, tmp_path):
    RowLog(store, FOLDER).append(entry("gardé"))
    path = next((tmp_path / FOLDER).iterdir())
    whole = path.read_bytes()
    for cut in (1, batches.FIXED - 1, batches.FIXED + 3, len(whole) - 1):
        path.write_bytes(whole + whole[:cut])
        log = RowLog(store, FOLDER)
        assert texts(log) == ["gardé"]
        log.append(entry("suite"))
        assert texts(RowLog(store, FOLDER)) == ["gardé", "suite"]


def test_who_reads_on_begins_after_what_was_read_unless_the_disk_took_that_back(store, tmp_path, monkeypatch):
    log = RowLog(store, FOLDER)
    for n in range(1, 4):
        log.append(entry(f"lot {n}"))
    reader = RowLog(store, FOLDER)
    assert len(texts(reader)) == 3
    log.append(entry("lot 4"))
    monkeypatch.setattr(reader, "segments", lambda: [])  # it looks for no beginning
    assert texts(reader, 3) == ["lot 4"]
    monkeypatch.undo()
    path = next((tmp_path / FOLDER).iterdir())
    last = list(RowLog(store, FOLDER).read())[-1]
    path.write_bytes(path.read_bytes()[: -len(batches.written(last.head, last.content)[0])])
    for text in ("un autre, plus long", "suite"):
        RowLog(store, FOLDER).append(entry(text))
    assert texts(reader, 4) == ["suite"]
    assert texts(reader, 3) == ["un autre, plus long", "suite"]


def test_a_byte_changed_on_the_disk_is_told_and_nothing_is_cut(store, tmp_path):
    log = RowLog(store, FOLDER)
    for n in range(3):
        log.append(entry(f"lot {n}"))
    path = next((tmp_path / FOLDER).iterdir())
    body = bytearray(path.read_bytes())
    body[batches.FIXED + 5] ^= 1
    path.write_bytes(bytes(body))
    with pytest.raises(LogDamaged):
        RowLog(store, FOLDER).append(entry("suite"))
    assert path.read_bytes() == bytes(body)


def test_a_disk_that_is_full_keeps_nothing_of_a_batch_and_takes_the_next_once_there_is_room(store, tmp_path):
    log = RowLog(store, FOLDER)
    log.append(entry("gardé"))
    size = next((tmp_path / FOLDER).iterdir()).stat().st_size
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, former[1]))
    try:
        with pytest.raises(LogUnwritten):
            log.append(entry("refusé" * 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    log.append(entry("suite"))
    assert texts(log) == texts(RowLog(store, FOLDER)) == ["gardé", "suite"]


def test_threads_that_push_together_share_the_writing_of_the_disk(store, monkeypatch):
    log, grown = RowLog(store, FOLDER), Counter()
    grow = FolderStore.grow

    def counted(self, name, offset):
        grown[name] += 1
        return grow(self, name, offset)

    monkeypatch.setattr(FolderStore, "grow", counted)
    with log._writing:
        threads = [threading.Thread(target=log.append, args=(entry(f"{n}"),)) for n in range(8)]
        for thread in threads:
            thread.start()
        while len(log._queue) < 8:
            pass
    for thread in threads:
        thread.join()
    assert len(texts(log)) == 8
    assert grown.total() == 1


def test_every_acknowledged_batch_is_found_once_whole_when_processes_are_killed_at_random(tmp_path):
    chance, acknowledged = random.Random(17), []
    for turn in range(6):
        pushers = [
            subprocess.Popen(
                [sys.executable, "-m", "parvis.core.rowlog.tests.pusher", str(tmp_path), f"{turn}{rank}", "3"],
                stdout=subprocess.PIPE,
                text=True,
            )
            for rank in range(2)
        ]
        for pusher in pushers:
            assert pusher.stdout is not None
            acknowledged.append(pusher.stdout.readline().strip())  # it has begun
        threading.Event().wait(chance.random() * 0.25)
        for pusher in pushers:
            pusher.send_signal(signal.SIGKILL)
        for pusher in pushers:
            lines = pusher.communicate()[0].split("\n")
            acknowledged += [line for line in lines[:-1] if line]
    batches_there = [
        (batch.head.token, batch.content.rows.decode()) for batch in RowLog(FolderStore(tmp_path), FOLDER).read()
    ]
    counts = Counter(token for token, _body in batches_there)
    assert len(acknowledged) > 50
    assert {token: counts[token] for token in acknowledged} == dict.fromkeys(acknowledged, 1)
    assert all(body == (token + ".") * (int(token.rpartition("-")[2]) % 7 + 1) for token, body in batches_there)
