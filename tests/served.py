"""A portal served for real on the loopback, two web processes and no proxy, and sockets that misbehave towards it."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

PATIENCE = 180
HOST = "127.0.0.1"
MAKE = """
import sys
from parvis.config.cli.main import main
assert main(["import", sys.argv[1]]) == 0
from parvis.config.cli.serve import collect_assets
collect_assets()
"""


def until(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for a condition; an error when it does not come true."""
    limit = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.1)


def lives(number: int) -> bool:
    """Whether that process is there and not a zombie."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_of(number: int) -> bytes:
    """The command line of a process; empty once it is gone."""
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return b""


def name_of(number: int) -> str:
    """What ``ps`` calls a process; empty once it is gone."""
    try:
        return Path(f"/proc/{number}/comm").read_text().strip()
    except OSError:
        return ""


class Portal:
    """A served instance, on SQLite, or on the empty database whose address SERVED_DATABASE_URL is (one file of tests at a time)."""

    def __init__(self, home: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        database = os.environ.get("SERVED_DATABASE_URL", "")
        self.environment = {**os.environ, "PARVIS_HOME": str(home), "PARVIS_DATABASE_URL": database, **settings}
        self.environment.pop("PYTHONWARNINGS", None)
        self.log = home.parent / f"serve-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def parvis(self, *words: object) -> subprocess.CompletedProcess[str]:
        """Run a command of this instance."""
        command = [sys.executable, "-m", "parvis.config.cli.main", *map(str, words)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    @contextmanager
    def served(self, workers: int = 2) -> Iterator[Portal]:
        """Serve until the end of the block."""
        command = [sys.executable, "-m", "parvis.config.cli.main", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([*command, "--workers", str(workers)], env=self.environment, stderr=log)
        try:
            until(self.is_healthy)
            yield self
        finally:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def get(self, path: str, timeout: float = 20, **headers: str) -> http.client.HTTPResponse:
        """Ask an address on a connection of its own; the answer is read."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=timeout)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer

    def is_healthy(self) -> bool:
        """Whether it answers."""
        try:
            return self.get("/healthz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def connect(self, sent: bytes = b"", window: int | None = None) -> socket.socket:
        """A connection on which these bytes were sent and nothing is read."""
        connection = socket.socket()
        if window:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        connection.settimeout(60)
        connection.connect((HOST, self.port))
        connection.sendall(sent)
        return connection

    def head(self, line: str, *headers: str) -> bytes:
        """The beginning of a request."""
        return "\r\n".join([f"{line} HTTP/1.1", f"Host: {HOST}:{self.port}", *headers, "", ""]).encode()

    def children(self) -> list[int]:
        """Its processes, and theirs."""
        family = [self.process.pid]
        for number in family:
            for listed in Path(f"/proc/{number}/task").glob("*/children"):
                with suppress(OSError):  # they come and go
                    family += [child for child in map(int, listed.read_text().split()) if lives(child)]
        return family[1:]

    def workers(self) -> list[int]:
        """Those that work in the background."""
        return [number for number in self.children() if name_of(number).startswith("parvis-")]

    def web_processes(self) -> list[int]:
        """Those that answer."""
        others = self.workers()
        return [n for n in self.children() if b"\0serve\0" in command_of(n) and n not in others]


@contextmanager
def served_again(home: Path, **options: int) -> Iterator[Callable[[], Portal]]:
    """One portal for several tests: each asks for it, and it is served once more after one that ended it."""
    portal = Portal(home)
    with ExitStack() as stack:

        def ask() -> Portal:
            if portal.process is None or portal.process.poll() is not None:
                stack.enter_context(portal.served(**options))
            return portal

        yield ask


def make_home(folder: Path) -> Path:
    """A home ready to be served, its scripts gathered, with one dataset, ``places``, whose original is 10 MB: more than the system
    itself takes for a reader who takes nothing."""
    drawn = random.Random(7)
    source = folder / "places.csv"
    with source.open("w", encoding="utf-8") as written:
        written.write("code;nom;places\n")
        for rank in range(6_000):
            written.write(f"{rank:06d};{drawn.getrandbits(6400):01600x};{drawn.random():.6f}\n")
    portal = Portal(folder / "home")
    subprocess.run([sys.executable, "-c", MAKE, source], env=portal.environment, check=True, capture_output=True)
    return folder / "home"
