"""The fork server: ``python -I -m parvis.core.children.forkserver``, a process that holds no secret and opens no stranger's file.

It has loaded what reading needs and forks a child for each call that its parent asks for on its standard input, a Unix socket:
a fork takes milliseconds where a new Python takes a second. A child confines itself before it opens what it is to read, answers
once, and is gone: nothing of one file is left for the next.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import inspect
import logging
import os
import pickle
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from parvis.core.children import confinement, frames, outcomes, preload
from parvis.core.children.permits import Permits
from parvis.core.children.system_calls import filter_system_calls
from parvis.core.errors import ParvisError
from parvis.core.progress import Progress
from parvis.core.unused import leave_pandas_out

PROGRESS_EVERY = 0.2
PAUSE = 0.05
IDLE = 120.0
"""Seconds without a call after which the server gives its memory back, unless a child still works: it would die with the server."""
_PIECE = 4_000_000
_LONGEST_TRACE = 6_000
_PROCESSORS = 4
"""Seconds of processor for each second of the deadline: a bound behind the bound, for a parent that was stopped."""


@dataclass(frozen=True, slots=True)
class Order:
    """One call: the function by its module and name, what it is given, what it may reach."""

    module: str
    function: str
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    permits: Permits


def main() -> None:
    """Load, then fork a child for each descriptor received, until the parent closes its end."""
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.umask(0o077)  # what children make of a file is for this account alone
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are watched by their parent's parent, through a pidfd
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    leave_pandas_out()
    gc.disable()  # what is loaded stays
    for name in (*preload.AT_ONCE, preload.PREPARATION):
        preload.load(name)
    gc.freeze()
    gc.enable()
    later = list(preload.WHEN_IDLE)
    while True:
        if not frames.is_readable(control.fileno(), PAUSE if later else IDLE):
            if later:
                preload.load(later.pop(0))
            elif _is_childless():
                return  # its parent starts another when it next has something to read
            continue
        message, descriptors, _flags, _address = socket.recv_fds(control, 16, 1)
        if not message:
            return
        _fork(control, descriptors[0])


def _is_childless() -> bool:
    """Whether no child is left; the system forgets those that ended, since their ends are not waited for."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def _fork(control: socket.socket, descriptor: int) -> None:
    server = os.getpid()
    process = os.fork()
    if process == 0:
        try:
            control.close()
            confinement.die_with(server)
            _serve(descriptor)
        finally:
            os._exit(0)
    with socket.socket(fileno=descriptor) as link:
        if not hasattr(os, "pidfd_open"):
            link.sendall(process.to_bytes(8))
            return
        watched = os.pidfd_open(process)
        with contextlib.suppress(OSError):  # nobody waits any more: the child reads the end of its socket and leaves
            socket.send_fds(link, [process.to_bytes(8)], [watched])
        os.close(watched)


def _serve(descriptor: int) -> None:
    """In the child: hear the order, confine, obey, answer."""
    try:
        _kind, body = frames.receive(descriptor)
    except frames.Gone:
        return
    order: Order = pickle.loads(body)  # noqa: S301 - it comes from the parent; nothing goes back this way
    permits = order.permits
    os.chdir(permits.write[0] if permits.write else "/")
    tempfile.tempdir = os.environ["TMPDIR"] = str(permits.write[0]) if permits.write else os.devnull
    logging.getLogger().addHandler(_LogOfParent(descriptor))
    function = _function(order.module, order.function)
    confinement.limit_resources(permits.disk)
    confinement.die_first()
    mapped = permits.disk + sum(path.stat().st_size for path in permits.read if path.exists())
    # Libraries that trust the ending of a name are given the file by a link; the parent takes none that is left.
    confined = confinement.confine([*confinement.libraries(), *permits.read], permits.write, links=True)
    if confinement.can_confine() and not confined:
        frames.send_words(descriptor, {"failed": "confinement"})
        return
    filter_system_calls()
    confinement.limit_memory(permits.memory, mapped)
    confinement.allow_processor(permits.seconds * _PROCESSORS)
    _answer(descriptor, function, order)


def _answer(descriptor: int, function: Callable[..., Any], order: Order) -> None:
    named = dict(order.named)
    if "progress" in inspect.signature(function).parameters:
        named["progress"] = _throttled_progress(descriptor)
    try:
        body = outcomes.to_bytes(function(*order.arguments, **named))
        for start in range(0, len(body), _PIECE):
            frames.send(descriptor, frames.ROWS, body[start : start + _PIECE])
        frames.send_words(descriptor, {"done": len(body)})
    except ParvisError as error:
        frames.send_words(descriptor, {"error": outcomes.error_facts(error)})
    except BaseException as error:  # noqa: BLE001 - panics of libraries are no Exception; the parent writes the trace in its log
        trace = "" if isinstance(error, MemoryError) else traceback.format_exc()[-_LONGEST_TRACE:]
        frames.send_words(descriptor, {"failed": type(error).__name__, "trace": trace})


class _LogOfParent(logging.Handler):
    """Hands what is logged in a child to the parent, which writes it where its own log goes."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(logging.WARNING)
        self._descriptor = descriptor

    def emit(self, record: logging.LogRecord) -> None:
        """Send one line."""
        frames.send_words(self._descriptor, f"{record.name}: {record.getMessage()}"[:_LONGEST_TRACE], frames.LOG)


def _throttled_progress(descriptor: int) -> Progress:
    """A progress that tells the parent, some times a second at most."""
    told_at, told_stage = 0.0, ""

    def tell(stage: str, done: int, total: int | None = None) -> None:
        nonlocal told_at, told_stage
        now = time.monotonic()
        if stage != told_stage or now - told_at >= PROGRESS_EVERY:
            told_at, told_stage = now, stage
            frames.send_words(descriptor, [stage, done, total], frames.PROGRESS)

    return tell


def _function(module: str, name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


if __name__ == "__main__":
    # Pickled orders name the class by its module, which must not be __main__.
    sys.modules["parvis.core.children.forkserver"] = sys.modules["__main__"]
    main()
