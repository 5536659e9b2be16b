"""The API 0.6 of OpenStreetMap, as far as Parvis needs it: objects read, changesets sent, notes written.

Nothing leaves unless the instance says so (``PARVIS_OSM_API``). Each request is made once: what may have been received is never sent
again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from parvis.core.errors import ParvisError
from parvis.core.fetching import Posted, send
from parvis.core.osm.edits import Edit, changeset_xml, osm_change
from parvis.core.osm.model import TYPES
from parvis.core.text import seen_text
from parvis.domains.osm.rules import OsmClosed, OsmConflict, OsmRefused, OsmUncertain, SignInAgain

MOST_ANSWER = 2_000_000


@dataclass(frozen=True, slots=True)
class Thing:
    """An object as it is there now; ``nodes`` are those of a way, ``place`` that of a node."""

    key: str
    version: int
    tags: Mapping[str, str]
    place: tuple[float, float] | None = None
    nodes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A note that is open."""

    number: int
    text: str


def is_open() -> bool:
    """Whether this portal sends anything to OpenStreetMap."""
    return bool(settings.PARVIS["PARVIS_OSM_API"] and settings.PARVIS["PARVIS_OSM_CLIENT_ID"])


def thing_at(key: str) -> Thing | None:
    """An object as it is now; None when it was deleted. Relations are none of our business."""
    answer = _asked("GET", f"/api/0.6/{TYPES[key[0]]}/{key[1:]}.json")
    if answer.status in (404, 410):
        return None
    (element,) = _json(answer)["elements"]
    place = (float(element["lon"]), float(element["lat"])) if key[0] == "n" else None
    tags = {str(name): str(value) for name, value in element.get("tags", {}).items()}
    return Thing(key, int(element["version"]), tags, place, tuple(int(node) for node in element.get("nodes", ())))


def is_part_of_way(key: str) -> bool:
    """Whether a node is one of those that some line is made of."""
    return bool(_json(_asked("GET", f"/api/0.6/node/{key[1:]}/ways.json")).get("elements"))


def keys_near(longitude: float, latitude: float, metres: float, fits: Callable[[Mapping[str, str]], bool]) -> list[str]:
    """The objects in a small box around a place whose tags ``fits``, as they are now."""
    north = metres / 111_195
    east = north / max(cos(radians(latitude)), 0.01)
    box = f"{longitude - east:.6f},{latitude - north:.6f},{longitude + east:.6f},{latitude + north:.6f}"
    elements = _json(_asked("GET", f"/api/0.6/map.json?bbox={box}")).get("elements", [])
    return [f"{row['type'][0]}{row['id']}" for row in elements if fits(row.get("tags", {}))]


def display_name(token: str) -> tuple[str, frozenset[str]]:
    """What the account is called, and what it allows this portal to do; SignInAgain for a token that is refused."""
    permissions = _json(_asked("GET", "/api/0.6/permissions.json", token=token)).get("permissions", [])
    user = _json(_asked("GET", "/api/0.6/user/details.json", token=token))["user"]
    return seen_text(str(user["display_name"]))[:100], frozenset(str(name) for name in permissions)


def open_changeset(token: str, tags: Mapping[str, str]) -> int:
    """A new changeset."""
    answer = _asked("PUT", "/api/0.6/changeset/create", changeset_xml(tags), token=token)
    _require_done(answer)
    return int(answer.body)


def upload(token: str, changeset: int, edits: Sequence[Edit]) -> None:
    """Send the edits, all or none; OsmConflict when an object has another version, OsmUncertain when no answer came."""
    try:
        answer = _asked("POST", f"/api/0.6/changeset/{changeset}/upload", osm_change(edits, changeset), token=token)
    except ParvisError as error:
        if isinstance(error, SignInAgain):
            raise
        raise OsmUncertain(changeset=changeset) from error
    if answer.status in (404, 409, 410, 412):
        raise OsmConflict(what=seen_text(answer.body.decode("utf-8", "replace"))[:200])
    if answer.status >= 500:
        raise OsmUncertain(changeset=changeset)
    _require_done(answer)


def close_changeset(token: str, changeset: int) -> None:
    """Say that nothing more comes; without it the server closes it by itself within the hour."""
    _require_done(_asked("PUT", f"/api/0.6/changeset/{changeset}/close", b"", token=token))


def changes_in(changeset: int) -> tuple[int, bool]:
    """How many changes a changeset has, and whether it is still open; none and closed for one that is not there."""
    answer = _asked("GET", f"/api/0.6/changeset/{changeset}.json")
    if answer.status in (404, 410):
        return 0, False
    facts = _json(answer)
    (row,) = [facts["changeset"]] if "changeset" in facts else facts["elements"]  # as answered since 2024, and before
    return int(row.get("changes_count", 0)), bool(row.get("open"))


def notes_near(longitude: float, latitude: float, degrees: float) -> list[Note]:
    """The notes that are open in a box around a place."""
    box = f"{longitude - degrees:.6f},{latitude - degrees:.6f},{longitude + degrees:.6f},{latitude + degrees:.6f}"
    rows = _json(_asked("GET", f"/api/0.6/notes.json?{urlencode({'bbox': box, 'closed': 0, 'limit': 20})}")).get(
        "features", []
    )
    return [_note(row["properties"]) for row in rows]


def write_note(token: str, longitude: float, latitude: float, text: str) -> int:
    """A new note, in the name of the account."""
    body = urlencode({"lat": f"{latitude:.7f}", "lon": f"{longitude:.7f}", "text": text})
    answer = _asked("POST", f"/api/0.6/notes.json?{body}", b"", token=token)
    _require_done(answer)
    return int(_json(answer)["properties"]["id"])


def _note(facts: Mapping[str, Any]) -> Note:
    comments = facts.get("comments") or [{}]
    return Note(int(facts["id"]), seen_text(str(comments[0].get("text", "")))[:500])


def _asked(method: str, path: str, body: bytes | None = None, *, token: str = "") -> Posted:
    if not is_open():
        raise OsmClosed
    headers = {"Accept": "*/*"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if body is not None:
        headers["Content-Type"] = "text/xml; charset=utf-8"
    address = f"{settings.PARVIS['PARVIS_OSM_API']}{path}"
    answer = send(method, address, body, headers, max_bytes=MOST_ANSWER)
    if answer.status in (401, 403):
        raise SignInAgain
    return answer


def _require_done(answer: Posted) -> None:
    if answer.status != 200:
        reason = seen_text(answer.body.decode("utf-8", "replace"))[:300] or "—"
        raise OsmRefused(status=answer.status, reason=reason)


def _json(answer: Posted) -> dict[str, Any]:
    _require_done(answer)
    try:
        facts = json.loads(answer.body)
    except ValueError as error:
        raise OsmRefused(status=answer.status, reason="JSON") from error
    return facts if isinstance(facts, dict) else {}
