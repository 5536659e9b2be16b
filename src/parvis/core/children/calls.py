"""Calling a function in a confined child, from the process that asks: one fork server for each process, started when needed."""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from parvis.core.children import frames, outcomes
from parvis.core.children.errors import ChildUnavailable, ReadingFailed, ReadingTooLarge, ReadingTooLong
from parvis.core.children.forkserver import Order
from parvis.core.children.permits import Permits
from parvis.core.progress import Progress, no_progress

TICK = 0.5
"""Seconds between two looks at a silent child: whether somebody stopped the work, what it wrote."""
_STARTING_SECONDS = 60.0
_ENDING_SECONDS = 10.0
_LARGEST_RESULT = 64_000_000
_MOST_FILES = 20_000
_MOST_LINES = 50
"""Lines of one child that go to the log."""
_log = logging.getLogger("parvis.children")


def call[T](
    function: Callable[..., T], *arguments: Any, permits: Permits, progress: Progress = no_progress, **named: Any
) -> T:
    """``function(*arguments, **named)``, run in a child that reaches what ``permits`` say and nothing else.

    ``function`` is in a module of the core or of the packs, takes what can be pickled, and returns what its annotation says,
    JSON-able; it is handed a ``progress`` of its own if it takes one. Raises what it raises of the house's errors,
    ReadingFailed when it dies or breaks its promise, ReadingTooLong, ReadingTooLarge, and what ``progress`` raises; the child is
    dead then. Folders of ``permits.write`` hold plain files and folders only when it returns.
    """
    with _child(permits) as child:
        child.order(Order(function.__module__, function.__qualname__, arguments, named, permits))
        try:
            result: T = outcomes.from_bytes(function, child.result(progress))
        except outcomes.NotPromised as error:
            _log.warning("A child broke the promise of %s: %s", function.__qualname__, _printable(str(error)))
            raise ReadingFailed(file=permits.name) from error
    for folder in permits.write:
        _require_plain(folder, permits)
    return result


def warm() -> None:
    """Start this process's fork server, without waiting for it."""
    _Server.of_this_process().start()


def close() -> None:
    """End this process's fork server, and its children with it."""
    _Server.of_this_process().end()


class _Child:
    """One child: its socket, and what ends it."""

    def __init__(self, link: socket.socket, process: int, watched: int | None, permits: Permits) -> None:
        self._link, self._process, self._watched, self._permits = link, process, watched, permits
        self._deadline = time.monotonic() + permits.seconds
        self._lines = 0

    def order(self, order: Order) -> None:
        with contextlib.suppress(OSError):  # a child already dead is told by the end of its answers
            frames.send(self._link.fileno(), frames.WORDS, pickle.dumps(order))

    def result(self, progress: Progress) -> bytes:
        """The bytes of the result; raises the error that the child tells."""
        parts: list[bytes] = []
        last: tuple[str, int, int | None] | None = None
        while True:
            if not frames.is_readable(self._link.fileno(), min(TICK, self._deadline - time.monotonic())):
                self._look()
                if last is not None:
                    progress(*last)
                continue
            try:
                kind, body = frames.receive(self._link.fileno(), self._deadline)
            except frames.Late:
                continue
            except (frames.Gone, OSError) as error:
                raise ReadingFailed(file=self._permits.name) from error
            if kind == frames.ROWS:
                parts.append(body)
                if sum(map(len, parts)) > _LARGEST_RESULT:
                    raise ReadingFailed(file=self._permits.name)
            elif kind == frames.LOG:
                self._lines += 1
                if self._lines <= _MOST_LINES:
                    _log.warning("Reading %r: %s", self._permits.name, _printable(str(frames.words_of(body))))
            elif kind == frames.PROGRESS:
                last = _progress_of(body) or last
                if last is not None:
                    progress(*last)
            else:
                self._conclude(frames.words_of(body))
                return b"".join(parts)

    def _look(self) -> None:
        if time.monotonic() >= self._deadline:
            raise ReadingTooLong(file=self._permits.name, seconds=int(self._permits.seconds))
        if sum(size for folder in self._permits.write for size in _sizes(folder)) > self._permits.disk:
            raise ReadingTooLarge(file=self._permits.name)

    def _conclude(self, words: object) -> None:
        if isinstance(words, dict) and "done" in words:
            return
        if isinstance(words, dict) and isinstance(words.get("error"), dict):
            raise outcomes.error_from(words["error"])
        facts = words if isinstance(words, dict) else {}
        _log.warning(
            "Reading %r failed in a child: %s %s",
            self._permits.name,
            _printable(str(facts.get("failed"))[:100]),
            _printable(str(facts.get("trace"))),
        )
        raise ReadingFailed(file=self._permits.name)

    def end(self) -> None:
        """Kill it, and wait until it writes nothing more."""
        self._link.close()
        if self._watched is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._watched, signal.SIGKILL)
        frames.is_readable(self._watched, _ENDING_SECONDS)
        os.close(self._watched)


class _Server:
    """The fork server of one process; a process that forks starts its own."""

    current: _Server | None = None
    making = threading.Lock()

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @classmethod
    def of_this_process(cls) -> _Server:
        with cls.making:
            if cls.current is None:
                cls.current = cls()
            return cls.current

    @classmethod
    def forget(cls) -> None:
        """In a forked process: leave the parent's server to the parent."""
        cls.making = threading.Lock()
        if cls.current is not None and cls.current._control is not None:
            cls.current._control.close()
        cls.current = None

    def start(self) -> socket.socket:
        with self._lock:
            if self._process is not None and self._process.poll() is None and self._control is not None:
                return self._control
            self._stop()
            parent_end, child_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with child_end:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-m", "parvis.core.children.forkserver"],
                    stdin=child_end.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    # One thread alone may be there when it forks: neither OpenBLAS's nor that of Arrow's allocator.
                    env={
                        "JE_ARROW_MALLOC_CONF": "background_thread:false",
                        "PATH": "/usr/bin:/bin",
                        "LANG": "C.UTF-8",
                        "OPENBLAS_NUM_THREADS": "1",
                        "MALLOC_ARENA_MAX": "2",
                    },
                    cwd="/",
                    start_new_session=True,
                )
            self._control = parent_end
            return parent_end

    def end(self) -> None:
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control, self._process = None, None

    def fork(self, permits: Permits) -> _Child:
        """A child that waits for its order; ChildUnavailable. A server found dead is started once more."""
        for _attempt in range(2):
            parent_end, child_end = socket.socketpair()
            try:
                with child_end:
                    socket.send_fds(self.start(), [b"fork"], [child_end.fileno()])
                if frames.is_readable(parent_end.fileno(), _STARTING_SECONDS):
                    message, descriptors, _flags, _address = socket.recv_fds(parent_end, 8, 1)
                    if len(message) == 8:
                        watched = descriptors[0] if descriptors else None
                        return _Child(parent_end, int.from_bytes(message), watched, permits)
            except OSError:
                _log.warning("The fork server could not be reached", exc_info=True)
            parent_end.close()
            self.end()
        raise ChildUnavailable


os.register_at_fork(after_in_child=_Server.forget)


@contextmanager
def _child(permits: Permits) -> Iterator[_Child]:
    child = _Server.of_this_process().fork(permits)
    try:
        yield child
    finally:
        child.end()


def _progress_of(body: bytes) -> tuple[str, int, int | None] | None:
    match frames.words_of(body):
        case [str(stage), int(done), int() | None as total]:
            return stage[:40], done, total
    return None


def _require_plain(folder: Path, permits: Permits) -> None:
    """Nothing but files and folders: a link made by the child would lead who reads it later anywhere."""
    for count, path in enumerate(folder.rglob("*"), start=1):
        mode = path.lstat()
        is_plain = stat.S_ISDIR(mode.st_mode) or (stat.S_ISREG(mode.st_mode) and mode.st_nlink == 1)
        if not is_plain or count > _MOST_FILES:
            _log.warning("A child left %s that are no plain files", "too many things" if is_plain else "things")
            raise ReadingFailed(file=permits.name)


def _sizes(folder: Path) -> Iterator[int]:
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # files come and go while we look
            yield path.lstat().st_blocks * 512


def _printable(text: str) -> str:
    """Text of a stranger for a log: one line, no control character."""
    return "".join(
        character if character.isprintable() else "\u23ce" if character == "\n" else "?" for character in text
    )
