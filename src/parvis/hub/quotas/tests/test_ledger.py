"""Accounts: many threads, several processes (here several ledgers on one database), a database that is busy."""

import threading
from datetime import date, timedelta

import pytest
from django.db import OperationalError

from parvis.hub.quotas import ledger as module
from parvis.hub.quotas.ledger import FORGET_SECONDS, WRITE_SECONDS, Ledger
from parvis.hub.quotas.models import Usage
from parvis.hub.quotas.rules import Budget, Client

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 25)


def client(name="key-1", day=DAY) -> Client:
    return Client(name, day, Budget(100, 1000))


class Hand:
    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_call_costs_no_write_and_is_known_at_once(django_assert_num_queries):
    ledger = Ledger(Hand())
    ledger.spent(client())
    with django_assert_num_queries(0):
        ledger.add(client(), 1.5)
        ledger.add(client(), 0.5)
        assert ledger.spent(client()) == (2.0, 2)


def test_several_processes_add_up():
    hand = Hand()
    first, second = Ledger(hand), Ledger(hand)
    for ledger in (first, second):
        ledger.spent(client())
    first.add(client(), 3)
    second.add(client(), 4)
    assert first.write()
    assert second.write()
    assert second.spent(client()) == (7.0, 2)
    hand.at += WRITE_SECONDS
    first.add(client(), 0.0)
    assert first.spent(client()) == (7.0, 3)
    assert Ledger().spent(client()) == (7.0, 3)


def test_threads_lose_nothing():
    ledger = Ledger(Hand())
    ledger.spent(client())
    threads = [threading.Thread(target=lambda: [ledger.add(client(), 0.25) for _n in range(200)]) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.spent(client()) == (400.0, 1600)
    ledger.write()
    row = Usage.objects.get()
    assert (row.seconds, row.calls) == (400.0, 1600)


def test_a_busy_database_puts_the_writing_off_and_loses_nothing(monkeypatch):
    ledger = Ledger(Hand())
    ledger.spent(client())
    ledger.add(client(), 2)

    def busy(*_args):
        raise OperationalError("database is locked")

    monkeypatch.setattr(module, "add_spent", busy)
    assert not ledger.write()
    assert ledger.spent(client()) == (2.0, 1)
    monkeypatch.undo()
    assert ledger.write()
    assert Usage.objects.get().calls == 1


def test_callers_not_seen_for_long_and_days_gone_by_are_forgotten():
    hand = Hand()
    ledger = Ledger(hand)
    ledger.spent(client())
    ledger.add(client(), 1)
    ledger.write()
    hand.at += FORGET_SECONDS + 1
    ledger.add(client("key-2", DAY + timedelta(days=3)), 1)
    ledger.write()
    assert set(ledger._accounts) == {(DAY + timedelta(days=3), "key-2")}
    assert list(Usage.objects.values_list("client", flat=True)) == ["key-2"]


def test_time_spent_without_a_call_is_written_too():
    ledger = Ledger(Hand())
    ledger.spent(client())
    ledger.add(client(), 5, calls=0)
    ledger.write()
    assert (Usage.objects.get().seconds, Usage.objects.get().calls) == (5.0, 0)
