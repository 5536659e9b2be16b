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
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 180
HOST = "127.0.0.1"


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
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(stat.parent.name)] = int(fields[1])
        family = [self.process.pid]
        for number in family:
            family += [child for child, parent in parents.items() if parent == number]
        return family[1:]

    def web_processes(self) -> list[int]:
        """Those that answer."""
        return [number for number in self.children() if b"\0serve\0" in command_of(number)]


def make_home(folder: Path) -> Path:
    """A home with one dataset, ``places``, whose original is 10 MB: more than the system itself takes for a reader who takes nothing."""
    drawn = random.Random(7)
    source = folder / "places.csv"
    with source.open("w", encoding="utf-8") as written:
        written.write("code;nom;places\n")
        for rank in range(6_000):
            written.write(f"{rank:06d};{drawn.getrandbits(6400):01600x};{drawn.random():.6f}\n")
    run = Portal(folder / "home").parvis("import", source)
    assert run.returncode == 0, run.stderr
    return folder / "home"
