"""A receiver on the loopback, which the guard lets through here because the test says so."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from parvis.core.fetching import post
from parvis.hub.notifications import deliveries


@dataclass
class Receiver:
    """What came, and what is answered."""

    address: str = ""
    status: int = 204
    text: str = ""
    location: str = ""
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver(monkeypatch) -> Iterator[Receiver]:
    """A real server."""
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.calls.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(state.status)
            if state.location:
                self.send_header("Location", state.location)
            self.end_headers()
            self.wfile.write(state.text.encode())

        def log_message(self, *_: object) -> None:
            """Keep the test quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.address = f"http://127.0.0.1:{server.server_port}/crochet"
    monkeypatch.setattr(deliveries, "post", functools.partial(post, allowed=lambda _address, _port: True))
    yield state
    server.shutdown()
    server.server_close()
