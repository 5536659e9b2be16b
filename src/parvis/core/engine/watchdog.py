"""Stopping queries that last too long: one thread watches them all, and ends the process for one that cannot be stopped.

DuckDB looks for its interruption between pieces of two thousand rows; a function over a text or a geometry runs to its end
whatever it takes. The conditions of the language are bounded so that this end comes soon; what was not thought of would hold a
thread and a processor for ever. Nothing but the end of the process takes these back.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

logger = logging.getLogger("parvis.engine")

GRACE = 20.0
"""Seconds past its deadline after which a query counts as one that cannot be stopped."""

DRAIN = 10.0
"""Seconds left to a process that must end, for the other requests that it answers."""

_TICK = 0.05


def leave_process(drain: float = DRAIN) -> None:
    """End this process: asked first, so that a server takes no more requests and finishes those it has; killed after ``drain``.

    Anyone who supervises it (``parvis serve``) starts another. The trace that is written tells which query was not stopped.
    """
    logger.critical("A query cannot be stopped: this process ends in %g seconds at most and is to be replaced.", drain)
    # From a thread of C: it ends the process even when a query never gives Python its lock back.
    faulthandler.dump_traceback_later(drain, exit=True, file=sys.__stderr__ or sys.stderr)
    os.kill(os.getpid(), signal.SIGTERM)


@dataclass(slots=True)
class Watched:
    """A piece of work under watch; ``late`` becomes true when it was interrupted, ``stuck`` when that stopped nothing."""

    deadline: float
    interrupt: Callable[[], None]
    late: bool = False
    stuck: bool = False


class Watchdog:
    """Calls ``interrupt`` of each work that outlives its deadline, to 0.05 s; the thread sleeps when nothing runs.

    Of the first that is still there ``grace`` seconds later, it calls ``on_stuck``.
    """

    def __init__(self, on_stuck: Callable[[], None] | None = None, grace: float = GRACE) -> None:
        self._on_stuck = on_stuck
        self._grace = grace
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
                stuck = self._look(time.monotonic())
                if not self._watched and not self._stopped:
                    self._work.clear()
            if stuck and self._on_stuck:
                self._on_stuck()

    def _look(self, now: float) -> bool:
        """Interrupt what is late; whether one more work turns out not to stop."""
        is_newly_stuck = False
        for watched in self._watched.values():
            if watched.deadline <= now:
                # Again at each tick: an interrupt that falls before the query has begun is forgotten by DuckDB.
                watched.late = True
                watched.interrupt()
            if watched.deadline + self._grace <= now and not watched.stuck:
                watched.stuck = is_newly_stuck = True
        return is_newly_stuck
