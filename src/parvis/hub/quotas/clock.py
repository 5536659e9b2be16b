"""A clock of the engine's time, shared by those who use it at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class SharedClock:
    """Runs at full speed for one question, at half for two, and so on: what questions are charged adds up to the time
    that passed, so nobody pays for having waited beside others."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._active = 0
        self._reading = 0.0
        self._at = now()

    def enter(self) -> float:
        """Start a question; the reading to give back to ``leave``."""
        with self._lock:
            self._advance()
            self._active += 1
            return self._reading

    def leave(self, start: float) -> float:
        """End it; its share in seconds."""
        with self._lock:
            self._advance()
            self._active -= 1
            return self._reading - start

    def read(self) -> float:
        """The reading now."""
        with self._lock:
            self._advance()
            return self._reading

    def _advance(self) -> None:
        now = self._now()
        if self._active:
            self._reading += (now - self._at) / self._active
        self._at = now
