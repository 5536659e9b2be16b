"""The services of another Parvis, which its API lists beside the catalogue that it tells as an Explore portal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from parvis.core.sources.answers import json_object
from parvis.core.sources.contract import EXTRA, Page, Request, ToldService
from parvis.core.sources.errors import SourceRefuses
from parvis.core.sources.values import address, email, keywords, mapping, plain, rows, short, texts

MOST_SERVICES: Final = 5_000
_PATH: Final = "/api/parvis/v1/services"


def asks_for_services(datasets: Sequence[Any], base: str) -> tuple[Request, ...]:
    """What asks for them, of a portal whose datasets say what only a Parvis says; nothing of the others."""
    is_parvis = any(mapping(mapping(row).get("metas")).get("parvis") for row in datasets)
    return (_request(base, 0),) if is_parvis else ()


def read_services(answer: Path, request: Request, base: str) -> Page:
    """A page of them; those that the portal has of itself are left to it."""
    body = json_object(answer)
    listed, total = rows(body.get("results")), body.get("total_count")
    if not isinstance(total, int):
        raise SourceRefuses(file="", reason=short(body.get("message")) or "?")
    services = tuple(_service(row, base) for row in listed if row.get("of_the_portal") is not True)
    reached = int(request.state["offset"]) + len(listed)
    following = (_request(base, reached),) if listed and reached < min(total, MOST_SERVICES) else ()
    return Page(following=following, services=tuple(row for row in services if row.identifier and row.title))


def _request(base: str, offset: int) -> Request:
    url = f"{base}{_PATH}?{urlencode({'offset': offset})}"
    return Request(url, headers={"Accept": "application/json"}, state={EXTRA: "services", "offset": str(offset)})


def _service(row: Mapping[str, Any], base: str) -> ToldService:
    names, endpoints = texts(row.get("datasets")), row.get("endpoints")
    return ToldService(
        identifier=short(row.get("identifier"), 200),
        title=short(row.get("title")),
        description=plain(row.get("text")),
        landing_page=address(row.get("url")),
        publisher=short(row.get("organisation")),
        kind=short(row.get("kind"), 20),
        endpoints=tuple(filter(None, map(address, endpoints if isinstance(endpoints, list) else ())))[:10],
        description_address=address(row.get("description_url")),
        documentation=address(row.get("documentation")),
        version=short(row.get("version"), 40),
        licence=short(row.get("licence"), 50),
        access=short(row.get("access"), 50),
        access_address=address(row.get("access_url")),
        rate=short(row.get("rate_limit"), 200),
        availability=short(row.get("availability"), 200),
        contact_name=short(row.get("contact_name")),
        contact_email=email(row.get("contact_email")),
        keywords=keywords(texts(row.get("keywords"))),
        themes=tuple(texts(row.get("themes"))),
        operations=tuple(texts(row.get("operations"))),
        # Its datasets are known by a number that stays; here, by their page.
        serves=tuple(f"{base}/explore/dataset/{quote(name, safe='')}/" for name in names[:100]),
    )
