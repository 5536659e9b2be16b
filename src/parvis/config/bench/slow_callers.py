"""How light requests fare while callers send and read by drops, without any proxy in front."""

from __future__ import annotations

import re
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from urllib.parse import SplitResult, urlsplit

from parvis.config.bench.figures import Figure
from parvis.config.bench.load import Load, burst

READERS = SENDERS = 45
UPLOADS = 12
IDLE = 200
MOST_SECONDS = 1.0
"""The p99 of light requests that the design allows while all of them are at it."""
SUBJECT = "appelants lents"


def slow_caller_figures(address: str, dataset_id: str, seconds: float) -> list[Figure]:
    """The p99 of light requests alone, then beside slow callers of every kind, and those that were refused or lost."""
    paths = (
        "/healthz",
        "/",
        f"/explore/dataset/{dataset_id}/",
        f"/api/explore/v2.1/catalog/datasets/{dataset_id}/records?limit=2",
        "/admin/login/",
    )
    _light(address, paths, 1.0)
    alone = _light(address, paths, seconds)
    with ExitStack() as stack:
        number = 0
        for connection in _slow(urlsplit(address), _original(address, dataset_id), dataset_id):
            stack.enter_context(connection)
            number += 1
        beside = _light(address, paths, 2 * seconds)
    refused = sum(many for status, many in beside.statuses.items() if status not in (200, 302))
    label = "requête légère, p99"
    p99 = beside.wait(0.99)
    return [
        Figure(SUBJECT, f"{label}, seule", "ms", alone.wait(0.99) * 1000),
        Figure(SUBJECT, f"{label}, à côté de {number} lents", "ms", p99 * 1000, budget=MOST_SECONDS * 1000),
        Figure(SUBJECT, f"{label}, à côté et seule", "ms", p99 * 1000, "seule", alone.wait(0.99) * 1000),
        Figure(SUBJECT, f"légères refusées à côté de {number} lents, sur {len(beside.times)}", "", refused, budget=0),
    ]


def _light(address: str, paths: tuple[str, ...], seconds: float) -> Load:
    return burst(address, cycle(paths).__next__, connections=2, seconds=seconds)


def _original(address: str, dataset_id: str) -> str:
    """The address of the dataset's source file."""
    with urllib.request.urlopen(f"{address}/explore/dataset/{dataset_id}/export/") as page:  # noqa: S310 our own address
        match = re.search(r'href="([^"]*/original/)"', page.read().decode())
    if match is None:
        raise RuntimeError(f"{dataset_id} has no original")
    return match[1]


def _slow(place: SplitResult, original: str, dataset_id: str) -> Iterator[socket.socket]:
    """Connections that read nothing, send the beginning of a body, or say nothing."""

    def connect(sent: bytes, window: int = 0) -> socket.socket:
        connection = socket.socket()
        if window:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        connection.connect((place.hostname, place.port))
        connection.sendall(sent)
        return connection

    host = f"HTTP/1.1\r\nHost: {place.netloc}\r\n"
    export = f"/api/explore/v2.1/catalog/datasets/{dataset_id}/exports/csv"
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    check = "/api/parvis/v1/validate?schema=scdl/subventions"
    for _rank in range(READERS):
        yield connect(f"GET {original} {host}\r\n".encode(), window=4096)
        yield connect(f"GET {export} {host}\r\n".encode(), window=4096)
    for _rank in range(SENDERS):
        yield connect(f"POST /preferences/ {host}{form}Content-Length: 5000\r\n\r\nlang=f".encode())
    for _rank in range(UPLOADS):
        yield connect(f"POST {check} {host}Content-Length: 50000000\r\n\r\n".encode() + b"x" * 20_000)
    for _rank in range(IDLE):
        yield connect(b"")
