"""Pictures made by a child process, one at a time, in bounded time: Vega and its JavaScript never run in a web process.

What is given is a specification that ``vega_lite`` made: no address to fetch and no stranger's expression is in it. The child
is killed when it is late, and replaced; it ends by itself when its parent does.
"""

from __future__ import annotations

import atexit
import json
import os
import threading
import time
from functools import lru_cache
from typing import Any, Literal

from parvis.core.charts.errors import DrawingFailed
from parvis.core.children import frames
from parvis.core.children.companions import Companion

type Form = Literal["svg", "png", "vega"]
"""A picture, or the Vega specification that a browser draws."""

SECONDS = 20.0
"""Longest wait for a picture, the start of the child (half a second) and the turn of others in it."""
LARGEST_SPECIFICATION = 6_000_000
LARGEST_PICTURE = 16_000_000
MOST_PICTURES = 2_000
"""Pictures after which a child is replaced, so that nothing it has lost grows for ever."""
PNG_SCALE = 2.0


class Painter:
    """A child that draws; safe to use from many threads. Nothing is started before the first picture."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: Companion | None = None
        self._drawn = 0

    def paint(self, specification: dict[str, Any], form: Form, *, scale: float = PNG_SCALE) -> bytes:
        """The picture (or the Vega specification) of a Vega-Lite specification; DrawingFailed when it does not come in time."""
        question = {"form": form, "spec": specification, "scale": scale}
        size = len(json.dumps(question))
        if size > LARGEST_SPECIFICATION:
            raise DrawingFailed(reason=f"{size} > {LARGEST_SPECIFICATION}")
        deadline = time.monotonic() + self._seconds
        if not self._lock.acquire(timeout=self._seconds):
            raise DrawingFailed(reason=f"{self._seconds:.0f} s")
        try:
            return self._painted(question, deadline)
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    @property
    def pid(self) -> int | None:
        """The process that draws, None when there is none."""
        return self._child.pid if self._child else None

    def _painted(self, question: dict[str, Any], deadline: float) -> bytes:
        try:
            child = self._ready()
            child.tell(question, deadline)
            kind, body = child.hear(deadline)
        except (OSError, frames.Late, frames.Gone) as error:
            self._end()
            raise DrawingFailed(reason=_REASONS.get(type(error), type(error).__name__)) from error
        self._drawn += 1
        if self._drawn >= MOST_PICTURES or len(body) > LARGEST_PICTURE:
            self._end()
        if len(body) > LARGEST_PICTURE:
            raise DrawingFailed(reason=f"{len(body)} > {LARGEST_PICTURE}")
        if kind != frames.ROWS:
            message = str(frames.words_of(body)).partition("\n    at ")[0]
            raise DrawingFailed(reason=" ".join(message.split())[:200])
        return body

    def _ready(self) -> Companion:
        if self._child is None or not self._child.is_alive:
            self._end()
            self._drawn = 0
            self._child = Companion("parvis.core.charts.painting_child", TZ="UTC")
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()


_REASONS = {frames.Late: "too long", frames.Gone: "the drawing process ended"}


@lru_cache(maxsize=1)
def _painter_of(_process: int) -> Painter:
    painter = Painter()
    atexit.register(painter.close)
    return painter


def painter() -> Painter:
    """The painter of this process (another after a fork)."""
    return _painter_of(os.getpid())
