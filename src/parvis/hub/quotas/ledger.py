"""What callers have spent today: counted in memory, written down every few seconds, added up over all processes.

A process knows at once what it spent itself, and within ``WRITE_SECONDS`` (as soon as it writes) what the others did. With
``n`` processes a caller may overspend by what the ``n - 1`` others let through meanwhile, plus the questions at work.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import OperationalError, connection

from parvis.hub.quotas.rules import Client
from parvis.hub.quotas.selectors import Amount, spent_by
from parvis.hub.quotas.services import add_spent

log = logging.getLogger(__name__)

WRITE_SECONDS = 5.0
PENDING_SECONDS = 20.0
"""Time of the engine not yet written, all callers together, from which it is written at once."""
FORGET_SECONDS = 600.0
"""A caller not seen for that long is forgotten in memory, once written."""
PATIENCE_MS = 250
"""How long a write waits for SQLite's lock before it is put off."""


@dataclass(slots=True)
class _Account:
    written: float
    written_calls: int
    seen: float
    pending: float = 0.0
    pending_calls: int = 0


class Ledger:
    """The accounts of one process; safe with any number of threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._accounts: dict[tuple[date, str], _Account] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._written_at = now()

    def spent(self, client: Client) -> Amount:
        """Seconds and calls of that caller today, as far as this process knows."""
        key = (client.day, client.name)
        with self._lock:
            account = self._accounts.get(key)
        if account is None:
            amount = spent_by(client.day, [client.name]).get(client.name, (0.0, 0))
            with self._lock:
                account = self._accounts.setdefault(key, _Account(*amount, seen=self._now()))
        return account.written + account.pending, account.written_calls + account.pending_calls

    def add(self, client: Client, seconds: float, calls: int = 1) -> None:
        """Count what a call took; writes what all callers took when the moment has come."""
        with self._lock:
            account = self._accounts.setdefault((client.day, client.name), _Account(0.0, 0, seen=0.0))
            account.pending += seconds
            account.pending_calls += calls
            account.seen = self._now()
            pending = sum(a.pending for a in self._accounts.values()) if seconds > 1 else 0.0
        if pending >= PENDING_SECONDS or self._now() - self._written_at >= WRITE_SECONDS:
            self.write()

    def write(self) -> bool:
        """Write what is pending and read what others wrote; False when another thread does it or the database is busy."""
        if not self._writing.acquire(blocking=False):
            return False
        try:
            self._written_at = self._now()
            with self._lock:
                taken = {
                    key: (a.pending, a.pending_calls)
                    for key, a in self._accounts.items()
                    if a.pending or a.pending_calls
                }
            return self._wrote(taken)
        finally:
            self._writing.release()

    def _wrote(self, taken: dict[tuple[date, str], Amount]) -> bool:
        for day in sorted({day for day, _client in taken}):
            amounts = {client: amount for (own, client), amount in taken.items() if own == day}
            try:
                with _ShortWait():
                    add_spent(day, amounts)
            except OperationalError as error:
                log.info("quotas not written yet: %s", error)
                return False
            self._settle(day, amounts)
        self._refresh()
        return True

    def _settle(self, day: date, amounts: dict[str, Amount]) -> None:
        with self._lock:
            for client, (seconds, calls) in amounts.items():
                account = self._accounts[day, client]
                account.pending -= seconds
                account.pending_calls -= calls
                account.written += seconds
                account.written_calls += calls

    def _refresh(self) -> None:
        """Forget who has not come for long, take up what other processes wrote for the rest."""
        with self._lock:
            limit = self._now() - FORGET_SECONDS
            self._accounts = {
                k: a for k, a in self._accounts.items() if a.seen >= limit or a.pending or a.pending_calls
            }
            keys = list(self._accounts)
        for day in {day for day, _client in keys}:
            for some in _slices([client for own, client in keys if own == day]):
                amounts = spent_by(day, some)
                with self._lock:
                    for client, (seconds, calls) in amounts.items():
                        if account := self._accounts.get((day, client)):
                            account.written, account.written_calls = seconds, calls


def _slices(clients: list[str]) -> Iterable[list[str]]:
    return (clients[start : start + 500] for start in range(0, len(clients), 500))


class _ShortWait:
    """On SQLite, wait little for the lock: an import may hold it, and a request must not wait for a counter."""

    def __enter__(self) -> None:
        self._former = None
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                self._former = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
                cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS:d}")

    def __exit__(self, *_error: object) -> None:
        if self._former is not None:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout = {int(self._former):d}")
