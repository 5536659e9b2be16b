"""Processes of the server that die, freeze or are killed, from outside: the portal goes on, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from served import Portal, lives, served_again, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ask(home) -> Iterator[Callable[[], Portal]]:
    with served_again(home) as asked_for:
        yield asked_for


@pytest.fixture
def portal(ask) -> Portal:
    """Each test leaves it whole, or ended."""
    made = ask()
    until(lambda: (len(made.web_processes()), len(made.workers())) == (2, 2))
    return made


def kill(number: int, how: signal.Signals = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(number, how)


def test_web_processes_that_die_ten_times_in_a_row_are_replaced(portal):
    killed: set[int] = set()
    while len(killed) < 20:
        fresh = [number for number in portal.web_processes() if number not in killed]
        for number in fresh:
            kill(number, signal.SIGABRT)
        killed.update(fresh)
        if not fresh:
            until(lambda: any(number not in killed for number in portal.web_processes()))
    assert portal.process.poll() is None
    until(portal.is_healthy)
    until(lambda: len(portal.web_processes()) == 2)


def test_workers_that_die_in_a_row_are_replaced(portal):
    number = len(portal.workers())
    killed: set[int] = set()
    for _round in range(3):
        until(lambda: set(portal.workers()) - killed)
        for worker in set(portal.workers()) - killed:
            kill(worker)
            killed.add(worker)
    until(lambda: len(set(portal.workers()) - killed) == number)


def test_a_web_process_that_freezes_is_killed_and_replaced(portal):
    """Stopped, its loop turns no more: as if a pattern of a stranger held the interpreter's lock for ever."""
    frozen = portal.web_processes()
    for number in frozen:
        kill(number, signal.SIGSTOP)
    until(lambda: not any(map(lives, frozen)))
    until(portal.is_healthy)


def test_it_stops_when_asked_with_slow_callers_on_its_hands(portal):
    family = portal.children()
    connections = [portal.connect(b"GET / HT") for _rank in range(20)]
    portal.process.send_signal(signal.SIGTERM)
    assert portal.process.wait(60) == 0
    until(lambda: not any(map(lives, family)), 30)
    for connection in connections:
        connection.close()


def test_killing_it_leaves_no_process_even_one_that_hears_nothing(portal):
    """A frozen process (stopped here) takes no signal that it must handle itself."""
    family = portal.children()
    for number in portal.web_processes():
        kill(number, signal.SIGSTOP)
    portal.process.kill()
    portal.process.wait()
    until(lambda: not any(map(lives, family)), 60)
