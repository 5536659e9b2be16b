"""Processes started again for as long as the portal is open: at once the first time, then more and more slowly, never given up."""

from __future__ import annotations

import ctypes
import functools
import logging
import mmap
import multiprocessing
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from granian import Granian
from granian.net import SocketHolder

from parvis.config.serving.connections import listen

logger = logging.getLogger("parvis.serving")
# Granian finds the threads many for the processors; they mostly wait for the engine and the disk, and are as many as was meant.
logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.getMessage())

STOP_SECONDS = 10
WATCH_SECONDS = 1.0
FROZEN_SECONDS = 30.0
"""A web process whose loop has not turned for so long holds the interpreter's lock and answers nobody: it is killed."""
STARTING_SECONDS = 45.0
LONGEST_DELAY = 5.0
"""Short: anyone who makes web processes die must not win an outage each time; a fork of what is loaded costs little."""
STEADY_SECONDS = 60.0
"""A process that lived this long did not die of its start: the next one starts at once."""
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15


class BackOff:
    """How long to wait before a process is started again."""

    def __init__(self, longest: float = LONGEST_DELAY) -> None:
        self._longest = longest
        self._deaths = 0

    def delay(self, lived: float) -> float:
        """Seconds to wait after the death of a process that lived so long: 0, then 1, 2, 4… up to the longest."""
        self._deaths = 1 if lived >= STEADY_SECONDS else self._deaths + 1
        return 0.0 if self._deaths == 1 else min(self._longest, 2.0 ** (self._deaths - 2))


class Beats:
    """Where each web process writes that it lives, in memory that the processes share."""

    _MOMENT = struct.Struct("d")

    def __init__(self, processes: int) -> None:
        self._memory = mmap.mmap(-1, self._MOMENT.size * processes)

    def beat(self, slot: int) -> None:
        """It lives now."""
        self._MOMENT.pack_into(self._memory, slot * self._MOMENT.size, time.monotonic())

    def expect(self, slot: int) -> None:
        """A process takes this slot: one that freezes before its first beat must be seen too, once it had time to start."""
        moment = time.monotonic() + STARTING_SECONDS
        self._MOMENT.pack_into(self._memory, slot * self._MOMENT.size, moment)

    def silence(self, slot: int) -> float:
        """Seconds since it last beat, or since it should have begun to."""
        moment: float = self._MOMENT.unpack_from(self._memory, slot * self._MOMENT.size)[0]
        return max(0.0, time.monotonic() - moment)


class Server(Granian):
    """Granian, whose processes share one listening socket and are replaced without end, and so are those of the background.

    Its own loop leaves when a process dies within seconds of its birth, and takes the portal with it.
    """

    def __init__(
        self, loader: Callable[[Beats, int], Any], backgrounds: Sequence[Background], *, workers: int, **options: Any
    ) -> None:
        super().__init__("parvis", workers=workers, respawn_failed_workers=True, **options)
        self._backgrounds = backgrounds
        self.beats = Beats(workers)
        self._loader = loader
        self._back_offs = [BackOff() for _slot in range(workers)]
        self._due: dict[int, float] = {}

    def serve(self, *args: Any, **kwargs: Any) -> None:
        """Serve until SIGTERM or SIGINT."""
        super().serve(target_loader=functools.partial(self._loader, self.beats), wrap_loader=False)

    def _init_shared_socket(self) -> None:
        self._listening = listen(self.bind_addr, self.bind_port, self.backlog)
        self._ssp, self._sso = None, None
        self._sfd = self._listening.fileno()
        self._shd = SocketHolder(self._sfd, False, self.backlog)

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> Any:
        self.beats.expect(idx)
        return super()._spawn_worker(idx, target, functools.partial(callback_loader, idx))

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait(WATCH_SECONDS)
            self.main_loop_interrupt.clear()
            if self.interrupt_signal:
                return
            if self.reload_signal:
                self._reload(spawn_target, target_loader)
            self._note_dead()
            self._kill_frozen()
            now = time.monotonic()
            for slot in [slot for slot, due in self._due.items() if due <= now]:
                del self._due[slot]
                self._respawn_workers([slot], spawn_target, target_loader)
            for background in self._backgrounds:
                background.keep(self._listening)

    def _note_dead(self) -> None:
        while self.interrupt_children:
            slot = self.interrupt_children.pop(0)
            lived = time.monotonic() - self.wrks[slot].birth
            delay = self._back_offs[slot].delay(lived)
            logger.error("web process %s died after %.0f s; another starts in %.0f s", slot + 1, lived, delay)
            self.beats.expect(slot)
            self._due[slot] = time.monotonic() + delay

    def _kill_frozen(self) -> None:
        for slot, worker in enumerate(self.wrks):
            if slot not in self._due and self.beats.silence(slot) > FROZEN_SECONDS:
                logger.error("web process %s has answered nothing for %.0f s: killed", slot + 1, FROZEN_SECONDS)
                self.beats.expect(slot)
                worker.inner.kill()  # its watcher sees it die, as if by itself


class Bell:
    """What calls a process that rests back to work, in memory that the processes share."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 1)

    def ring(self) -> None:
        """There is work."""
        self._memory[0] = 1

    def heard(self) -> bool:
        """Whether it rang since this was last asked."""
        rang, self._memory[0] = self._memory[0], 0
        return bool(rang)


class Background:
    """A process that works in the background, started again when it dies, ended with the portal.

    Forked from the one that has loaded everything, as web processes are: it works at once, and shares that memory. With a bell, it
    may also end by itself, with nothing to do: the memory that its work took is given back, and it is started again when it rings.
    """

    def __init__(self, name: str, work: Callable[..., None], *arguments: str, bell: Bell | None = None) -> None:
        self._name, self._work, self._arguments, self._bell = name, work, arguments, bell
        self._back_off = BackOff()
        self._due: float | None = None

    def start(self, listening: socket.socket | None = None) -> None:
        """Start it. What the portal listens on is not its own: held by it, the address would stay taken after the portal."""
        self._born = time.monotonic()
        self._process = multiprocessing.get_context("fork").Process(target=self._run, args=(os.getpid(), listening))
        self._process.start()

    def keep(self, listening: socket.socket) -> None:
        """Look whether it lives, and start it again once it is time to."""
        now, is_alive = time.monotonic(), self._process.is_alive()
        rang = self._bell is not None and self._bell.heard()
        if self._due is None and self._bell is not None and not is_alive and self._process.exitcode == 0:
            self._due = now if rang else None
        elif self._due is None and not is_alive:
            lived = now - self._born
            delay = self._back_off.delay(lived)
            logger.error("background process died after %.0f s; another starts in %.0f s", lived, delay)
            self._due = now + delay
        if self._due is not None and self._due <= now:
            self._due = None
            self.start(listening)

    def ask_to_stop(self) -> None:
        """Begin to end it."""
        self._process.terminate()

    def stop(self) -> None:
        """See it end, once asked; killed after ten seconds."""
        self._process.join(STOP_SECONDS)
        self._process.kill()
        self._process.join()

    def _run(self, parent: int, listening: socket.socket | None) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()  # Ctrl-C is for the portal, which then asks this process to stop
        die_with_parent(signal.SIGTERM)  # it gives its job back
        name_process(self._name)
        if listening is not None:
            listening.close()
        self._work(parent, *self._arguments)


class Beforehand(Background):
    """A process that does something once; when it ends, well or not, ``at_end`` is called and those of the background start."""

    def __init__(
        self,
        name: str,
        work: Callable[[int], None],
        backgrounds: Sequence[Background],
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(name, work)
        self._backgrounds, self._at_end = backgrounds, at_end
        self._is_over = False

    def keep(self, listening: socket.socket) -> None:
        """Look whether it is over, and then whether those that came after it live."""
        if self._is_over:
            for background in self._backgrounds:
                background.keep(listening)
        elif not self._process.is_alive():
            self._is_over = True
            if self._process.exitcode:
                logger.error("%s ended with code %s", self._name, self._process.exitcode)
            self._at_end()
            for background in self._backgrounds:
                background.start(listening)

    def ask_to_stop(self) -> None:
        """Begin to end it, or those that came after it."""
        super().ask_to_stop()
        if self._is_over:
            for background in self._backgrounds:
                background.ask_to_stop()

    def stop(self) -> None:
        """See them end."""
        super().stop()
        if self._is_over:
            for background in self._backgrounds:
                background.stop()


def stop_all(backgrounds: Iterable[Background]) -> None:
    """End them together."""
    for background in backgrounds:
        background.ask_to_stop()
    for background in backgrounds:
        background.stop()


def die_with_parent(how: signal.Signals = signal.SIGKILL) -> None:
    """Ask the system to end this process when the one that started it dies, however it dies.

    Killed, unless it asks for something else: a process that is frozen hears nothing.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)


def name_process(name: str) -> None:
    """What ``ps`` and ``top`` call this process, which has the command line of the one it was forked from."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode())
