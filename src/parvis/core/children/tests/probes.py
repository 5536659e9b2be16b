"""What tests have a child do: attempts of one that a hostile file took over, and accidents."""

from __future__ import annotations

import ctypes
import logging
import mmap
import os
import re
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from parvis.core.errors import UnreadableFile
from parvis.core.formats.refusals import ArchiveBomb
from parvis.core.progress import Progress
from parvis.core.translation import Sentence


@dataclass(frozen=True, slots=True)
class Seen:
    """What a child sees of itself."""

    text: str
    environment: dict[str, str]
    descriptors: list[str]
    folder: str


def look(path: Path) -> Seen:
    """The text of a file, and what else is in reach."""
    links = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            links.append(os.readlink(link))  # noqa: PTH115 - links to sockets are no paths
        except OSError:
            continue
    return Seen(path.read_text(encoding="utf-8"), dict(os.environ), links, str(Path.cwd()))


def attempts(secret: Path, folder: Path, parent: int, port: int) -> dict[str, bool]:
    """Which attempts to get out succeed."""
    libc = ctypes.CDLL(None, use_errno=True)

    def ptrace() -> None:
        if libc.ptrace(16, parent, 0, 0) != 0:
            raise PermissionError

    def fork() -> None:
        if os.fork() == 0:
            os._exit(0)

    tries: dict[str, Callable[[], object]] = {
        "read a file": secret.read_text,
        "list a folder": lambda: list(secret.parent.iterdir()),
        "write a file": lambda: (secret.parent / "new").write_text("x"),
        "remove a file": lambda: (secret.parent / "other").unlink(),
        "change the mode of a file": lambda: secret.chmod(0o777),
        "change the owner of a file": lambda: os.chown(secret, 1, 1),
        "link to a file": lambda: os.link(secret, folder / "hard"),
        "read passwords of the system": lambda: Path("/etc/passwd").read_text(encoding="utf-8"),
        "read the parent's environment": lambda: Path(f"/proc/{parent}/environ").read_bytes(),
        "read the parent's memory": lambda: Path(f"/proc/{parent}/mem").read_bytes(),
        "read the parent's maps": lambda: Path(f"/proc/{parent}/maps").read_bytes(),
        "list the parent's descriptors": lambda: list(Path(f"/proc/{parent}/fd").iterdir()),
        "trace the parent": ptrace,
        "signal the parent": lambda: os.kill(parent, signal.SIGCONT),
        "signal the fork server": lambda: os.kill(os.getppid(), signal.SIGCONT),
        "connect by TCP": lambda: socket.create_connection(("127.0.0.1", port), 2),
        "send by UDP": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port)),
        "open a Unix socket": lambda: socket.socket(socket.AF_UNIX),
        "run a program": lambda: os.execv("/bin/true", ["true"]),
        "fork": fork,
    }
    return {name: _succeeds(attempt) for name, attempt in tries.items()}


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def refuse(file: str) -> int:
    """Refuse as readers do."""
    raise UnreadableFile(file=file, reason="il est vide")


def refuse_in_words(file: str) -> int:
    """Refuse with a reason that is itself a sentence, its value another."""
    size = Sentence("plus de {size} Mio", {"size": 5})
    raise ArchiveBomb(
        file=file, reason=Sentence("{types} ou {type}", {"types": size, "type": Sentence("{rows} lignes", {"rows": 7})})
    )


def pad(file: str) -> int:
    """Answer as a file that took the child over would, to fill the memory of who tells it."""
    error = UnreadableFile(file=file)
    error.to_details = lambda: {"reason": {"sentence": "{a:9999999999}", "values": {"a": "x"}}}  # type: ignore[method-assign]
    raise error


def lie() -> int:
    """Answer something else than what was promised."""
    return "pas un nombre"  # type: ignore[return-value]


def die(signal_number: int) -> int:
    """End as a library that aborts does."""
    os.kill(os.getpid(), signal_number) if signal_number == signal.SIGKILL else os.abort()
    return 0


def panic() -> int:
    """Raise what is no Exception, as panics of Rust libraries are."""
    raise BaseException("panicked")


def take(size: int) -> int:
    """Take that much memory."""
    return len(bytearray(size))


def hold() -> int:
    """Hold the interpreter's lock for ever in C."""
    return int(bool(re.match(r"(\w+\s?)+Z", "é" + "a" * 60)))


def sleep(progress: Progress) -> int:
    """Tell where it stands once, then say nothing more."""
    progress("read", 1, 10)
    time.sleep(600)
    return 0


def last(seconds: float) -> int:
    """Take that long, then answer."""
    time.sleep(seconds)
    return 1


def fill(folder: Path, size: int) -> int:
    """Write for ever."""
    for number in range(10_000):
        (folder / str(number)).write_bytes(b"x" * size)
        time.sleep(0.01)
    return 0


def plant(folder: Path, target: Path) -> int:
    """Leave a link for anyone who reads the folder next."""
    (folder / "rapport.csv").symlink_to(target)
    return 1


def work(progress: Progress) -> list[int]:
    """Say how far it is, often, and give a large answer."""
    for number in range(1_000):
        progress("read", number, 1_000)
    return list(range(1_000_000))


def warn() -> int:
    """Write in the log, with what would forge a line or colour a terminal."""
    for _rank in range(100):
        logging.getLogger("parvis.versions").error("le disque est plein\n2026 INFO forged \x1b[31m")
    return 1


def process() -> int:
    """Its own number."""
    return os.getpid()


def parent() -> int:
    """The number of the fork server."""
    return os.getppid()


def map_file(path: Path) -> int:
    """Map a file whole, and read its last byte."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content[-1]


def first_to_die() -> str:
    """How soon the system ends it when memory lacks."""
    return Path("/proc/self/oom_score_adj").read_text(encoding="ascii").strip()
