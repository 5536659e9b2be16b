"""A worker without work rests, and is called when some waits."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs import worker as worker_module
from parvis.hub.jobs.rules import Kind
from parvis.hub.jobs.services import enqueue
from parvis.hub.jobs.worker import _keep
from parvis.hub.registry import MODULES, Module

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_turn(monkeypatch):
    """The thread that keeps a worker looks once, on the connection of the test."""
    turns = iter([False, True])
    monkeypatch.setattr(worker_module, "stopping", SimpleNamespace(wait=lambda _seconds: next(turns)))
    monkeypatch.setattr(worker_module.connection, "close", lambda: None)


def kept(rests_after: float | None, **facts) -> SimpleNamespace:
    """A worker of heavy jobs, idle for a minute, once it was looked at."""
    idle = {"busy_until": time.monotonic() - 60, "running": True, "running_task": False, "queue_names": ["heavy"]}
    worker = SimpleNamespace(**{**idle, **facts})
    _keep(os.getppid(), worker, False, rests_after, {})
    return worker


@pytest.mark.parametrize(
    ("rests_after", "facts", "runs"),
    [
        (30, {}, False),
        (90, {}, True),
        (None, {}, True),
        (30, {"running_task": True}, True),
        (30, {"busy_until": float("inf")}, True),
    ],
)
def test_it_rests_once_it_had_nothing_to_do_for_long_enough(one_turn, rests_after, facts, runs):
    assert kept(rests_after, **facts).running is runs


def test_while_a_job_waits_it_goes_on(one_turn, monkeypatch):
    kind = Kind("paint", lambda _context: None, queue="heavy")
    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", jobs=(kind,)))
    enqueue(OPERATOR, "paint")
    assert kept(30).running


@pytest.mark.parametrize(("queue", "calls"), [("heavy", 1), ("default", 0)])
def test_who_works_elsewhere_is_called_for_what_waits_there_alone(one_turn, monkeypatch, queue, calls):
    kind = Kind("paint", lambda _context: None, queue=queue)
    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", jobs=(kind,)))
    enqueue(OPERATOR, "paint")
    rung = []
    worker = SimpleNamespace(busy_until=0.0, running=True, running_task=False, queue_names=["default"])
    _keep(os.getppid(), worker, False, None, {"heavy": lambda: rung.append(1)})
    assert (len(rung), worker.running) == (calls, True)
