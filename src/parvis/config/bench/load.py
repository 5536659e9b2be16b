"""A load generator of our own: many connections kept open by one thread, the same for Parvis and for its peers."""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from parvis.config.bench.figures import percentile

_CHUNK = 1 << 18
_HEAD_END = b"\r\n\r\n"
_LAST_CHUNK = b"0\r\n\r\n"
_PATIENCE = 60.0
"""Seconds that a first answer may take, when none has come by the end of the burst."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a burst measured: requests a second, seconds each one took, how many answers had each status."""

    rate: float
    times: tuple[float, ...]
    statuses: Mapping[int, int]

    def wait(self, share: float) -> float:
        """Seconds under which that share of the requests were answered."""
        return percentile(self.times, share)


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    tail: str
    asked: float = 0.0
    received: bytearray = field(default_factory=bytearray)


def burst(
    address: str,
    path: Callable[[], str],
    *,
    connections: int,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    headers_of: Sequence[Mapping[str, str]] = (),
) -> Load:
    """Ask ``path()`` of the server at ``address`` for ``seconds``, over so many connections, each asking anew once answered.

    A burst lasts until its first answer at least, on a machine however slow; RuntimeError when none comes in a minute.
    ``headers_of`` are more headers, of each connection in turn: who it pretends to be.
    """
    place = urlsplit(address)
    common = {"Host": place.netloc, **(headers or {})}
    times: list[float] = []
    statuses: Counter[int] = Counter()
    with selectors.DefaultSelector() as selector:
        opened = []
        for rank in range(connections):
            own = headers_of[rank % len(headers_of)] if headers_of else {}
            opened.append(_opened(selector, place.hostname or "", place.port or 80, {**common, **own}))
        start = time.perf_counter()
        for connection in opened:
            _ask(connection, path())
        while (now := time.perf_counter()) - start < (seconds if times else max(seconds, _PATIENCE)):
            for key, _events in selector.select(timeout=1):
                connection = key.data
                status = _receive(connection)
                if status:
                    statuses[status] += 1
                    times.append(time.perf_counter() - connection.asked)
                    _ask(connection, path())
        for connection in opened:
            connection.socket.close()
    if not times:
        raise RuntimeError(f"{address} answered nothing in {now - start:g} seconds")
    return Load(len(times) / (now - start), tuple(times), statuses)


def _opened(selector: selectors.BaseSelector, host: str, port: int, headers: Mapping[str, str]) -> _Connection:
    tail = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection = _Connection(socket.create_connection((host, port)), tail)
    connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    selector.register(connection.socket, selectors.EVENT_READ, connection)
    return connection


def _ask(connection: _Connection, path: str) -> None:
    connection.received.clear()
    connection.asked = time.perf_counter()
    connection.socket.sendall(f"GET {path} HTTP/1.1\r\n{connection.tail}\r\n".encode())


def _receive(connection: _Connection) -> int:
    """The status of the answer once it is whole; 0 before. ConnectionError when the server hung up."""
    piece = connection.socket.recv(_CHUNK)
    if not piece:
        raise ConnectionError("the server closed the connection")
    received = connection.received
    received += piece
    end = received.find(_HEAD_END)
    if end < 0:
        return 0
    head = bytes(received[:end]).lower()
    status = int(head[9:12])
    if status == 304:
        return status
    length = head.find(b"content-length:")
    if length >= 0:
        expected = int(head[length + 15 :].split(b"\r\n", 1)[0])
        return status if len(received) >= end + 4 + expected else 0
    return status if received.endswith(_LAST_CHUNK) else 0
