"""A server that answers as the API 1 of udata does, from its public code, on this machine alone.

It requires what udata requires (key, membership, title, description, licence, frequency, kind and address of files, known schemas), makes
tags and texts of its own, empties what a change leaves out, shows the private and the deleted to members alone, and can be told to fail,
to be slow, to limit the pace, to lose answers or to lie.
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
ZONES = {"fr:commune:91286", "fr:commune:91228"}
SCHEMAS = {"scdl/deliberations": {"2.1.5"}, "scdl/subventions": {"2.1.1"}}
LICENCES = {"lov2", "fr-lo", "odc-odbl", "cc-by", "cc-zero", "other-open", "other-pd", "notspecified"}
FREQUENCIES = {
    "unknown",
    "continuous",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "semiannual",
    "annual",
    "irregular",
    "never",
}
KINDS = {"main", "documentation", "update", "api", "code", "other"}
OPTIONAL = {
    "acronym": None,
    "description_short": None,
    "temporal_coverage": None,
    "spatial": None,
    "tags": [],
    "contact_points": [],
    "private": False,
    "archived": None,
    "license": "notspecified",
    "frequency": "unknown",
    "extras": {},
}
"""What a card is without them."""


@dataclass
class State:
    """All that the server knows, and what it was sent."""

    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    member: bool = True
    may_edit: bool = True
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    """What the next requests are answered, whatever they are."""
    lost: list[str] = field(default_factory=list)
    """Methods: the next request of each is done, and not answered."""
    broken: set[str] = field(default_factory=set)
    """Titles of datasets about which it always fails."""
    pace: int = 0
    """After so many requests, one is told to wait."""
    retry_after: str = "1"
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


def slug(tag: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", tag.lower()).strip("-")


def check_card(body: dict[str, Any], state: State) -> None:
    errors: dict[str, Any] = {
        name: ["This field is required."] for name in ("title", "description") if not body.get(name)
    }
    if len(body.get("title", "")) > 350:
        errors["title"] = ["Field cannot be longer than 350 characters."]
    if body.get("license") not in LICENCES | {None}:
        errors["license"] = ["Unknown license"]
    if body.get("frequency", "unknown") not in FREQUENCIES:
        errors["frequency"] = ["Not a valid choice"]
    if any(zone not in ZONES for zone in (body.get("spatial") or {}).get("zones", ())):
        errors["spatial"] = {"zones": ["Unknown geoid(s)"]}
    if any(not 3 <= len(slug(tag)) <= 96 for tag in body.get("tags", ())):
        errors["tags"] = ["must be between 3 and 96 characters long."]
    period = body.get("temporal_coverage") or {"start": "2020-01-01"}
    if not re.match(r"\d{4}-\d\d-\d\d", period.get("start") or ""):
        errors["temporal_coverage"] = ["Unable to parse date range"]
    if any(key not in state.contacts for key in body.get("contact_points") or ()):
        errors["contact_points"] = ["Wrong contact point id or contact point ownership mismatch"]
    if errors:
        refuse(400, message="Validation error", errors=errors)


def saved_card(body: dict[str, Any], state: State, former: dict[str, Any] | None = None) -> dict[str, Any]:
    """What is made of a card: what it leaves out is emptied, but contacts, which stay until they are said to be null."""
    card = {**OPTIONAL, **{name: value for name, value in body.items() if name not in ("resources", "deleted")}}
    card["tags"] = sorted({slug(tag) for tag in card["tags"]})
    card["description"] = card["description"].strip()
    if period := card["temporal_coverage"]:
        card["temporal_coverage"] = {name: f"{period[name]}T00:00:00+00:00" for name in period}
    card["contact_points"] = [state.contacts[key] for key in card["contact_points"] or ()]
    if former is not None and body.get("contact_points", []) == []:
        card["contact_points"] = former["contact_points"]
    return card


URLS = (
    "base_api_url",
    "machine_documentation_url",
    "technical_documentation_url",
    "business_documentation_url",
    "authorization_request_url",
)
SERVICE = {
    **dict.fromkeys(URLS),
    "acronym": None,
    "description": "",
    "rate_limiting": None,
    "availability": None,
    "access_type": "open",
    "format": None,
    "license": None,
    "tags": [],
    "datasets": [],
    "contact_points": [],
    "extras": {},
    "private": False,
    "archived_at": None,
    "deleted_at": None,
}
"""What may be written of a service, and what it is without."""


def check_service(body: dict[str, Any], state: State) -> None:
    errors: dict[str, Any] = {}
    for name in URLS:
        if body.get(name) is not None and not re.match(r"https?://[^/]+\.", body[name]):
            errors[name] = ["Invalid URL"]
    if body.get("license") not in LICENCES | {None}:
        errors["license"] = ["Unknown license"]
    if body.get("access_type", "open") not in {"open", "open_with_account", "restricted"}:
        errors["access_type"] = ["Not a valid choice"]
    if body.get("format") not in {None, "REST", "WMS", "WSL"}:
        errors["format"] = ["Not a valid choice"]
    availability = body.get("availability")
    if availability is not None and not (isinstance(availability, int | float) and 0 <= availability <= 100):
        errors["availability"] = ["Not a valid percentage"]
    if any(not 3 <= len(slug(tag)) <= 96 for tag in body.get("tags", ())):
        errors["tags"] = ["must be between 3 and 96 characters long."]
    if any(key not in state.datasets for key in body.get("datasets") or ()):
        errors["datasets"] = ["Unknown dataset"]
    if any(key not in state.contacts for key in body.get("contact_points") or ()):
        errors["contact_points"] = ["Wrong contact point id or contact point ownership mismatch"]
    if "title" in body and not body["title"]:
        errors["title"] = ["This field is required."]
    if errors:
        refuse(400, message="Validation error", errors=errors)


def check_resource(body: dict[str, Any]) -> None:
    errors: dict[str, Any] = {name: ["This field is required."] for name in ("title", "url") if not body.get(name)}
    if body.get("type") not in KINDS or body.get("filetype") not in {"file", "remote"}:
        errors["type"] = ["Not a valid choice"]
    if not re.match(r"https?://", body.get("url", "")):
        errors["url"] = ["Invalid URL"]
    if body.get("checksum", {"type": "sha256"})["type"] not in {"sha1", "sha2", "sha256", "md5", "crc"}:
        errors["checksum"] = ["Not a valid choice"]
    if schema := body.get("schema"):
        if "name" in schema and schema["name"] not in SCHEMAS:
            errors["schema"] = {"name": ["is not an allowed value"]}
        elif "name" in schema and schema.get("version") not in {None, *SCHEMAS[schema["name"]]}:
            errors["schema"] = {"version": ["is not an allowed version"]}
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

    def do_PATCH(self) -> None:
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
        if state.pace and len(state.requests) % (state.pace + 1) == 0:
            return self._answer(429, {"Retry-After": state.retry_after}, b"{}")
        try:
            status, facts = self._route(state, json.loads(body) if body else None)
        except Stop as stop:
            status, facts = stop.args
        if self.command in state.lost:
            state.lost.remove(self.command)
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
        key = self.headers.get("X-API-KEY")
        if key != API_KEY and (key or self.command != "GET" or parts.path == "/api/1/me/"):
            refuse(401, message="Invalid API token")
        if body is not None and self.headers["Content-Type"] != "application/json":
            refuse(400, errors={"Content-Type": "expecting application/json"})
        if parts.path == "/api/1/me/":
            organisations = [{"id": ORGANISATION, "slug": SLUG, "name": "Grigny"}] if state.member else []
            return 200, {"id": "u", "organizations": organisations}
        if parts.path == "/api/1/contacts/":
            return self._contact(state, body)
        if parts.path == "/api/1/datasets/" and self.command == "GET":
            return 200, self._page(state, parse_qs(parts.query))
        if parts.path == "/api/1/datasets/":
            return 201, self._create(state, body)
        if parts.path.startswith("/api/1/dataservices/"):
            return self._service(state, parts.path.removeprefix("/api/1/dataservices/").strip("/"), body)
        match = re.fullmatch(r"/api/1/datasets/([\w-]+)/(?:resources/(?:([\w-]+)/)?)?", parts.path)
        if match is None:
            refuse(404, message="Not found")
        dataset = state.datasets.get(match[1]) or refuse(404, message="Not found")
        if dataset["title"] in state.broken:
            refuse(500, message="Internal error")
        if "/resources/" in parts.path:
            return self._resource(state, dataset, match[2], body)
        return self._dataset(state, dataset, body)

    def _dataset(self, state: State, dataset: dict[str, Any], body: Any) -> tuple[int, Any]:
        is_member = self.headers.get("X-API-KEY") == API_KEY and state.member
        if self.command == "GET":
            if dataset["deleted"] and not is_member:
                refuse(410, message="Dataset has been deleted")
            if dataset["private"] and not is_member:
                refuse(404, message="Not found")
            return 200, dataset
        if dataset["deleted"] and not (body and body.get("deleted", True) is None):
            refuse(410, message="Dataset has been deleted")
        if not state.may_edit:
            refuse(403, message="You do not have the permission to modify that object.")
        if self.command == "DELETE":
            dataset["deleted"] = "2026-11-30T10:00:00+00:00"
            return 204, None
        check_card(body, state)
        if "deleted" in body:
            dataset["deleted"] = body["deleted"]
        dataset.update(saved_card(body, state, dataset))
        return 200, dataset

    def _service(self, state: State, key: str, body: Any) -> tuple[int, Any]:
        """Services are changed field by field, shown without the list of their datasets, and told deleted by a date."""
        is_member = self.headers.get("X-API-KEY") == API_KEY and state.member
        if not key and self.command == "GET":
            query = parse_qs(urlsplit(self.path).query)
            number, size = int(query["page"][0]), int(query["page_size"][0])
            rows = list(state.services.values())[::-1]
            rows = [self._shown(row) for row in rows if row["organization"]["id"] == query["organization"][0]]
            if not is_member:
                rows = [row for row in rows if not (row["deleted_at"] or row["private"] or row["archived_at"])]
            more = f"{self.server.url}/?page={number + 1}" if len(rows) > number * size else None
            return 200, {"data": rows[(number - 1) * size : number * size], "next_page": more}
        if not key:
            if body["title"] in state.broken:
                refuse(500, message="Internal error")
            if body.get("organization") != ORGANISATION or not state.member:
                refuse(400, errors={"organization": ["Permission denied for this organization"]})
            check_service(body, state)
            identifier = state.identifier("5e{:022x}")
            page = f"{self.server.url}/dataservices/{identifier}/"
            facts = {"id": identifier, "self_web_url": page, "harvest": None, "organization": {"id": ORGANISATION}}
            state.services[identifier] = {**SERVICE, **facts, "title": body["title"]}
            self._write_service(state, state.services[identifier], body)
            return 201, self._shown(state.services[identifier])
        service = state.services.get(key) or refuse(404, message="Not found")
        if service["title"] in state.broken:
            refuse(500, message="Internal error")
        if self.command == "GET":
            if service["deleted_at"] and not is_member:
                refuse(410, message="Dataservice has been deleted")
            if service["private"] and not is_member:
                refuse(404, message="Not found")
            return 200, self._shown(service)
        if self.command == "PUT":
            refuse(405, message="Method not allowed")
        if service["deleted_at"] and not (body and body.get("deleted_at", True) is None):
            refuse(410, message="dataservice has been deleted")
        if not state.may_edit:
            refuse(403, message="You do not have the permission to modify that object.")
        if self.command == "DELETE":
            service["deleted_at"] = "2026-11-30T10:00:00+00:00"
            return 204, None
        check_service(body, state)
        self._write_service(state, service, body)
        return 200, self._shown(service)

    def _write_service(self, state: State, service: dict[str, Any], body: dict[str, Any]) -> None:
        service.update({name: value for name, value in body.items() if name in SERVICE or name == "title"})
        service["tags"] = sorted({slug(tag) for tag in service["tags"]})
        service["description"] = service["description"].strip()
        service["contact_points"] = [
            row if isinstance(row, dict) else state.contacts[row] for row in service["contact_points"]
        ]

    def _shown(self, service: dict[str, Any]) -> dict[str, Any]:
        href = f"{self.server.url}/api/1/datasets/?dataservice={service['id']}"
        count = len(service["datasets"])
        return {**service, "datasets": {"rel": "subsection", "href": href, "type": "GET", "total": count}}

    def _contact(self, state: State, body: dict[str, Any]) -> tuple[int, Any]:
        if not body.get("name") or "://" in body["name"] or "@" not in body.get("email", ""):
            refuse(400, errors={"email": ["not an email"]})
        facts = {"name": body["name"], "email": body["email"], "role": body["role"]}
        same = next((row for row in state.contacts.values() if facts.items() <= row.items()), None)
        if same is None:
            same = {**facts, "id": state.identifier("7c{:022x}")}
            state.contacts[same["id"]] = same
        return 201, same

    def _page(self, state: State, query: dict[str, list[str]]) -> dict[str, Any]:
        if "dataservice" in query:
            return {"data": [{"id": key} for key in state.services[query["dataservice"][0]]["datasets"]]}
        number, size = int(query["page"][0]), int(query["page_size"][0])
        rows = [row for row in state.datasets.values() if row["organization"]["id"] == query["organization"][0]]
        if self.headers.get("X-API-KEY") != API_KEY or not state.member:
            rows = [row for row in rows if not (row["deleted"] or row["private"] or row["archived"])]
        rows = rows[::-1]
        more = f"{self.server.url}/api/1/datasets/?page={number + 1}" if len(rows) > number * size else None
        return {"data": rows[(number - 1) * size : number * size], "next_page": more}

    def _create(self, state: State, body: dict[str, Any]) -> dict[str, Any]:
        if body["title"] in state.broken:
            refuse(500, message="Internal error")
        check_card(body, state)
        if body.get("organization") != ORGANISATION or not state.member:
            refuse(400, errors={"organization": ["Permission denied for this organization"]})
        identifier = state.identifier("6b{:022x}")
        page = f"{self.server.url}/datasets/{identifier}/"
        facts = {"deleted": None, "resources": [], "id": identifier, "page": page, "harvest": None}
        state.datasets[identifier] = {**saved_card(body, state), **facts, "organization": {"id": ORGANISATION}}
        return state.datasets[identifier]

    def _resource(self, state: State, dataset: dict[str, Any], key: str | None, body: Any) -> tuple[int, Any]:
        rows = dataset["resources"]
        if dataset["deleted"]:
            refuse(410, message="Dataset has been deleted")
        if not state.may_edit:
            refuse(403, message="You do not have the permission to modify that object.")
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
