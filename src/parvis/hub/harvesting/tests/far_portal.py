"""A portal of datasets of every type, held row by row: what it serves is computed here, and so is what a test expects of a move."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import secrets
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from parvis.hub.harvesting.tests.catalogue_server import Portal, dataset, reply

API = "/api/explore/v2.1/catalog/datasets"
KEY = "Apikey cle-du-portail"

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)

FIELDS = [
    {
        "name": "code",
        "label": "Code INSEE",
        "type": "text",
        "description": "Cinq signes",
        "annotations": {"facet": True},
    },
    {"name": "nombre", "label": "Nombre", "type": "int", "annotations": {"facet": True, "sortable": True}},
    {"name": "part", "label": "Part", "type": "double", "annotations": {"unit": "%", "decimals": 2}},
    {"name": "ouvert", "label": "Ouvert", "type": "boolean", "annotations": {}},
    {"name": "jour", "label": "Jour", "type": "date", "annotations": {}},
    {"name": "annee", "label": "Année", "type": "date", "annotations": {"timeserie_precision": "year"}},
    {"name": "instant", "label": "Instant", "type": "datetime", "annotations": {}},
    {"name": "mots", "label": "Mots", "type": "text", "annotations": {"facet": True, "multivalued": ","}},
    {"name": "chemin", "label": "Chemin", "type": "text", "annotations": {"facet": True, "hierarchical": "/"}},
    {"name": "lieu", "label": "Lieu", "type": "geo_point_2d", "annotations": {}},
    {"name": "forme", "label": "Forme", "type": "geo_shape", "annotations": {}},
    {"name": "photo", "label": "Photo", "type": "file", "annotations": {}},
    {"name": "objet", "label": "Objet", "type": "json_blob", "annotations": {}},
]
"""A field of each type, annotated as portals annotate them."""


def rows(count: int = 6) -> list[dict[str, Any]]:
    """Rows that a guess would spoil: codes that look like numbers, lists with commas, words that look like no value."""
    shape = {"type": "Polygon", "coordinates": [[[2.1, 48.2], [3.3, 48.2], [3.3, 49.1], [2.1, 48.2]]]}
    return [
        {
            "code": ["01001", "NA", " 1 ", "1e5", "n/a", None][n % 6],
            "nombre": [9007199254740993, -1, 0, None][n % 4],
            "part": [0.1, 1e300, -0.0, 12.345678901234567, None][n % 5],
            "ouvert": [True, False, None][n % 3],
            "jour": ["0999-01-01", "2024-02-29", None][n % 3],
            "annee": ["1978", "2024", None][n % 3],
            "instant": ["1969-12-31T23:59:59+00:00", "2021-06-23T07:50:20.642000+00:00", None][n % 3],
            "mots": [["vélo", "piéton"], ["un, deux"], [], None][n % 4],
            "chemin": ["Europe/Paris", "Europe", None][n % 3],
            "lieu": [{"lon": 4.50083, "lat": 46.7306}, {"lon": -180.0, "lat": 90.0}, None][n % 3],
            "forme": [{"type": "Feature", "geometry": shape, "properties": {}}, None][n % 2],
            "photo": None,
            "objet": ['{"a": [1, 2]}', "pas du JSON", None][n % 3],
        }
        for n in range(count)
    ]


class FarPortal:
    """The datasets of a portal behind a ``Portal``: add one, change its rows, close it to who has no key."""

    def __init__(self, portal: Portal) -> None:
        self.portal, self.tables = portal, dict[str, list[dict[str, Any]]]()
        self.files: dict[str, bytes] = {}
        self.formats: set[str] = {"jsonl", "csv", "json"}
        self.refusal = 404
        """What is answered for the other formats."""
        self.secret: set[str] = set()
        self.groups: dict[str, list[dict[str, Any]]] = {}
        self.narrow: dict[str, int] = {}
        """How many rows of a dataset are shown to who has no key."""
        self.cut: Callable[[str], bool] = lambda path: False
        self.salt = secrets.token_hex(8)
        """Each portal has permanent identifiers of its own: files of a former test are still in the store of the next."""

    def add(
        self, name: str, table: list[dict[str, Any]] | None = None, uid: str = "", **changes: Any
    ) -> dict[str, Any]:
        """A dataset with these rows, or those of ``rows``; its object, to be changed at will."""
        self.tables[name] = rows() if table is None else table
        row = dataset(name, records_count=len(self.tables[name]), **changes)
        row |= {"dataset_uid": uid or self.uid_of(name), "fields": FIELDS, "data_visible": True}
        row |= {"attachments": [], "alternative_exports": []}
        row["metas"]["custom"] = {"service": "Voirie"}
        row["metas"]["inspire"] = {"theme": "Transport networks"}
        self.portal.datasets.append(row)
        for path in ("", "/facets", *(f"/exports/{name_of}" for name_of in ("jsonl", "json", "csv")), "/records"):
            self.portal.answers[f"{API}/{name}{path}"] = self._answering(name, path)
        return row

    def uid_of(self, name: str) -> str:
        """The permanent identifier of a dataset, the same for as long as the portal is there."""
        digest = hashlib.sha256((self.salt + name).encode()).digest()
        return f"da_{base64.b32encode(digest).decode().lower()[:6]}"

    def aggregated(self, name: str, table: list[dict[str, Any]], query: dict[str, list[str]]) -> bytes:
        """How many rows there are, and those of an aggregation that a test computes, else a page of them."""
        total = min(len(table), int(query.get("shown", ["1000000000"])[0]))
        offset, limit = (int(query.get(word, ["0"])[0]) for word in ("offset", "limit"))
        page = [] if "select" in query else table[:total][offset : offset + limit]
        return json.dumps({"total_count": total, "results": self.groups.get(name, page)}).encode()

    def refusing(self, status: int) -> Callable[[BaseHTTPRequestHandler], None]:
        """An address that says no."""
        return lambda handler: reply(handler, b'{"error_code": "ForbiddenAccess"}', status)

    def attach(self, row: dict[str, Any], identifier: str, title: str, body: bytes, kind: str = "attachments") -> None:
        """A document of a dataset, at an address of the portal."""
        path = f"{API}/{row['dataset_id']}/{kind}/{identifier}"
        self.files[path] = body
        url = f"{self.portal.address}{path}"
        row[kind].append({"id": identifier, "title": title, "mimetype": "application/octet-stream", "url": url})
        self.serve(path, body)

    def picture(self, name: str, identifier: str, body: bytes = PNG) -> dict[str, Any]:
        """A file that a row names."""
        path = f"{API}/{name}/files/{identifier}"
        self.serve(path, body)
        return {
            "id": identifier,
            "filename": "photo.png",
            "mimetype": "image/png",
            "format": "PNG",
            "etag": "1",
            "url": f"{self.portal.address}{path}",
        }

    def serve(self, path: str, body: bytes) -> None:
        """Bytes at a path."""
        self.files[path] = body
        self.portal.answers[path] = lambda handler: self._send(handler, path, self.files[path])

    def _send(self, handler: BaseHTTPRequestHandler, path: str, body: bytes, **headers: str) -> None:
        if self.cut(path):  # the network drops in the middle
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body) + 1000))
            handler.end_headers()
            handler.wfile.write(body[: len(body) // 2])
            handler.close_connection = True
            return
        reply(handler, body, **headers)

    def _answering(self, name: str, path: str) -> Callable[[BaseHTTPRequestHandler], None]:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            if name in self.secret and handler.headers.get("Authorization") != KEY:
                reply(handler, b'{"error_code": "ForbiddenAccess"}', 403)
            elif path.startswith("/exports/") and path.rpartition("/")[2] not in self.formats:
                reply(handler, b'{"error_code": "NotFoundURI"}', self.refusal)
            else:
                query = parse_qs(urlsplit(handler.path).query)
                if handler.headers.get("Authorization") != KEY:
                    query["shown"] = [str(self.narrow.get(name, 10**9))]
                body = self._body(name, path, query)
                self._send(handler, f"{API}/{name}{path}", body, Content_Type="application/json")

        return answer

    def _body(self, name: str, path: str, query: dict[str, list[str]]) -> bytes:
        table = self.tables[name]
        row = next(row for row in self.portal.datasets if row["dataset_id"] == name)
        if path == "":
            usage = {"download_count": 12, "api_call_count": 345}
            return json.dumps({**row, "metas": {**row["metas"], "explore": usage}}).encode()
        if path == "/facets":
            return json.dumps(
                {"links": [], "facets": [facet_of(name_of, table) for name_of in query["facet"]]}
            ).encode()
        if path == "/records":
            return self.aggregated(name, table, query)
        if path == "/exports/json":
            return json.dumps(table).encode()
        if path == "/exports/jsonl":
            return "".join(f"{json.dumps(part, ensure_ascii=False)}\n" for part in table).encode()
        return csv_of(table, [field["name"] for field in row["fields"]]).encode()


def facet_of(name: str, table: list[dict[str, Any]]) -> dict[str, Any]:
    """The counts of the values of a facet."""
    counts = Counter[str]()
    for row in table:
        value = row.get(name)
        counts.update(set(value) if isinstance(value, list) else [] if value in (None, "") else [value])
    return {
        "name": name,
        "facets": [{"name": value, "value": value, "count": n, "state": "displayed"} for value, n in counts.items()],
    }


def csv_of(table: list[dict[str, Any]], names: list[str]) -> str:
    """The CSV of a portal (specification, sections 6 and 9)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(names)
    for row in table:
        writer.writerow([_cell(row.get(name)) for name in names])
    return "\ufeff" + buffer.getvalue()


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case list():
            return ",".join(value)
        case {"lon": lon, "lat": lat}:
            return f"{lat}, {lon}"
        case {"geometry": geometry}:
            return json.dumps(geometry)
        case {"filename": name}:
            return str(name)
        case _:
            return str(value)
