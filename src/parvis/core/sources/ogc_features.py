"""OGC API Features: collections as datasets, their items by ``next`` links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from parvis.core.sources.answers import json_object, unreadable
from parvis.core.sources.contract import Item, Page, Refusal, Request, Resource, Settings
from parvis.core.sources.errors import SourceRefuses
from parvis.core.sources.features import PAGE, features_of, plain_feature
from parvis.core.sources.ogc_links import GEOJSON, JSON, first_link, links_of, next_of
from parvis.core.sources.paging import (
    base_url,
    below,
    beside,
    check_whole,
    cut_at,
    more_rows,
    page_of,
    with_query,
    write_rows,
)
from parvis.core.sources.rdf import first_of
from parvis.core.sources.values import (
    address,
    box,
    keywords,
    mapping,
    moment,
    plain,
    resource,
    resources,
    rows,
    short,
    texts,
)
from parvis.core.sources.vocabulary import format_of, language_of, licence_slug
from parvis.core.translation import gettext_noop

_COLLECTION = re.compile(r"/collections/([^/?#]+)")
_WHOLE_COLLECTION = re.compile(r"/collections/[^/?#]+/?$")
_NO_COLLECTIONS = gettext_noop("aucune liste « collections » n’y est")


class OgcFeatures:
    """The collections of a service, or one when the address is its own."""

    slug = "ogc_features"
    label = gettext_noop("Une API OGC Features")
    options: tuple[str, ...] = ()
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """``/collections``, or the collection of the address."""
        url = base_url(settings.url)
        if match := _COLLECTION.search(url):
            return (Request(below(cut_at(url, "/collections"), "collections", match[1]), headers=JSON),)
        return (Request(below(cut_at(url, "/collections", "/conformance", "/api"), "collections"), headers=JSON),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """A dataset by collection of features; other kinds of collections are refused by name."""
        body = json_object(answer)
        single = "collections" not in body and "id" in body
        if not single and not isinstance(body.get("collections"), list):
            if "description" in body or "code" in body:
                raise SourceRefuses(file="", reason=short(body.get("description") or body.get("code"), 300))
            raise unreadable(_NO_COLLECTIONS)
        items: list[Item] = []
        refusals: list[Refusal] = []
        records = 0
        for collection in [body] if single else rows(body["collections"]):
            name, kind = short(collection.get("id"), 300), short(collection.get("itemType"), 50)
            if not name:
                refusals.append(Refusal("", f"Collection sans identifiant : {short(collection.get('title'))}"))
            elif kind == "record" and not single and not _downloads(collection, request.url):
                records += 1  # the catalogue of the service itself, beside its collections: nothing of it is lost
            elif (kind not in ("", "feature") and not _downloads(collection, request.url)) or (
                not kind and not links_of(collection, "items")
            ):
                refusals.append(Refusal(name, "Ce n’est pas une collection d’objets géographiques."))
            else:
                items.append(_item(collection, name, request.url, single=single))
        total = 1 if single else body.get("numberMatched")
        total = total - records if isinstance(total, int) else len(items) + len(refusals)
        page = Page(tuple(items), tuple(refusals), (), total)
        return page_of(page, request, next_of(body))


class OgcFeaturesRows:
    """The items of a collection, page after page."""

    slug = "ogc_features"

    def first(self, resource: Resource, settings: Settings) -> tuple[Request, ...]:
        """The first page, at the address of the items, or of the collection as other catalogues tell it."""
        url = base_url(resource.url)
        if _WHOLE_COLLECTION.search(url):
            url = below(url, "items")
        return (Request(with_query(url, {"limit": PAGE}), headers=GEOJSON),)

    def rows(self, answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
        """Features by line; the link ``next`` leads on, whatever the page has."""
        body = json_object(answer)
        features = features_of(body)
        content = write_rows(destination, map(plain_feature, features))
        count = int(request.state.get("rows", "0")) + len(features)
        following = next_of(body) if features else ""
        if not following:
            check_whole(count, body.get("numberMatched"))
        pages = more_rows(request, following, content, {"rows": str(count)})
        return tuple(Request(part.url, part.method, GEOJSON, part.body, part.state) for part in pages)


def _page(collection: dict[str, Any], url: str) -> str:
    """The page of the dataset that a portal makes a collection of."""
    links = [link for link in links_of(collection, "describedby") if "html" in short(link.get("type"))]
    return first_of(address(link.get("href"), url) for link in links)


def _downloads(collection: dict[str, Any], url: str) -> list[Resource]:
    """The files that hold a collection whole."""
    return [
        resource(
            beside(url, address(link.get("href"), url)),
            title=short(link.get("title")),
            media_type=short(link.get("type"), 100),
        )
        for link in rows(collection.get("links"))
        if short(link.get("rel")) in ("enclosure", "data") and format_of(short(link.get("type")))
    ]


def _item(collection: dict[str, Any], name: str, url: str, *, single: bool) -> Item:
    extent = mapping(collection.get("extent"))
    boxes, intervals = mapping(extent.get("spatial")).get("bbox"), mapping(extent.get("temporal")).get("interval")
    interval = intervals[0] if isinstance(intervals, list) and intervals and isinstance(intervals[0], list) else []
    own = url.partition("?")[0] if single else below(url, name)
    items_url = beside(url, first_link(collection, "items", url)) or f"{own}/items"
    licence = first_link(collection, "license", url)
    described = [link for link in rows(collection.get("links")) if short(link.get("rel")) == "license"]
    return Item(
        identifier=name,
        title=short(collection.get("title")) or name,
        description=plain(collection.get("description")),
        landing_page=first_of(
            [
                first_link(collection, "canonical", url),
                first_link(collection, "about", url),
                _page(collection, url),
                address(own),
            ]
        ),
        publisher=short(first_of(texts(collection.get("attribution")))),
        licence=licence_slug(licence, *(short(link.get("title")) for link in described)) or licence,
        keywords=keywords(texts(collection.get("keywords"))),
        bbox=box(boxes[0]) if isinstance(boxes, list) and boxes and isinstance(boxes[0], list) else None,
        temporal_start=moment(interval[0], 1000, 2500) if interval else "",
        temporal_end=moment(interval[1], 1000, 2500) if len(interval) > 1 else "",
        modified=moment(collection.get("updated")),
        language=language_of(first_of(texts(collection.get("language")))),
        resources=resources(
            [
                Resource(
                    items_url, title=name, format="geojson", media_type="application/geo+json", dialect="ogc_features"
                ),
                *_downloads(collection, url),
            ]
        ),
        extras={
            name: value
            for name, value in (
                ("crs", short(collection.get("storageCrs"), 200)),
                ("origin", first_link(collection, "via", url)[:1000]),
            )
            if value
        },
    )


DIALECT = OgcFeatures()
ROWS = OgcFeaturesRows()
