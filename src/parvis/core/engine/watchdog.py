"""Stopping queries that last too long: one thread watches them all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_TICK = 0.05


@dataclass(slots=True)
class Watched:
    """A piece of work under watch; ``late`` becomes true when it was interrupted."""

    deadline: float
    interrupt: Callable[[], None]
    late: bool = False


class Watchdog:
    """Calls ``interrupt`` of each work that outlives its deadline, to 0.05 s; the thread sleeps when nothing runs."""

    def __init__(self) -> None:
        self._watched: dict[int, Watched] = {}
        self._lock = threading.Lock()
        self._work = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, seconds: float, interrupt: Callable[[], None]) -> Iterator[Watched]:
        """Watch the body of the ``with`` for ``seconds``."""
        watched = Watched(time.monotonic() + seconds, interrupt)
        with self._lock:
            self._watched[id(watched)] = watched
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="parvis-watchdog", daemon=True)
                self._thread.start()
        self._work.set()
        try:
            yield watched
        finally:
            with self._lock:
                del self._watched[id(watched)]

    def stop(self) -> None:
        """End the thread."""
        self._stopped = True
        self._work.set()

    def _run(self) -> None:
        while not self._stopped:
            self._work.wait()
            time.sleep(_TICK)
            with self._lock:
                now = time.monotonic()
                for watched in self._watched.values():
                    if watched.deadline <= now:
                        # Again at each tick: an interrupt that falls before the query has begun is forgotten by DuckDB.
                        watched.late = True
                        watched.interrupt()
                if not self._watched and not self._stopped:
                    self._work.clear()
