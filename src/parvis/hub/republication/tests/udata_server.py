"""A server that answers as the API 1 of udata does, from its public code, on this machine alone.

It requires what udata requires (key, membership, title, description, kind and address of files, known fields), makes tags of its own,
forgets nothing, and can be told to fail, to be slow or to lie.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

API_KEY = "udata_cle-de-test-0123456789"
ORGANISATION, SLUG = "5a0000000000000000000001", "ville-de-grigny"
ZONES = {"fr:commune:91286"}
SCHEMAS = {"scdl/deliberations"}
KINDS = {"main", "documentation", "update", "api", "code", "other"}


@dataclass
class State:
    """All that the server knows, and what it was sent."""

    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    member: bool = True
    may_edit: bool = True
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    """What the next requests are answered, whatever they are."""
    lose_creation: bool = False
    """Make the next dataset and hang up without an answer."""
    seconds: float = 0.0
    numbers: int = 0

    def identifier(self, form: str) -> str:
        """Another one each time."""
        self.numbers += 1
        return form.format(self.numbers)

    @property
    def writes(self) -> list[tuple[str, str]]:
        """The requests that change something."""
        return [row for row in self.requests if row[0] != "GET"]


class Stop(Exception):
    """A status and a body."""


def refuse(status: int, **facts: Any) -> None:
    raise Stop(status, facts)


def check_card(body: dict[str, Any]) -> None:
    errors = {name: ["This field is required."] for name in ("title", "description") if not body.get(name)}
    if len(body.get("title", "")) > 350:
        errors["title"] = ["Field cannot be longer than 350 characters."]
    if any(zone not in ZONES for zone in body.get("spatial", {}).get("zones", ())):
        errors["spatial"] = {"zones": ["Unknown geoid(s)"]}
    if any(not 3 <= len(tag) <= 96 for tag in body.get("tags", ())):
        errors["tags"] = ["must be between 3 and 96 characters long."]
    if errors:
        refuse(400, message="Validation error", errors=errors)


def check_resource(body: dict[str, Any]) -> None:
    errors = {name: ["This field is required."] for name in ("title", "url") if not body.get(name)}
    if body.get("type") not in KINDS or body.get("filetype") not in {"file", "remote"}:
        errors["type"] = ["Not a valid choice"]
    if not re.match(r"https?://", body.get("url", "")):
        errors["url"] = ["Invalid URL"]
    if body.get("checksum", {"type": "sha256"})["type"] not in {"sha1", "sha2", "sha256", "md5", "crc"}:
        errors["checksum"] = ["Not a valid choice"]
    if body.get("schema") and body["schema"].get("name") not in SCHEMAS:
        errors["schema"] = {"name": ["is not an allowed value"]}
    if errors:
        refuse(400, message="Validation error", errors=errors)
    if body["filetype"] != "remote":
        refuse(400, message="This endpoint only supports remote resources")


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_PUT(self) -> None:
        self._handle()

    def do_DELETE(self) -> None:
        self._handle()

    def log_message(self, *_words: Any) -> None:
        """Nothing."""

    def _handle(self) -> None:
        state = self.server.state
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        state.requests.append((self.command, self.path))
        state.headers.append(dict(self.headers))
        time.sleep(state.seconds)
        if state.answers:
            return self._answer(*state.answers.pop(0))
        try:
            status, facts = self._route(state, json.loads(body) if body else None)
        except Stop as stop:
            status, facts = stop.args
        except ConnectionError:
            self.close_connection = True
            return None
        return self._answer(status, {}, b"" if status == 204 else json.dumps(facts).encode())

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _route(self, state: State, body: Any) -> tuple[int, Any]:
        parts = urlsplit(self.path)
        if self.headers.get("X-API-KEY") != API_KEY:
            refuse(401, message="Invalid API token")
        if body is not None and self.headers["Content-Type"] != "application/json":
            refuse(400, errors={"Content-Type": "expecting application/json"})
        if parts.path == "/api/1/me/":
            organisations = [{"id": ORGANISATION, "slug": SLUG, "name": "Grigny"}] if state.member else []
            return 200, {"id": "u", "organizations": organisations}
        if parts.path == "/api/1/datasets/" and self.command == "GET":
            return 200, self._page(state, parse_qs(parts.query))
        if parts.path == "/api/1/datasets/":
            return 201, self._create(state, body)
        match = re.fullmatch(r"/api/1/datasets/([\w-]+)/(?:resources/(?:([\w-]+)/)?)?", parts.path)
        if match is None:
            refuse(404, message="Not found")
        dataset = state.datasets.get(match[1]) or refuse(404, message="Not found")
        if self.command != "GET" and dataset["deleted"]:
            refuse(410, message="Dataset has been deleted")
        if self.command != "GET" and not state.may_edit:
            refuse(403, message="You do not have the permission to modify that object.")
        if "/resources/" in parts.path:
            return self._resource(state, dataset, match[2], body)
        if self.command == "PUT":
            check_card(body)
            dataset.update({**body, "tags": sorted(set(body["tags"]))})
        return 200, dataset

    def _page(self, state: State, query: dict[str, list[str]]) -> dict[str, Any]:
        number, size = int(query["page"][0]), int(query["page_size"][0])
        rows = [row for row in state.datasets.values() if row["organization"]["id"] == query["organization"][0]]
        rows = [row for row in rows if not row["deleted"]]
        more = f"{self.server.url}/api/1/datasets/?page={number + 1}" if len(rows) > number * size else None
        return {"data": rows[(number - 1) * size : number * size], "next_page": more}

    def _create(self, state: State, body: dict[str, Any]) -> dict[str, Any]:
        check_card(body)
        if body.get("organization") != ORGANISATION or not state.member:
            refuse(400, errors={"organization": ["Permission denied for this organization"]})
        identifier = state.identifier("6b{:022x}")
        page = f"{self.server.url}/datasets/{identifier}/"
        facts = {"deleted": None, "resources": [], "id": identifier, "page": page}
        state.datasets[identifier] = {**body, **facts, "organization": {"id": ORGANISATION}}
        if state.lose_creation:
            state.lose_creation = False
            raise ConnectionError
        return state.datasets[identifier]

    def _resource(self, state: State, dataset: dict[str, Any], key: str | None, body: Any) -> tuple[int, Any]:
        rows = dataset["resources"]
        if key is None:
            check_resource(body)
            row = {**body, "id": state.identifier("00000000-0000-4000-8000-{:012x}")}
            rows.insert(0, row)
            return 201, row
        row = next((row for row in rows if row["id"] == key), None) or refuse(404, message="Resource does not exist")
        if self.command == "DELETE":
            rows.remove(row)
            return 204, None
        check_resource(body)
        row.update(body)
        return 200, row


class Server(ThreadingHTTPServer):
    """The server and its state."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.state = State()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def running() -> Iterator[Server]:
    """A server for one test."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
