"""A catalogue by OGC API – Records: its collections of records, their records by ``next`` links (pygeoapi, pycsw, GeoNetwork, another Parvis).

Records of the drafts of the standard are read too: associations among the properties, an extent, one text for a role or a language.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from parvis.core.sources.answers import json_object, unreadable
from parvis.core.sources.contract import NEXT_PAGE, Item, Page, Refusal, Request, Settings, ToldService
from parvis.core.sources.errors import SourceRefuses
from parvis.core.sources.ogc_links import GEOJSON, JSON, first_link, next_of
from parvis.core.sources.paging import Astray, base_url, below, beside, cut_at, onward, page_of, with_query
from parvis.core.sources.record_json import item_of, type_of
from parvis.core.sources.record_services import SERVICE, told_service
from parvis.core.sources.values import rows, short
from parvis.core.translation import gettext_noop

PAGE: Final = 100
MOST_COLLECTIONS: Final = 200
_MAIN: Final = "metadata:main"
"""What pycsw calls all of its records: its other collections are parts of it."""
_COLLECTION: Final = re.compile(r"/collections/([^/?#]+)(/items/[^/?#]+)?")
_NOT_DATA: Final = frozenset(
    {
        *(
            SERVICE,
            "application",
            "software",
            "document",
            "map",
            "model",
            "process",
            "metadata",
            "catalog",
            "catalogue",
        ),
        *("sensor", "platform", "fieldsession", "collectionsession", "collectionhardware", "initiative", "person"),
        *(
            "organization",
            "organisation",
            "publication",
            "event",
            "webpage",
            "attribute",
            "attributetype",
            "propertytype",
        ),
    }
)
"""Types of records, in small letters, that are no data; every other word is a type of dataset: the standard closes no list."""
_NO_CATALOGUE = gettext_noop(
    "aucune de ses collections n’est un catalogue de fiches : c’est peut-être une API OGC Features"
)
_NO_RECORDS = gettext_noop("ni collections, ni fiches n’y sont")


class OgcRecords:
    """The catalogues of a service, one when the address is that of a collection, or one record."""

    slug = "ogc_records"
    label = gettext_noop("Un catalogue OGC API Records")
    options = ("query",)
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """``/collections``, or the records of the collection of the address, or its record."""
        url = base_url(settings.url)
        root = below(cut_at(url, "/collections", "/conformance", "/openapi", "/api"), "collections")
        match = _COLLECTION.search(urlsplit(url).path)
        if match is None:
            return (Request(root, headers=JSON),)
        if match[2]:
            return (Request(f"{root}/{match[1]}{match[2]}", headers=GEOJSON),)
        return (Request(_asking(f"{root}/{match[1]}/items", settings), headers=GEOJSON),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """A page of records, one record, or the collections of which some are catalogues."""
        body = json_object(answer)
        if isinstance(body.get("features"), list):
            return _records(body, request)
        if body.get("type") == "Feature":
            return _page([body], request.url.partition("/items/")[0] + "/items", 1)
        if isinstance(body.get("collections"), list):
            return _catalogues(body, request, settings)
        if reason := short(body.get("description") or body.get("title") or body.get("code"), 300):
            raise SourceRefuses(file="", reason=reason)
        raise unreadable(_NO_RECORDS)


def _asking(url: str, settings: Settings) -> str:
    return with_query(url, {"limit": PAGE, "q": settings.options.get("query", "").strip() or None}, drop=("f",))


def _catalogues(body: dict[str, Any], request: Request, settings: Settings) -> Page:
    """What asks each of the collections of records, and the next page of collections."""
    catalogues = [
        row for row in rows(body["collections"]) if short(row.get("itemType"), 50) == "record" and short(row.get("id"))
    ]
    main = [row for row in catalogues if row["id"] == _MAIN]
    is_several = "several" in request.state or len(main or catalogues) > 1 or bool(next_of(body))
    page = Page()
    if not catalogues and not is_several:
        raise unreadable(_NO_CATALOGUE)
    own = request.url.partition("?")[0]
    for row in (main or catalogues)[:MOST_COLLECTIONS]:
        url = beside(request.url, first_link(row, "items", request.url)) or below(
            own, quote(short(row["id"]), safe=":"), "items"
        )
        try:
            way = onward(request, _asking(url, settings), "")
        except Astray as astray:
            refusal = Refusal(
                NEXT_PAGE, f"Le catalogue « {short(row['id'])} » n’est pas lu : {astray.sentence.text('fr')}."
            )
            page = Page((), (*page.refusals, refusal), page.following)
            continue
        state = {"several": "1"} if is_several else {}
        page = Page((), page.refusals, (*page.following, Request(way.url, headers=GEOJSON, state=state)))
    if len(main or catalogues) > MOST_COLLECTIONS:
        more = Refusal(NEXT_PAGE, f"Plus de {MOST_COLLECTIONS} catalogues : les suivants ne sont pas lus.")
        page = Page((), (*page.refusals, more), page.following)
    return page if main else page_of(page, request, next_of(body), state={"several": "1"})


def _records(body: dict[str, Any], request: Request) -> Page:
    """A page of records, services beside data; their number is that of the source when it has one catalogue."""
    total = body.get("numberMatched")
    records = rows(body["features"])
    page = _page(records, request.url.partition("?")[0])
    before = int(request.state.get("services", "0")) + len(page.services)
    # Catalogues count their services among their records.
    if isinstance(total, int) and not isinstance(total, bool) and "several" not in request.state:
        page = replace(page, total=max(total - before, 0))
    return page_of(page, request, next_of(body) if records else "", state={"services": str(before)})


def _page(records: list[dict[str, Any]], home: str, total: int | None = None) -> Page:
    items: list[Item] = []
    refusals: list[Refusal] = []
    services: list[ToldService] = []
    for record in records:
        identifier, kind = short(record.get("id"), 500), type_of(record)
        if kind.lower() == SERVICE and (service := told_service(record, home)) is not None:
            services.append(service)
            continue
        if kind.lower() in _NOT_DATA:
            refusals.append(Refusal(identifier, f"Ce n’est pas un jeu de données mais : {short(kind, 50)}."))
            continue
        item = item_of(record, home)
        if not item.identifier:
            refusals.append(Refusal("", f"Sans identifiant : {item.title}"))
        elif not item.title:
            refusals.append(Refusal(identifier, "Sans titre."))
        else:
            items.append(item)
    return Page(tuple(items), tuple(refusals), (), total, tuple(services))


DIALECT = OgcRecords()
