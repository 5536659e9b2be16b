"""Pictures made by a child process, one at a time, in bounded time: Vega and its JavaScript never run in a web process.

What is given is a specification that ``vega_lite`` made: no address to fetch and no stranger's expression is in it. The child
is killed when it is late, and replaced; it ends by itself when its parent does.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from functools import lru_cache
from typing import Any, Literal

from parvis.core.charts.errors import DrawingFailed

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
        self._child: subprocess.Popen[bytes] | None = None
        self._drawn = 0

    def paint(self, specification: dict[str, Any], form: Form, *, scale: float = PNG_SCALE) -> bytes:
        """The picture (or the Vega specification) of a Vega-Lite specification; DrawingFailed when it does not come in time."""
        question = json.dumps({"form": form, "spec": specification, "scale": scale}).encode() + b"\n"
        if len(question) > LARGEST_SPECIFICATION:
            raise DrawingFailed(reason=f"{len(question)} > {LARGEST_SPECIFICATION}")
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

    def _painted(self, question: bytes, deadline: float) -> bytes:
        child = self._ready()
        try:
            self._send(child, question, deadline)
            status, body = self._answer(child, deadline)
        except (OSError, ValueError) as error:
            self._end()
            raise DrawingFailed(reason=str(error)[:200] or type(error).__name__) from error
        self._drawn += 1
        if self._drawn >= MOST_PICTURES:
            self._end()
        if status != b"=":
            said = body.decode("utf-8", "replace").partition("\n    at ")[0]
            raise DrawingFailed(reason=" ".join(said.split())[:200])
        return body

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        self._drawn = 0
        kept = {
            name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR") if name in os.environ
        }
        self._child = subprocess.Popen(
            [sys.executable, "-m", "parvis.core.charts.painting_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**kept, "TZ": "UTC"},
            start_new_session=True,
            bufsize=0,
        )  # fmt: skip
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
        return self._child

    def _send(self, child: subprocess.Popen[bytes], question: bytes, deadline: float) -> None:
        if child.stdin is None:
            raise ValueError("no pipe")
        rest = memoryview(question)
        while rest:
            _wait(child.stdin.fileno(), selectors.EVENT_WRITE, deadline)
            written = os.write(child.stdin.fileno(), rest[:65_536])
            rest = rest[written:]

    def _answer(self, child: subprocess.Popen[bytes], deadline: float) -> tuple[bytes, bytes]:
        """A mark (``=`` or ``!``), eight digits of hexadecimal for the length, the body."""
        head = self._read(child, 9, deadline)
        length = int(head[1:], 16)
        if length > LARGEST_PICTURE:
            raise ValueError(f"{length} > {LARGEST_PICTURE}")
        return head[:1], self._read(child, length, deadline)

    def _read(self, child: subprocess.Popen[bytes], length: int, deadline: float) -> bytes:
        if child.stdout is None:
            raise ValueError("no pipe")
        found = bytearray()
        while len(found) < length:
            _wait(child.stdout.fileno(), selectors.EVENT_READ, deadline)
            piece = os.read(child.stdout.fileno(), min(length - len(found), 1 << 20))
            if not piece:
                raise OSError("the drawing process ended")
            found += piece
        return bytes(found)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        child.wait()


def _wait(descriptor: int, event: int, deadline: float) -> None:
    left = deadline - time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, event)
        if left <= 0 or not selector.select(left):
            raise TimeoutError("too long")


@lru_cache(maxsize=1)
def _painter_of(_process: int) -> Painter:
    painter = Painter()
    atexit.register(painter.close)
    return painter


def painter() -> Painter:
    """The painter of this process (another after a fork)."""
    return _painter_of(os.getpid())
