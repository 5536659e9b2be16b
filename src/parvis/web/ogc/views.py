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

from parvis.core.columns import Column
from parvis.core.engine import Source
from parvis.core.errors import NotFound
from parvis.core.geo.crs import offered_for
from parvis.core.identifiers import collection_of, dataset_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.languages import in_language
from parvis.hub.catalogue.rules import Access, cache_control
from parvis.hub.datastore.selectors import engine, shape_of, source_of
from parvis.hub.maps import features
from parvis.hub.maps.features import Wanted
from parvis.hub.quotas.metering import account_of
from parvis.hub.sites.selectors import face_of
from parvis.web.ogc import documents
from parvis.web.ogc.catalogue_collection import CATALOGUE, catalogue_document
from parvis.web.ogc.endpoint import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    UnknownPath,
    answer,
    base,
    card_language,
    endpoint,
    etag,
    link,
    link_header,
    self_links,
    streamed,
    unchanged,
    wants_html,
)
from parvis.web.ogc.openapi import description
from parvis.web.ogc.parameters import requested_crs, wanted_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version


@dataclass(frozen=True, slots=True)
class CollectionRequest:
    """A collection that the caller may read: the dataset, the version, its rows with the columns of the card."""

    actor: Actor
    dataset: Dataset
    version: Version
    source: Source

    @property
    def state(self) -> str:
        """Changes whenever an answer about these rows may change."""
        words = self.dataset.spoken.get("title", "")
        return f"{self.dataset.uid} {self.version.name} {self.source.key} {self.dataset.modified.isoformat()} {words}"

    @property
    def cache(self) -> str:
        """Cache-Control of its answers: asked again each time, by its ETag."""
        return cache_control(public=self.dataset.access == Access.PUBLIC)


@endpoint()
def landing(request: HttpRequest) -> HttpResponseBase:
    """The first page of the service."""
    return answer(request, documents.landing_document(request, face_of(request).name), "ogc/landing.html")


@endpoint()
def conformance(request: HttpRequest) -> HttpResponseBase:
    """The classes of requirements that this service meets."""
    body = {"conformsTo": list(documents.CONFORMS_TO), "links": self_links(request)}
    return answer(request, body, "ogc/conformance.html")


@endpoint()
def api(request: HttpRequest) -> HttpResponseBase:
    """The description of this API."""
    described_datasets = ((collection_of(one.dataset_id), one.title, shape_of(one)) for one in _collections(request))
    body = description(face_of(request).name, base(request), described_datasets)
    return answer(request, body, "ogc/api.html", OPENAPI, home=base(request))


@endpoint()
def collections(request: HttpRequest) -> HttpResponseBase:
    """Every dataset with places that the caller may read."""
    home = base(request)
    listed = [
        documents.collection_document(
            request,
            dataset,
            [link(f"{home}/collections/{collection_of(dataset.dataset_id)}", "self", JSON, dataset.title)],
        )
        for dataset in _collections(request)
    ]
    own = link(f"{home}/collections/{CATALOGUE}", "self", JSON)
    listed.append(catalogue_document(request, [own]))
    return answer(request, {"links": self_links(request), "collections": listed}, "ogc/collections.html")


@endpoint()
def collection(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """One of them."""
    dataset = _collection(request, dataset_id).dataset
    body = documents.collection_document(request, dataset, self_links(request))
    return answer(request, body, "ogc/collection.html", dataset=dataset)


@endpoint(open_to_others=True)
def items(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """A page of features, sent as it is made."""
    target = _collection(request, dataset_id)
    bbox = target.source.manifest.bbox
    selection = wanted_of(request, target.source.shape, bbox)
    html = wants_html(request)
    tag = etag(f"{target.state} {request.get_full_path()} {'html' if html else 'json'}")
    if not html and "now" not in request.GET.get("where", "").lower() and unchanged(request, tag):
        return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": target.cache})
    account = account_of(request)
    seconds = documents.engine_seconds()
    matched = features.count(engine(), target.source, selection, seconds=seconds)
    page = features.page(engine(), target.source, selection, seconds=seconds)
    pieces = features.features(engine(), target.source, selection, page, seconds=seconds)
    links = _page_links(request, target, selection, page)
    if html:
        return _items_page(request, target, links, matched, page, pieces)
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
        "Cache-Control": target.cache,
        "Content-Crs": f"<{selection.crs.uri}>",
        **link_header(links),
        **account.headers(),
    }
    return streamed(_collection_text(facts, text), GEOJSON, headers)


@endpoint("crs", "version")
def item(request: HttpRequest, dataset_id: str, feature_id: str) -> HttpResponseBase:
    """One feature."""
    target = _collection(request, dataset_id)
    crs = requested_crs(request, "crs", offered_for(target.source.manifest.bbox))
    text = features.feature(engine(), target.source, feature_id, crs, seconds=documents.engine_seconds())
    home = f"{base(request)}/collections/{dataset_id}"
    body = {
        **json.loads(text),
        "links": [*self_links(request, GEOJSON), link(home, "collection", JSON, target.dataset.title)],
    }
    response = answer(
        request,
        body,
        "ogc/item.html",
        GEOJSON,
        dataset=target.dataset,
        collection=dataset_id,
        rows=_labelled(target, body["properties"]),
    )
    response["Content-Crs"] = f"<{crs.uri}>"
    return response


@endpoint(open_to_others=True)
def unknown_address(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Any other address."""
    raise UnknownPath


def _collections(request: HttpRequest) -> list[Dataset]:
    geographic = catalogue.datasets_visible_to(actor_of_request(request)).filter(current__has_geometry=True)
    language = card_language(request)
    return [in_language(dataset, language) for dataset in geographic.order_by("dataset_id")]


def _collection(request: HttpRequest, dataset_id: str) -> CollectionRequest:
    """The collection of an address; NotFound for what the caller may not know or has no places."""
    actor = actor_of_request(request)
    dataset = in_language(catalogue.public_dataset(actor, dataset_of(dataset_id)), card_language(request))
    name = request.GET.get("version", "")
    version = catalogue.version(dataset, name) if name else dataset.current
    if not version.has_geometry:
        raise NotFound(name=dataset_id)
    source = source_of(dataset, version)
    return CollectionRequest(
        actor,
        dataset,
        version,
        replace(source, manifest=replace(source.manifest, shape=shape_of(dataset, version))),
    )


def _page_links(
    request: HttpRequest, target: CollectionRequest, selection: Wanted, page: features.Page
) -> list[dict[str, str]]:
    kind = HTML if wants_html(request) else GEOJSON
    links = self_links(request, GEOJSON)
    if page.more:
        query = request.GET.copy()
        query.pop("offset", None)
        # A new version may come between two pages: the next one is of the same.
        query["after"], query["limit"] = str(page.rows[-1]), str(selection.limit)
        if target.source.base is None:  # those that lie over it come after its own
            query["version"] = target.version.name
        links.append(link(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"), "next", kind))
    home = f"{base(request)}/collections/{collection_of(target.dataset.dataset_id)}"
    return [*links, link(home, "collection", JSON, target.dataset.title)]


def _collection_text(facts: dict[str, Any], pieces: Iterator[bytes]) -> Iterator[bytes]:
    head = json.dumps({"type": "FeatureCollection", **facts}, ensure_ascii=False)
    yield head.encode()[:-1] + b', "features": ['
    yield from pieces
    yield b"]}"


def _items_page(
    request: HttpRequest,
    target: CollectionRequest,
    links: list[dict[str, str]],
    matched: int,
    page: features.Page,
    pieces: Iterator[bytes],
) -> HttpResponseBase:
    feature_rows = json.loads(b"[" + b"".join(pieces) + b"]")
    columns = [column for column in target.source.shape if not column.type.is_geographic][:_PAGE_COLUMNS]
    rows = [
        (entry["id"], [_text(entry["properties"].get(column.name), column) for column in columns])
        for entry in itertools.islice(feature_rows, _PAGE_ROWS)
    ]
    following = next((entry["href"] for entry in links if entry["rel"] == "next"), "")
    facts = {
        "dataset": target.dataset,
        "columns": columns,
        "rows": rows,
        "matched": matched,
        "returned": len(page.rows),
        "following": following,
        "alternate": next(entry["href"] for entry in links if entry["rel"] == "alternate"),
        "here": f"{base(request)}/collections/{collection_of(target.dataset.dataset_id)}",
    }
    return render(request, "ogc/items.html", facts)


_FEW = 100
"""Features of a page that is made before it is sent."""
_PAGE_ROWS, _PAGE_COLUMNS = 100, 12
"""What a page for people shows of the features; programs read them all."""


def _labelled(target: CollectionRequest, properties: dict[str, Any]) -> list[tuple[str, str]]:
    """Labels and values of a feature, as text."""
    return [(c.label, _text(properties[c.name], c)) for c in target.source.shape if c.name in properties]


def _text(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(column.label_of(one) or str(one) for one in value)
    if label := column.label_of(value):
        return label
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return json.dumps(value, ensure_ascii=False)[:500] if isinstance(value, dict) else str(value)[:500]
