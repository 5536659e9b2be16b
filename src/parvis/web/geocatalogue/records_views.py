"""``/ogc/collections/catalogue``: the catalogue as a collection of records, in the manners of the other collections."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.translation import gettext as _

from parvis.core.errors import NotFound
from parvis.hub.catalogue.rules import cache_control
from parvis.hub.quotas.metering import account_of
from parvis.web.geocatalogue.catalogue import Catalogue, catalogue_of
from parvis.web.geocatalogue.record_json import order_of_query, page_of_query, predicate_of_query, record_document
from parvis.web.ogc.catalogue_collection import (
    CATALOGUE,
    CATALOGUE_JSON,
    PARAMETERS,
    PROFILE,
    PROPERTIES,
    SCHEMA,
    SORTABLES,
    catalogue_document,
)
from parvis.web.ogc.endpoint import (
    GEOJSON,
    HTML,
    JSON,
    answer,
    base,
    card_language,
    endpoint,
    etag,
    link,
    link_header,
    self_links,
    unchanged,
    wants_html,
)


@endpoint()
def collection(request: HttpRequest) -> HttpResponseBase:
    """The collection."""
    kind = CATALOGUE_JSON if CATALOGUE_JSON in request.headers.get("Accept", "") else JSON
    return answer(request, catalogue_document(request, self_links(request)), "ogc/collection.html", kind)


@endpoint()
def queryables(request: HttpRequest) -> HttpResponseBase:
    """What records may be asked by, as a schema."""
    return _schema(request, "queryables", _("Critères"), list(PROPERTIES))


@endpoint()
def sortables(request: HttpRequest) -> HttpResponseBase:
    """What records may be ordered by."""
    return _schema(request, "sortables", _("Ordres"), list(SORTABLES))


def _schema(request: HttpRequest, name: str, title: str, names: list[str]) -> HttpResponseBase:
    body = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{_home(request)}/{name}",
        "type": "object",
        "title": title,
        "properties": {
            row: {"title": row, "type": "string", **({"format": "date-time"} if row in _MOMENTS else {})}
            for row in names
        },
        "links": self_links(request, SCHEMA),
    }
    return answer(request, body, "geocatalogue/names.html", SCHEMA, names=names, title=title)


_MOMENTS = ("created", "updated")


@endpoint(*PARAMETERS, *PROPERTIES)
def items(request: HttpRequest) -> HttpResponseBase:
    """A page of records."""
    with account_of(request).working(CATALOGUE) as account:
        catalogue = _catalogue(request)
        limit, offset = page_of_query(request.GET)
        origin = catalogue.card.origin
        predicate = predicate_of_query(request.GET, (f"{origin}/explore/dataset/", f"{origin}/services/"))
        order = order_of_query(request.GET)
        html = wants_html(request)
        tag = etag(f"{catalogue.state} {request.get_full_path()} {'html' if html else 'json'}")
        headers = {"ETag": tag, "Cache-Control": cache_control(public=catalogue.is_public)}
        if not html and unchanged(request, tag):
            return HttpResponseNotModified(headers=headers)
        matching = catalogue.matching(predicate, order)
        records = [record_document(request, row) for row in catalogue.records(matching[offset : offset + limit])]
    links = _links(request, limit, offset, len(matching))
    body: dict[str, Any] = {
        "type": "FeatureCollection",
        "links": links,
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "numberMatched": len(matching),
        "numberReturned": len(records),
        "features": records,
    }
    if html:
        ways = {entry["rel"]: entry["href"] for entry in links}
        return answer(request, body, "geocatalogue/records.html", GEOJSON, ways=ways, words=request.GET.get("q", ""))
    response = answer(request, body, "geocatalogue/records.html", GEOJSON)
    for name, value in {**headers, **link_header(links), **account.headers()}.items():
        response[name] = value
    return response


@endpoint()
def item(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """One record."""
    with account_of(request).working(CATALOGUE):
        record = next(_catalogue(request).records([dataset_id]), None)
        if record is None:
            raise NotFound(name=dataset_id)
        document = record_document(request, record)
    own = [
        *self_links(request, GEOJSON),
        link(_home(request), "collection", JSON, _("Catalogue")),
        link(f"{PROFILE}ogc-record", "profile", GEOJSON),
    ]
    body = {**document, "links": [*own, *document["links"]]}
    return answer(request, body, "geocatalogue/record.html", GEOJSON, record=record)


def _catalogue(request: HttpRequest) -> Catalogue:
    return catalogue_of(request, card_language(request))


def _home(request: HttpRequest) -> str:
    return f"{base(request)}/collections/{CATALOGUE}"


def _links(request: HttpRequest, limit: int, offset: int, total: int) -> list[dict[str, str]]:
    kind = HTML if wants_html(request) else GEOJSON
    links = self_links(request, GEOJSON)
    places = {
        "next": offset + limit if offset + limit < total else None,
        "prev": max(offset - limit, 0) if offset else None,
    }
    for rel, place in places.items():
        if place is not None:
            query = request.GET.copy()
            query["offset"], query["limit"] = str(place), str(limit)
            links.append(link(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"), rel, kind))
    return [*links, link(_home(request), "collection", JSON, _("Catalogue"))]
