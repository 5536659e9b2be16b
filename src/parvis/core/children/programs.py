"""A program of the machine run on a stranger's file: confined as children are, but that it may start its own processes.

``calls`` asks a function of ours in a child that may run nothing; this is for a program that is many processes (LibreOffice). A
Python of its own confines itself and becomes the program: it reaches the files that are permitted and the machine's own
programs and libraries, writes in its folder, and has neither network nor any right more. It is killed with all it started.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from parvis.core.children import confinement
from parvis.core.children.errors import CannotConfine, ReadingFailed, ReadingTooLarge, ReadingTooLong
from parvis.core.children.permits import Permits
from parvis.core.children.system_calls import filter_system_calls
from parvis.core.progress import Progress, no_progress

TICK: Final = 0.1
_PROGRAMS: Final = ("/usr/bin", "/bin", "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/opt", "/usr/local")
_READABLE: Final = (
    "/usr/share",
    "/etc/fonts",
    "/etc/libreoffice",
    "/var/cache/fontconfig",
    "/etc/ld.so.cache",
    "/dev/zero",
)
_WRITABLE: Final = ("/dev/null",)
SOCKETS: Final = Path("/tmp")  # noqa: S108
"""Where LibreOffice makes the socket by which it finds itself, whatever it is told; a program may make some there, and no more."""
_REFUSED: Final = 126
"""The status of a process that could not be confined."""


def run_program(
    command: Sequence[str],
    permits: Permits,
    *,
    progress: Progress = no_progress,
    programs: Sequence[Path] = (),
    log: Path | None = None,
) -> None:
    """Run ``command`` to its end, its home and its temporary files in the first folder of ``permits.write``, where it stands.

    ``permits.memory`` bounds each of its processes. ``programs`` are folders that it may run programs of, besides the machine's
    own; ``log`` is a file that takes what it says on its error stream. CannotConfine without Landlock, ReadingFailed when it ends badly,
    ReadingTooLong, ReadingTooLarge, and what ``progress`` raises; nothing of it is left.
    """
    if not confinement.can_confine():
        raise CannotConfine
    home = permits.write[0]
    order = {
        "parent": os.getpid(),
        "command": list(command),
        "read": [str(path) for path in permits.read],
        "write": [str(path) for path in permits.write],
        "memory": permits.memory,
        "disk": permits.disk,
        "seconds": permits.seconds,
        "programs": [str(path) for path in programs],
    }
    with (
        (log or Path(os.devnull)).open("wb") as errors,
        subprocess.Popen(
            [sys.executable, "-I", "-m", "parvis.core.children.programs", json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(home), "TMPDIR": str(home)},
            cwd=home,
            start_new_session=True,
        ) as process,
    ):
        try:
            _watch(process, permits, progress)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise ReadingFailed(file=permits.name)


def _watch(process: subprocess.Popen[bytes], permits: Permits, progress: Progress) -> None:
    deadline = time.monotonic() + permits.seconds
    while True:
        try:
            process.wait(TICK)
            return
        except subprocess.TimeoutExpired:
            progress("read", 0)
        if time.monotonic() >= deadline:
            raise ReadingTooLong(file=permits.name, seconds=int(permits.seconds))
        if sum(_size(path) for folder in permits.write for path in folder.rglob("*")) > permits.disk:
            raise ReadingTooLarge(file=permits.name)


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):  # files come and go while we look
        return path.lstat().st_blocks * 512
    return 0


def _become() -> None:
    """In the process: confine, then be the program."""
    order = json.loads(sys.argv[1])
    confinement.die_with(order["parent"])
    confinement.limit_resources(order["disk"])
    confinement.die_first()
    resource.setrlimit(resource.RLIMIT_DATA, (order["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (int(order["seconds"]) + 1,) * 2)
    programs = [Path(path) for path in (*_PROGRAMS, *order["programs"])]
    readable = [*confinement.libraries(), *map(Path, (*_READABLE, *order["read"]))]
    writable = [Path(path) for path in (*_WRITABLE, *order["write"])]
    if not confinement.confine(readable, writable, links=True, runnable=programs, sockets=[SOCKETS]):
        os._exit(_REFUSED)
    filter_system_calls(programs=True)
    os.execv(order["command"][0], order["command"])  # noqa: S606 - the command is ours


if __name__ == "__main__":
    _become()
