"""A harvester as the specification describes one: everything once, then what changed since, by the lists alone."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.test import Client

from parvis.domains.deliberations.oparl.tests.specification import PROPERTIES, check


class Harvester:
    """What was harvested, by address; every answer is checked on the way."""

    def __init__(self, client: Client, limit: int = 0) -> None:
        self.client, self.limit = client, limit
        self.objects: dict[str, dict[str, Any]] = {}
        self.links: set[tuple[str, str]] = set()

    def get(self, address: str) -> Any:
        """An answer of the portal, which must be one."""
        base = settings.PARVIS["PARVIS_BASE_URL"]
        assert address.startswith(base), address
        response = self.client.get(address.removeprefix(base))
        assert response.status_code == 200, (address, response.status_code, response.content[:300])
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Content-Type"] == "application/json"
        return json.loads(response.content)

    def listed(self, address: str, kind: str, since: str = "") -> list[dict[str, Any]]:
        """All the pages of a list."""
        filters = [f"modified_since={quote(since)}"] if since else []
        filters += [f"limit={self.limit}"] if self.limit else []
        following: str | None = "?".join(filter(None, [address, "&".join(filters)]))
        rows: list[dict[str, Any]] = []
        pages: list[Any] = []
        while following:
            page = self.get(following)
            assert set(page) >= {"data", "pagination", "links"}
            assert page["links"].get("prev") == (pages[-1]["links"]["self"] if pages else None)
            assert all(address in link for link in page["links"].values())
            pages.append(page)
            rows += page["data"]
            following = page["links"].get("next")
        assert pages[-1]["links"]["last"] == pages[-1]["links"]["self"]
        assert len({page["pagination"]["elementsPerPage"] for page in pages}) == 1
        assert [page["pagination"]["currentPage"] for page in pages] == list(range(1, len(pages) + 1))
        assert pages[0]["pagination"]["totalPages"] == len(pages)
        assert pages[0]["pagination"]["totalElements"] == len(rows) == len({row["id"] for row in rows})
        assert since or not any("deleted" in row for row in rows)
        for row in rows:
            self.links.update(check(row, kind))
        return rows

    def harvest(self, since: str = "") -> Harvester:
        """Every list of every Body, from the System on; only what changed with ``since``."""
        system = self.get(f"{settings.PARVIS['PARVIS_BASE_URL']}/oparl/v1.1/system")
        self.links.update(check(system, "System"))
        bodies = self.listed(system["body"], "Body", since)
        self._keep(bodies)
        for body in [row for row in self.objects.values() if row["type"].endswith("/Body")]:
            self._lists_of(body, since)
        for body in bodies:
            if body.get("deleted"):
                self._lists_of(self.objects.pop(body["id"], {}), since)
        return self

    def _lists_of(self, body: dict[str, Any], since: str) -> None:
        for name, kind in PROPERTIES["Body"].items():
            if kind.startswith("list ") and name in body:
                self._keep(self.listed(body[name], kind.removeprefix("list "), since))

    def _keep(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            if not row.get("deleted"):
                self.objects[row["id"]] = row
            elif not row["type"].endswith("/Body"):
                self.objects.pop(row["id"], None)
