"""A portal on the machine of the tests that speaks Explore, as well or as badly as a test wants."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROWS = "ville;population\nÉvry;66919\nCorbeil;52000\n"


def dataset(name: str, **changes: Any) -> dict[str, Any]:
    """A dataset as an Explore API tells it."""
    default = {
        "title": f"Jeu {name}",
        "description": "<p>Des villes.</p>",
        "publisher": "Essonne",
        "license": "Licence Ouverte v2.0",
        "theme": ["Transports"],
        "keyword": ["ville"],
        "modified": "2026-01-01T00:00:00+00:00",
        "data_processed": "2026-01-01T00:00:00+00:00",
    }
    return {
        "dataset_id": name,
        "dataset_uid": f"da_{name}",
        "has_records": True,
        "visibility": "domain",
        "fields": [],
        "metas": {"default": {**default, **changes}, "dcat": {}},
    }


class Portal:
    """What the server has and how it behaves: ``answers`` takes the place of what it would say at a path."""

    def __init__(self) -> None:
        self.datasets: list[dict[str, Any]] = []
        self.files: dict[str, str] = {}
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.at_once = self.most_at_once = 0
        self.robots = ""
        self.total: int | None = None
        self.address = ""
        self.lock = threading.Lock()

    def catalogue(self, query: dict[str, list[str]]) -> bytes:
        """A page of it, in the order of the portal when none is asked for."""
        offset, limit = (int(query.get(name, ["0"])[0]) for name in ("offset", "limit"))
        rows = list(self.datasets)
        if "order_by" in query:
            rows.sort(key=lambda row: str(row.get("dataset_id")))
        rows = rows[offset : offset + limit]
        total = len(self.datasets) if self.total is None else self.total
        return json.dumps({"total_count": total, "results": rows}).encode()


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """A whole answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A body that never ends."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" " * 1_000_000)
    except OSError:
        pass


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte from time to time."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


@contextmanager
def serving(portal: Portal, port: int = 0) -> Iterator[Portal]:
    """It, served, at a port that is free unless one is given."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            with portal.lock:
                portal.at_once += 1
                portal.most_at_once = max(portal.most_at_once, portal.at_once)
                portal.asked.append(self.path)
                portal.headers.append(dict(self.headers))
            try:
                self._answer()
            finally:
                with portal.lock:
                    portal.at_once -= 1

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            if parts.path in portal.answers:
                portal.answers[parts.path](self)
            elif parts.path == "/robots.txt":
                reply(self, portal.robots.encode(), 200 if portal.robots else 404, Content_Type="text/plain")
            elif parts.path.endswith("/catalog/datasets"):
                reply(self, portal.catalogue(parse_qs(parts.query)), Content_Type="application/json")
            elif parts.path.endswith("/catalog/exports/json"):
                reply(self, json.dumps(portal.datasets).encode())
            else:
                self._file(parts.path)

        def _file(self, path: str) -> None:
            name = path.split("/")[-3] if path.endswith("/exports/csv") else path.rpartition("/")[2]
            body = portal.files.get(name, ROWS).encode()
            etag = f'"{hash(body)}"'
            if self.headers.get("If-None-Match") == etag:
                reply(self, b"", 304)
            else:
                reply(self, body, Content_Type="text/csv", ETag=etag)

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    portal.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield portal
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
