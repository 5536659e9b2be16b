"""Whom one exchange may reach and how long it may take, and what ends it at its deadline."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import dataclass

from parvis.core.fetching.addresses import Allowed, Resolver

IDLE_SECONDS = 30.0
TOTAL_SECONDS = 3600.0
LEAST_BYTES = 4096
"""What must come in each span of ``idle`` seconds: a server that drips a byte at a time makes no progress."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Whom an exchange may reach and how long it may take: ``idle`` seconds of silence, until ``deadline`` in all."""

    allowed: Allowed
    resolver: Resolver
    idle: float
    deadline: float
    """A moment of ``time.monotonic``."""

    @property
    def seconds_left(self) -> float:
        """How long until the deadline; 0 once it has passed."""
        return max(self.deadline - time.monotonic(), 0.0)

    @property
    def timeout(self) -> float:
        """How long one operation of a socket may wait now; never 0, which would mean a socket that does not wait at all."""
        return min(self.idle, self.seconds_left) or 0.001


class Cut:
    """Ends a connection at the deadline: the time limits of sockets are those of one read, and a server may drip."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self.socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def _end(self) -> None:
        self.expired = True
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Disarm, and close the socket: urllib3 lets go of it as soon as the server says that it will close."""
        self._timer.cancel()
        if self.socket is not None:
            self.socket.close()


class Pace:
    """Whether bytes still come at a speed worth waiting for: less than ``LEAST_BYTES`` in ``idle`` seconds is a stall."""

    def __init__(self, idle: float) -> None:
        self._idle, self._bytes, self._since = idle, 0, time.monotonic()

    def is_stalled(self, count: int) -> bool:
        """Count ``count`` bytes more; True when the span that ends now had too few."""
        self._bytes += count
        if time.monotonic() - self._since < self._idle:
            return False
        stalled = self._bytes < LEAST_BYTES
        self._bytes, self._since = 0, time.monotonic()
        return stalled
