"""How long to wait before a process is started again, and how one that is silent is seen."""

from __future__ import annotations

from parvis.config.serving import supervision
from parvis.config.serving.supervision import BackOff, Beats


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
