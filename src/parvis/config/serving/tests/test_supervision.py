"""How long to wait before a process is started again, how one that is silent is seen, and what waits for another to end."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from parvis.config.serving import supervision
from parvis.config.serving.supervision import Background, BackOff, Beats, Beforehand, Bell, stop_all


def test_a_crash_loop_slows_down_and_never_gives_up():
    back_off = BackOff(longest=5.0)
    assert [back_off.delay(0.5) for _death in range(6)] == [0.0, 1.0, 2.0, 4.0, 5.0, 5.0]


def test_a_process_that_lived_long_is_replaced_at_once():
    back_off = BackOff()
    assert [back_off.delay(lived) for lived in (0.5, 0.5, 600, 0.5)] == [0.0, 1.0, 0.0, 1.0]


def test_a_process_is_silent_from_its_last_beat_on():
    beats = Beats(2)
    beats.expect(0)
    beats.beat(1)
    assert 0 < beats.silence(1) < 60 and beats.silence(0) == 0
    beats.expect(1)
    assert beats.silence(1) == 0


def test_a_process_that_never_beats_is_silent_once_it_had_time_to_start(monkeypatch):
    monkeypatch.setattr(supervision, "STARTING_SECONDS", -5.0)
    beats = Beats(1)
    beats.expect(0)
    assert beats.silence(0) >= 5


def _note(folder: Path, name: str) -> None:
    (folder / name).touch()
    while True:
        time.sleep(60)


@pytest.mark.parametrize("is_killed", [False, True])
def test_the_background_starts_once_what_comes_beforehand_is_over_well_or_killed(tmp_path, is_killed):
    def prepare(_parent: int) -> None:
        (tmp_path / "begun").touch()
        while not (tmp_path / "enough").exists():
            time.sleep(0.01)
        if is_killed:
            os.kill(os.getpid(), signal.SIGKILL)

    def see(name: str) -> None:
        while not (tmp_path / name).exists():
            first.keep(listening)
            time.sleep(0.01)

    ended = []
    background = Background("works", lambda _parent, name: _note(tmp_path, name), "works")
    first = Beforehand("prepares", prepare, [background], at_end=lambda: ended.append(time.monotonic()))
    with socket.socket() as listening:
        first.start()
        try:
            see("begun")
            first.keep(listening)
            assert not ended and not (tmp_path / "works").exists()
            (tmp_path / "enough").touch()
            see("works")
            assert len(ended) == 1
        finally:
            stop_all([first])
    assert not background._process.is_alive()


def test_what_comes_beforehand_is_ended_with_the_portal_and_nothing_comes_after_it():
    background = Background("works", lambda _parent: None)
    first = Beforehand("prepares", lambda _parent: time.sleep(60), [background])
    first.start()
    stop_all([first])
    assert not first._process.is_alive() and not hasattr(background, "_process")


def test_a_process_that_rests_is_started_again_when_it_is_called():
    bell, turns, enough = Bell(), multiprocessing.Value("i", 0), multiprocessing.Event()

    def work(_parent: int) -> None:
        turns.value += 1
        enough.wait()

    background = Background("parvis-essai", work, bell=bell)
    with socket.socket() as listening:
        bell.ring()
        background.start()
        background.keep(listening)  # it was called while it worked: that is over
        enough.set()
        background._process.join()
        for _turn in range(3):
            background.keep(listening)
        assert turns.value == 1
        bell.ring()
        background.keep(listening)
        background._process.join()
    assert turns.value == 2


def test_a_process_that_fails_is_started_again_though_nobody_calls_it():
    turns = multiprocessing.Value("i", 0)

    def work(_parent: int) -> None:
        turns.value += 1
        os._exit(3)

    background = Background("parvis-essai", work, bell=Bell())
    with socket.socket() as listening:
        background.start()
        background._process.join()
        background.keep(listening)
        background._process.join()
    assert turns.value == 2
