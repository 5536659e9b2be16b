"""A CKAN, a udata and a Data Fair on the machine of the tests, written after what the real ones answer; each lies on demand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from parvis.hub.harvesting.tests.catalogue_server import Portal, reply

KEY = "cle-du-portail"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
VILLES = "commune;habitants;revenu;jour\nÉvry;66919;12,5;01/02/2024\nCorbeil;52000;7,25;29/02/2024\n"
LATIN = "rue;numéro\nAllée des Chênes;12\nImpasse du Château;7\n".encode("cp1252")
GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [2.4, 48.6]},
                "properties": {"nom": "Gare"},
            },
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [2.5, 48.7]},
                "properties": {"nom": "Mairie"},
            },
        ],
    }
).encode()

type Query = dict[str, list[str]]


class Server:
    """What the three share: JSON at paths, files, requests that are refused a number of times, answers that are cut."""

    header = ""

    def __init__(self, portal: Portal) -> None:
        self.portal, self.root = portal, portal.address
        self.files: dict[str, bytes] = {}
        self.busy: dict[str, int] = {}
        self.cut: dict[str, int] = {}
        self.json_at("/api/explore/v2.1/catalog/datasets", lambda query, key: 404)

    def json_at(self, path: str, answer: Callable[[Query, bool], Any], *, kind: str = "application/json") -> None:
        """An answer computed of the question and of whether the key was shown; a number is a status."""

        def handle(handler: BaseHTTPRequestHandler) -> None:
            has_key = handler.headers.get(self.header) == KEY
            self._give(handler, path, answer(parse_qs(urlsplit(handler.path).query), has_key), kind)

        self.portal.answers[path] = handle

    def serve(self, path: str, body: bytes) -> str:
        """A file; its address."""
        self.files[path] = body
        self.portal.answers[path] = lambda handler: self._give(
            handler, path, self.files[path], "application/octet-stream"
        )
        return f"{self.root}{path}"

    def _give(self, handler: BaseHTTPRequestHandler, path: str, value: Any, kind: str) -> None:
        if self.busy.get(path, 0) > 0:
            self.busy[path] -= 1
            reply(handler, b"slower", 429, Retry_After="1")
            return
        if isinstance(value, int):
            reply(handler, b'{"success": false, "error": {"message": "Access denied"}, "message": "no"}', value)
            return
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        if self.cut.get(path, 0) > 0:
            self.cut[path] -= 1
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body) + 1000))
            handler.end_headers()
            handler.wfile.write(body[: len(body) // 2])
            handler.close_connection = True
            return
        reply(handler, body, Content_Type=kind)


class FarCkan(Server):
    """Packages, their DataStore, their uploads."""

    header = "Authorization"

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        self.packages: list[dict[str, Any]] = []
        self.tables: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {}
        self.vanishing: list[str] = []
        self.json_at("/api/3/action/package_search", self._search)
        self.json_at("/api/3/action/package_show", self._show)
        self.json_at("/api/3/action/datastore_search", self._datastore)
        self.most = 2  # rows of one page, fewer than are asked

    def add(self, name: str, **changes: Any) -> dict[str, Any]:
        """A package without resources."""
        package = {
            "id": f"id-{name}",
            "name": name,
            "title": f"Jeu {name}",
            "notes": "Des **données** de la ville, voir [la notice](https://evry.example/n).\n\nDeuxième paragraphe.",
            "license_id": "lov2",
            "license_title": "Licence Ouverte 2.0",
            "organization": {"id": "o1", "name": "evry", "title": "Ville d’Évry"},
            "private": False,
            "state": "active",
            "metadata_created": "2020-01-01T00:00:00.000000",
            "metadata_modified": "2026-01-01T00:00:00.000000",
            "tags": [{"name": "ville", "display_name": "ville"}],
            "groups": [{"name": "transports", "title": "Transports"}],
            "extras": [{"key": "frequency", "value": "annual"}, {"key": "service", "value": "Voirie"}],
            "resources": [],
            "tracking_summary": {"total": 41, "recent": 3},
            **changes,
        }
        self.packages.append(package)
        return package

    def resource(self, package: dict[str, Any], name: str, body: bytes | None, **changes: Any) -> dict[str, Any]:
        """An uploaded file, or a link when there is no body."""
        identifier = f"r-{package['name']}-{len(package['resources'])}"
        path = f"/dataset/{package['id']}/resource/{identifier}/download/{name}"
        row = {
            "id": identifier,
            "name": name,
            "format": name.rpartition(".")[2].upper(),
            "url": self.serve(path, body) if body is not None else "https://evry.example/page",
            "url_type": "upload" if body is not None else "",
            "last_modified": "2026-01-01T00:00:00",
            "state": "active",
            **changes,
        }
        package["resources"].append(row)
        return row

    def table(self, row: dict[str, Any], fields: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
        """The same resource in the DataStore."""
        row["datastore_active"] = True
        self.tables[row["id"]] = (fields, rows)
        self.json_at(f"/datastore/dump/{row['id']}", lambda query, key: self._dump(row["id"]), kind="text/csv")

    def _visible(self, has_key: bool) -> list[dict[str, Any]]:
        return [package for package in self.packages if has_key or not package["private"]]

    def _search(self, query: Query, has_key: bool) -> Any:
        start, size = int(query.get("start", ["0"])[0]), int(query.get("rows", ["10"])[0])
        shown = sorted(self._visible(has_key), key=lambda row: row["id"])
        page = shown[start : start + min(size, 25)]
        if page and start and self.vanishing:
            gone = self.vanishing.pop()
            self.packages = [row for row in self.packages if row["name"] != gone]
        total = len(shown) if self.portal.total is None else self.portal.total
        return {"success": True, "result": {"count": total, "results": page}}

    def _show(self, query: Query, has_key: bool) -> Any:
        wanted_id = query["id"][0]
        package = next((row for row in self._visible(has_key) if wanted_id in (row["id"], row["name"])), None)
        return 404 if package is None else {"success": True, "result": package}

    def _datastore(self, query: Query, has_key: bool) -> Any:
        identifier = query["resource_id"][0]
        if identifier not in self.tables:
            return 404
        fields, rows = self.tables[identifier]
        offset, size = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["100"])[0])
        records = [{"_id": n + 1, **row} for n, row in enumerate(rows)][offset : offset + min(size, self.most)]
        described = [{"id": "_id", "type": "int"}, *fields]
        return {"success": True, "result": {"fields": described, "records": records, "total": len(rows), "limit": size}}

    def _dump(self, identifier: str) -> bytes:
        fields, rows = self.tables[identifier]
        names = ["_id", *(field["id"] for field in fields)]
        return _csv(names, [[n + 1, *(row.get(name) for name in names[1:])] for n, row in enumerate(rows)])


class FarUdata(Server):
    """Datasets by both versions of the API, the second with resources by pages."""

    header = "X-API-KEY"

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        self.datasets: list[dict[str, Any]] = []
        self.has_second = True
        self.json_at("/api/1/datasets/", self._list)

    def add(self, slug: str, **changes: Any) -> dict[str, Any]:
        """A dataset without resources."""
        identifier = f"{len(self.datasets):024x}"
        row = {
            "id": identifier,
            "slug": slug,
            "title": f"Jeu {slug}",
            "description": "Des *données* de la région.\n\n- une\n- deux",
            "license": "lov2",
            "frequency": "annual",
            "tags": ["région", "mobilité"],
            "organization": {"id": "5" * 24, "name": "Région Sud", "business_number_id": "23130002100012"},
            "page": f"{self.root}/fr/datasets/{slug}/",
            "private": False,
            "created_at": "2020-01-01T00:00:00+00:00",
            "last_update": "2026-01-01T00:00:00+00:00",
            "badges": [{"kind": "inspire"}],
            "extras": {"recordId": "fr-12"},
            "spatial": {"zones": ["fr:region:93"], "granularity": "fr:commune"},
            "metrics": {"views": 12, "followers": 3, "reuses": 2, "discussions": 1},
            "resources": [],
            "community_resources": [],
            **changes,
        }
        self.datasets.append(row)
        self.json_at(f"/api/1/datasets/{identifier}/", lambda query, key: row if key or not row["private"] else 404)
        self.json_at(f"/api/2/datasets/{identifier}/", lambda query, key: self._second(row, key))
        self.json_at(f"/api/2/datasets/{identifier}/resources/", lambda query, key: self._resources(row, query))
        return row

    def resource(self, row: dict[str, Any], name: str, body: bytes | None, **changes: Any) -> dict[str, Any]:
        """A file of the site, or a link."""
        identifier = f"00000000-0000-4000-8000-{len(self.files):012d}"
        url = self.serve(f"/resources/{row['slug']}/{name}", body) if body is not None else "https://ailleurs.example/"
        part = {
            "id": identifier,
            "title": name,
            "url": url,
            "latest": f"{self.root}/fr/datasets/r/{identifier}",
            "format": name.rpartition(".")[2] if body is not None else "html",
            "filetype": "file" if body is not None else "remote",
            "type": "main",
            "last_modified": "2026-01-01T00:00:00+00:00",
            **changes,
        }
        row["resources"].append(part)
        return part

    def _list(self, query: Query, has_key: bool) -> Any:
        page, size = int(query.get("page", ["1"])[0]), int(query.get("page_size", ["20"])[0])
        shown = [row for row in self.datasets if has_key or not row["private"]]
        start = (page - 1) * size
        more = f"{self.root}/api/1/datasets/?page={page + 1}&page_size={size}" if start + size < len(shown) else None
        return {"data": shown[start : start + size], "total": len(shown), "page": page, "next_page": more}

    def _second(self, row: dict[str, Any], has_key: bool) -> Any:
        if not self.has_second or (row["private"] and not has_key):
            return 404
        href = f"{self.root}/api/2/datasets/{row['id']}/resources/?page=1&page_size=2"
        return {**row, "resources": {"rel": "subsection", "href": href, "total": len(row["resources"])}}

    def _resources(self, row: dict[str, Any], query: Query) -> Any:
        page = int(query["page"][0])
        parts = row["resources"]
        more = f"{self.root}/api/2/datasets/{row['id']}/resources/?page={page + 1}&page_size=2"
        return {"data": parts[2 * page - 2 : 2 * page], "next_page": more if 2 * page < len(parts) else None}


class FarDataFair(Server):
    """Datasets of lines, of files, of nothing."""

    header = "x-apiKey"

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        self.api = "/data-fair/api/v1"
        self.datasets: list[dict[str, Any]] = []
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self.json_at(f"{self.api}/datasets", self._list)
        self.most = 3

    def add(
        self, identifier: str, schema: list[dict[str, Any]], lines: list[dict[str, Any]], **changes: Any
    ) -> dict[str, Any]:
        """A dataset with these lines."""
        calculated = [{"key": key, "type": "string", "x-calculated": True} for key in ("_id", "_i", "_rand")]
        row = {
            "id": identifier,
            "slug": f"{identifier}-slug",
            "title": f"Jeu {identifier}",
            "description": "Des **lignes** de l’agglo.",
            "license": {"title": "Licence Ouverte", "href": "https://www.etalab.gouv.fr/licence-ouverte-open-licence"},
            "owner": {"type": "organization", "id": "agglo", "name": "Agglo"},
            "topics": [{"id": "t", "title": "Mobilité"}],
            "keywords": ["bus"],
            "visibility": "public",
            "createdAt": "2020-01-01T00:00:00Z",
            "finalizedAt": "2026-01-01T00:00:00Z",
            "dataUpdatedAt": "2026-01-01T00:00:00Z",
            "count": len(lines),
            "schema": [*schema, *calculated],
            "attachments": [],
            "extras": {"rang": 4},
            **changes,
        }
        self.datasets.append(row)
        self.tables[identifier] = lines
        own = f"{self.api}/datasets/{identifier}"
        closed = lambda key: row["visibility"] != "public" and not key  # noqa: E731
        self.json_at(own, lambda query, key: 403 if closed(key) else row)
        self.json_at(f"{own}/schema", lambda query, key: 403 if closed(key) else row["schema"])
        self.json_at(f"{own}/lines", lambda query, key: 403 if closed(key) else self._lines(row, query))
        self.json_at(f"{own}/values_agg", lambda query, key: self._values(row, query))
        return row

    def attach(self, row: dict[str, Any], name: str, body: bytes) -> None:
        """A document of its card."""
        path = f"{self.api}/datasets/{row['id']}/metadata-attachments/{name}"
        row["attachments"].append({"type": "file", "name": name, "title": name, "url": self.serve(path, body)})

    def _list(self, query: Query, has_key: bool) -> Any:
        skip, size = int(query.get("skip", ["0"])[0]), int(query.get("size", ["12"])[0])
        shown = [row for row in self.datasets if has_key or row["visibility"] == "public"]
        return {"count": len(shown), "results": shown[skip : skip + size], "facets": {}}

    def _lines(self, row: dict[str, Any], query: Query) -> Any:
        table = self.tables[row["id"]]
        after = int(query.get("after", ["0"])[0])
        size = min(int(query.get("size", ["12"])[0]), self.most)
        keys = query["select"][0].split(",")
        page = [{"_id": f"l{n}", "_i": n, "_rand": 7 * n, **line} for n, line in enumerate(table)][after : after + size]
        if query.get("format") == ["csv"]:
            headers = {part["key"]: part.get("x-originalName") or part["key"] for part in row["schema"]}
            return _csv([headers[key] for key in keys], [[_flag(line.get(key)) for key in keys] for line in page])
        lines = [{key: line[key] for key in keys if line.get(key) is not None} for line in page]
        # A portal names itself as its settings do, which may be another address than the one it was reached at.
        further = f"https://opendata.example/data-fair{self.api.removeprefix('/data-fair')}/datasets/{row['id']}/lines"
        question = f"size={query['size'][0]}&select={','.join(keys)}&after={after + size}"
        more = {"next": f"{further}?{question}"} if len(page) == size else {}
        return {"total": len(table), **more, "results": lines}

    def _values(self, row: dict[str, Any], query: Query) -> Any:
        counts: dict[Any, int] = {}
        for line in self.tables[row["id"]]:
            value = line.get(unquote(query["field"][0]))
            if value is not None:
                counts[value] = counts.get(value, 0) + 1
        aggs = [{"value": value, "total": total, "results": []} for value, total in counts.items()]
        return {"total": len(self.tables[row["id"]]), "total_values": len(aggs), "total_other": 0, "aggs": aggs}


def _flag(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def _csv(names: list[str], rows: list[list[Any]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(names)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return ("\ufeff" + buffer.getvalue()).encode()
