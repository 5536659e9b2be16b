"""Children that live long: a process started by ``exec``, with nothing of ours in its environment, asked again and again.

``calls`` forks one child for each received file; this is for what is too slow to start for each question (a JavaScript engine,
DuckDB with its extensions). Anyone who asks decides what a message says, when a child is late, and how many there are.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parvis.core.children import frames

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


class Companion:
    """One child and the pipes to it; for one thread at a time. OSError when it cannot be started."""

    def __init__(self, module: str, *arguments: str, folder: Path | None = None, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**_ENVIRONMENT, **environment},
            cwd=folder or "/",
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._orders, self._answers = self._process.stdin, self._process.stdout
        # A child that reads nothing more must not hold anyone who writes to it beyond the deadline.
        os.set_blocking(self._orders.fileno(), False)

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can still answer."""
        return self._process.poll() is None

    def tell(self, words: Mapping[str, Any], deadline: float) -> None:
        """Send it one message by ``deadline`` on the monotonic clock; Late, or OSError when it reads no more."""
        frames.send_words(self._orders.fileno(), words, deadline=deadline)

    def hear(self, deadline: float) -> tuple[bytes, bytes]:
        """Its next message, kind and body; Late or Gone."""
        return frames.receive(self._answers.fileno(), deadline)

    def kill(self) -> None:
        """End it now, and wait until it has."""
        self._process.kill()
        for pipe in (self._orders, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()
