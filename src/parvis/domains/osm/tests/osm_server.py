"""A server that speaks the API 0.6 of OpenStreetMap and its OAuth 2, from their public descriptions, on this machine alone.

It reads what it receives with osmium, refuses what the real one would (versions, scopes, closed changesets), and applies a changeset
whole or not at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree

import osmium

CLIENT = "parvis-essai"
ALLOWED = ("read_prefs", "write_api", "write_notes")


@dataclass
class State:
    """All that the server knows, and what it was asked."""

    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    changesets: dict[int, dict[str, Any]] = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    requests: list[tuple[str, str]] = field(default_factory=list)
    drop_upload: bool = False
    """Apply the next upload and hang up without an answer."""
    lose_upload: bool = False
    """Hang up on the next upload, and do nothing with it."""
    scopes: tuple[str, ...] = ALLOWED

    def put(self, key: str, tags: dict[str, str], place=None, nodes=(), version: int = 1) -> None:
        """Have an object there."""
        self.things[key] = {"version": version, "tags": dict(tags), "place": place, "nodes": list(nodes)}


class Refused(Exception):
    """A status and why."""


def apply(state: State, number: int, body: bytes) -> None:
    """Read the changes with osmium and make them, all or none."""
    changeset = state.changesets.get(number)
    if changeset is None or not changeset["open"]:
        raise Refused(409, f"The changeset {number} was closed")
    things, new = {key: dict(value) for key, value in state.things.items()}, []
    root = ElementTree.fromstring(body)
    assert {block.tag for block in root} <= {"create", "modify"}, "nothing is ever deleted"
    for thing in osmium.FileProcessor(osmium.io.FileBuffer(body, "osc")):
        assert thing.changeset == number
        key, tags = f"{thing.type_str()}{thing.id}", dict(thing.tags)
        assert all(0 < len(value) <= 255 for value in tags.values())
        place = (thing.location.lon, thing.location.lat) if thing.is_node() else None
        nodes = [node.ref for node in thing.nodes] if thing.is_way() else []
        if thing.id < 0:
            assert thing.version == 0
            key = f"n{7_000 + len(things)}"
            new.append(key)
        else:
            present = things.get(key)
            if present is None:
                raise Refused(410, f"{key} has been deleted")
            if thing.version != present["version"]:
                raise Refused(
                    409, f"Version mismatch: Provided {thing.version}, server had: {present['version']} of {key}"
                )
        version = things[key]["version"] + 1 if key in things else 1
        things[key] = {"version": version, "tags": tags, "place": place, "nodes": nodes}
    changeset["changed"] = sorted(key for key in things if things[key] != state.things.get(key))
    state.things = things


class Handler(BaseHTTPRequestHandler):
    """The addresses that Parvis asks."""

    server: Server

    def log_message(self, *_args: Any) -> None:
        """Nothing."""

    def handle_one(self) -> None:
        """Answer, or say why not."""
        state, parts = self.server.state, urlsplit(self.path)
        state.requests.append((self.command, parts.path))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self._route(state, parts.path, parse_qs(parts.query), body)
        except Refused as refusal:
            status, reason = refusal.args
            self._answer(status, reason.encode())

    do_GET = do_POST = do_PUT = handle_one  # noqa: N815 - the names that the library calls

    def _route(self, state: State, path: str, query: dict[str, list[str]], body: bytes) -> None:
        match path.strip("/").split("/"):
            case ["oauth2", "authorize"]:
                self._authorize(state, query)
            case ["oauth2", "token"]:
                self._token(state, parse_qs(body.decode()))
            case ["api", "0.6", "permissions.json"]:
                self._signed(state)
                self._json({"permissions": [f"allow_{name}" for name in state.scopes]})
            case ["api", "0.6", "user", "details.json"]:
                self._signed(state, "read_prefs")
                self._json({"user": {"id": 1, "display_name": "Cartographe d’essai"}})
            case ["api", "0.6", "changeset", "create"]:
                self._signed(state, "write_api")
                tags = {tag.get("k"): tag.get("v") for tag in ElementTree.fromstring(body).iter("tag")}
                state.changesets[len(state.changesets) + 501] = {"tags": tags, "open": True, "changed": []}
                self._answer(200, str(max(state.changesets)).encode())
            case ["api", "0.6", "changeset", number, "upload"]:
                self._signed(state, "write_api")
                if state.lose_upload:
                    state.lose_upload = False
                    self.close_connection = True
                    return
                apply(state, int(number), body)
                if state.drop_upload:
                    state.drop_upload = False
                    self.close_connection = True
                    return
                self._answer(200, b'<diffResult version="0.6"/>', "text/xml")
            case ["api", "0.6", "changeset", number, "close"]:
                self._signed(state, "write_api")
                state.changesets[int(number)]["open"] = False
                self._answer(200, b"")
            case ["api", "0.6", "changeset", number] if number.removesuffix(".json").isdecimal():
                row = state.changesets.get(int(number.removesuffix(".json")))
                if row is None:
                    raise Refused(404, number)
                self._json({"changeset": {"open": row["open"], "changes_count": len(row["changed"])}})
            case ["api", "0.6", "notes.json"]:
                self._notes(state, query)
            case ["api", "0.6", "node", number, "ways.json"]:
                ways = [key for key, thing in state.things.items() if int(number) in thing["nodes"]]
                self._json({"elements": [{"type": "way", "id": int(key[1:])} for key in ways]})
            case ["api", "0.6", "map.json"]:
                self._map(state, query)
            case ["api", "0.6", kind, number] if kind in ("node", "way"):
                self._element(state, kind, number.removesuffix(".json"))
            case _:
                raise Refused(404, path)

    def _authorize(self, state: State, query: dict[str, list[str]]) -> None:
        facts = {name: values[0] for name, values in query.items()}
        assert (facts["client_id"], facts["response_type"], facts["code_challenge_method"]) == (CLIENT, "code", "S256")
        if "oui" not in facts:
            names = facts["scope"].replace(" ", ", ")
            form = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in facts.items())
            page = f"<!DOCTYPE html><title>Autoriser</title><p>Parvis : {names}</p><form>{form}<button name='oui' value='1'>Autoriser</button></form>"
            self._answer(200, page.encode(), "text/html; charset=utf-8")
            return
        code = f"code-{len(state.codes)}"
        state.codes[code] = facts
        self.send_response(302)
        self.send_header("Location", f"{facts['redirect_uri']}?{urlencode({'code': code, 'state': facts['state']})}")
        self.end_headers()

    def _token(self, state: State, form: dict[str, list[str]]) -> None:
        facts = {name: values[0] for name, values in form.items()}
        grant = state.codes.pop(facts.get("code", ""), None)
        digest = hashlib.sha256(facts.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        same = grant and challenge == grant["code_challenge"] and facts["redirect_uri"] == grant["redirect_uri"]
        if not same or facts.get("grant_type") != "authorization_code" or facts.get("client_id") != CLIENT:
            self._json({"error": "invalid_grant"}, 400)
            return
        token = f"jeton-{len(state.tokens)}"
        state.tokens.add(token)
        self._json({"access_token": token, "token_type": "Bearer", "scope": grant["scope"]})

    def _signed(self, state: State, scope: str = "") -> None:
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in state.tokens:
            raise Refused(401, "Couldn't authenticate you")
        if scope and scope not in state.scopes:
            raise Refused(403, "The request requires higher privileges")

    def _notes(self, state: State, query: dict[str, list[str]]) -> None:
        if self.command == "GET":
            west, south, east, north = map(float, query["bbox"][0].split(","))
            rows = [row for row in state.notes if west <= row["lon"] <= east and south <= row["lat"] <= north]
            features = [{"properties": {"id": row["id"], "comments": [{"text": row["text"]}]}} for row in rows]
            self._json({"type": "FeatureCollection", "features": features})
            return
        self._signed(state, "write_notes")
        lon, lat, text = float(query["lon"][0]), float(query["lat"][0]), query["text"][0]
        state.notes.append({"id": 901 + len(state.notes), "lon": lon, "lat": lat, "text": text})
        self._json({"type": "Feature", "properties": {"id": state.notes[-1]["id"]}})

    def _map(self, state: State, query: dict[str, list[str]]) -> None:
        west, south, east, north = map(float, query["bbox"][0].split(","))
        assert (east - west) * (north - south) < 1e-6, "no more than a few metres are asked"
        rows = [(key, thing) for key, thing in state.things.items() if thing["place"]]
        within = [row for row in rows if west <= row[1]["place"][0] <= east and south <= row[1]["place"][1] <= north]
        self._json({"elements": [{"type": "node", "id": int(key[1:]), "tags": thing["tags"]} for key, thing in within]})

    def _element(self, state: State, kind: str, number: str) -> None:
        thing = state.things.get(f"{kind[0]}{number}")
        if thing is None:
            raise Refused(410, "gone")
        facts = {"type": kind, "id": int(number), "version": thing["version"], "tags": thing["tags"]}
        if thing["place"]:
            facts |= {"lon": thing["place"][0], "lat": thing["place"][1]}
        else:
            facts["nodes"] = thing["nodes"]
        self._json({"version": "0.6", "elements": [facts]})

    def _json(self, facts: dict[str, Any], status: int = 200) -> None:
        self._answer(status, json.dumps(facts).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


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
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
