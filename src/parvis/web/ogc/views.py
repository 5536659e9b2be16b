"""The addresses of OGC API – Features: landing page, description, conformance, collections, features."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import gettext as _

from parvis.core.engine import Source
from parvis.core.errors import NotFound
from parvis.core.geo.crs import offered_for
from parvis.hub.accounts.rules import Actor
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.rules import Access, cache_control
from parvis.hub.datastore.selectors import engine, shape_of, source_of
from parvis.hub.maps import features
from parvis.hub.maps.features import Wanted
from parvis.hub.quotas.metering import account_of
from parvis.hub.sites.selectors import face_of
from parvis.web.ogc import documents
from parvis.web.ogc.door import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    Nowhere,
    answer,
    base,
    door,
    etag,
    link,
    link_header,
    self_links,
    streamed,
    unchanged,
    wants_html,
)
from parvis.web.ogc.openapi import description
from parvis.web.ogc.parameters import crs_asked, wanted_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version


@dataclass(frozen=True, slots=True)
class Asked:
    """A collection that the caller may read: the dataset, the version, its rows with the columns of the card."""

    actor: Actor
    dataset: Dataset
    version: Version
    source: Source

    @property
    def state(self) -> str:
        """Changes whenever an answer about these rows may change."""
        return f"{self.dataset.uid} {self.version.name} {self.dataset.modified.isoformat()}"

    @property
    def cache(self) -> str:
        """Cache-Control of its answers: asked again each time, by its ETag."""
        return cache_control(public=self.dataset.access == Access.PUBLIC)


@door()
def landing(request: HttpRequest) -> HttpResponseBase:
    """The first page of the service."""
    return answer(request, documents.landing_document(request, face_of(request).name), "ogc/landing.html")


@door()
def conformance(request: HttpRequest) -> HttpResponseBase:
    """The classes of requirements that this service meets."""
    body = {"conformsTo": list(documents.CONFORMS_TO), "links": self_links(request)}
    return answer(request, body, "ogc/conformance.html")


@door()
def api(request: HttpRequest) -> HttpResponseBase:
    """The description of this API."""
    found = ((one.dataset_id, one.title, shape_of(one)) for one in _collections(actor_of_request(request)))
    body = description(face_of(request).name, base(request), found)
    return answer(request, body, "ogc/api.html", OPENAPI, home=base(request))


@door()
def collections(request: HttpRequest) -> HttpResponseBase:
    """Every dataset with places that the caller may read."""
    home = base(request)
    listed = [
        documents.collection_document(
            request,
            dataset,
            [link(f"{home}/collections/{dataset.dataset_id}", "self", JSON, dataset.title)],
        )
        for dataset in _collections(actor_of_request(request))
    ]
    return answer(request, {"links": self_links(request), "collections": listed}, "ogc/collections.html")


@door()
def collection(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """One of them."""
    dataset = _asked(request, dataset_id).dataset
    body = documents.collection_document(request, dataset, self_links(request))
    return answer(request, body, "ogc/collection.html", dataset=dataset)


@door(open_to_others=True)
def items(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """A page of features, sent as it is made."""
    asked = _asked(request, dataset_id)
    bbox = asked.source.manifest.bbox
    wanted = wanted_of(request, asked.source.shape, bbox)
    html = wants_html(request)
    tag = etag(f"{asked.state} {request.get_full_path()} {'html' if html else 'json'}")
    if not html and "now" not in request.GET.get("where", "").lower() and unchanged(request, tag):
        return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": asked.cache})
    account = account_of(request)
    seconds = documents.engine_seconds()
    matched = features.count(engine(), asked.source, wanted, seconds=seconds)
    page = features.page(engine(), asked.source, wanted, seconds=seconds)
    pieces = features.features(engine(), asked.source, wanted, page, seconds=seconds)
    links = _page_links(request, asked, wanted, page)
    if html:
        return _items_page(request, asked, links, matched, page, pieces)
    few = len(page.rows) <= _FEW
    # A short page needs no place among the files on their way.
    text = iter([b"".join(pieces)]) if few else account.over(pieces)
    facts = {
        "links": links,
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "numberMatched": matched,
        "numberReturned": len(page.rows),
    }
    headers = {
        "ETag": tag,
        "Cache-Control": asked.cache,
        "Content-Crs": f"<{wanted.crs.uri}>",
        **link_header(links),
        **account.headers(),
    }
    return streamed(_collection_text(facts, text), GEOJSON, headers)


@door("crs", "version")
def item(request: HttpRequest, dataset_id: str, feature_id: str) -> HttpResponseBase:
    """One feature."""
    asked = _asked(request, dataset_id)
    crs = crs_asked(request, "crs", offered_for(asked.source.manifest.bbox))
    text = features.feature(engine(), asked.source, feature_id, crs, seconds=documents.engine_seconds())
    home = f"{base(request)}/collections/{dataset_id}"
    body = {
        **json.loads(text),
        "links": [*self_links(request, GEOJSON), link(home, "collection", JSON, asked.dataset.title)],
    }
    response = answer(
        request, body, "ogc/item.html", GEOJSON, dataset=asked.dataset, rows=_labelled(asked, body["properties"])
    )
    response["Content-Crs"] = f"<{crs.uri}>"
    return response


@door(open_to_others=True)
def nowhere(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Any other address."""
    raise Nowhere


def _collections(actor: Actor) -> list[Dataset]:
    return list(catalogue.datasets_visible_to(actor).filter(current__has_geometry=True).order_by("dataset_id"))


def _asked(request: HttpRequest, dataset_id: str) -> Asked:
    """The collection of an address; NotFound for what the caller may not know or has no places."""
    actor = actor_of_request(request)
    dataset = catalogue.public_dataset(actor, dataset_id)
    name = request.GET.get("version", "")
    version = catalogue.version(dataset, name) if name else dataset.current
    if not version.has_geometry:
        raise NotFound(name=dataset_id)
    source = source_of(dataset, version)
    return Asked(
        actor,
        dataset,
        version,
        Source(source.folder, replace(source.manifest, shape=shape_of(dataset, version))),
    )


def _page_links(request: HttpRequest, asked: Asked, wanted: Wanted, page: features.Page) -> list[dict[str, str]]:
    kind = HTML if wants_html(request) else GEOJSON
    links = self_links(request, GEOJSON)
    if page.more:
        query = request.GET.copy()
        query.pop("offset", None)
        # A new version may come between two pages: the next one is of the same.
        query["version"], query["after"], query["limit"] = asked.version.name, str(page.rows[-1]), str(wanted.limit)
        links.append(link(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"), "next", kind))
    home = f"{base(request)}/collections/{asked.dataset.dataset_id}"
    return [*links, link(home, "collection", JSON, asked.dataset.title)]


def _collection_text(facts: dict[str, Any], pieces: Iterator[bytes]) -> Iterator[bytes]:
    head = json.dumps({"type": "FeatureCollection", **facts}, ensure_ascii=False)
    yield head.encode()[:-1] + b', "features": ['
    yield from pieces
    yield b"]}"


def _items_page(
    request: HttpRequest,
    asked: Asked,
    links: list[dict[str, str]],
    matched: int,
    page: features.Page,
    pieces: Iterator[bytes],
) -> HttpResponseBase:
    found = json.loads(b"[" + b"".join(pieces) + b"]")
    columns = [column for column in asked.source.shape if not column.type.is_geographic][:_PAGE_COLUMNS]
    rows = [
        (one["id"], [_text(one["properties"].get(column.name)) for column in columns])
        for one in itertools.islice(found, _PAGE_ROWS)
    ]
    following = next((one["href"] for one in links if one["rel"] == "next"), "")
    facts = {
        "dataset": asked.dataset,
        "columns": columns,
        "rows": rows,
        "matched": matched,
        "returned": len(page.rows),
        "following": following,
        "alternate": next(one["href"] for one in links if one["rel"] == "alternate"),
        "here": f"{base(request)}/collections/{asked.dataset.dataset_id}",
    }
    return render(request, "ogc/items.html", facts)


_FEW = 100
"""Features of a page that is made before it is sent."""
_PAGE_ROWS, _PAGE_COLUMNS = 100, 12
"""What a page for people shows of the features; programs read them all."""


def _labelled(asked: Asked, properties: dict[str, Any]) -> list[tuple[str, str]]:
    """Labels and values of a feature, as text."""
    return [(c.label, _text(properties[c.name])) for c in asked.source.shape if c.name in properties]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False)[:500] if isinstance(value, dict) else str(value)[:500]
