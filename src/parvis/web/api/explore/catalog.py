"""The catalogue: its datasets, facets and exports, and the roots above."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from parvis.core.errors import NotFound
from parvis.core.explore import export, export_format, facets, records
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.datastore.selectors import engine
from parvis.web.api.explore.catalogue_table import JSON_KEYS, NAMES, catalogue_source
from parvis.web.api.explore.dataset_object import dataset_object
from parvis.web.api.explore.door import absolute, door, explore_request, json_response
from parvis.web.api.explore.links import page_links
from parvis.web.api.explore.problems import UnknownAddress
from parvis.web.api.explore.sources import described_source

EXPORTS = ("csv", "json", "xlsx")


@door
def root(request: HttpRequest) -> HttpResponseBase:
    """Where to go from here."""
    return json_response({"links": _links(request, ("self", "/"), ("catalog", "/catalog"))})


@door
def catalog(request: HttpRequest) -> HttpResponseBase:
    """What the catalogue offers."""
    pairs = (
        ("self", "/catalog"),
        ("datasets", "/catalog/datasets"),
        ("exports", "/catalog/exports"),
        ("facets", "/catalog/facets"),
    )
    return json_response({"links": _links(request, *pairs)})


@door
def nowhere(request: HttpRequest) -> HttpResponseBase:
    """Every other address under the prefix."""
    raise UnknownAddress


@door
def dataset_list(request: HttpRequest) -> HttpResponseBase:
    """The datasets the caller may see, filtered, ordered and paged by the query language."""
    question = explore_request(request)
    objects = visible_objects(request)
    page = records(engine(), catalogue_source(list(objects.values())), question, names=NAMES)
    if question.select.strip() == "*":
        results = [objects[row["dataset_id"]] for row in page.results]
    else:
        results = [_flat(row) for row in page.results]
    body: dict[str, Any] = {"total_count": page.total_count, "results": results}
    if question.include_links:
        limit, offset = question.page()
        body = {"total_count": page.total_count, "_links": page_links(request, limit, offset, page.total_count), **body}
    return json_response(body)


@door
def catalog_facets(request: HttpRequest) -> HttpResponseBase:
    """The values of the catalogue's facets."""
    source = catalogue_source(list(visible_objects(request).values()))
    groups = facets(engine(), source, explore_request(request), names=NAMES)
    links = _links(request, ("self", "/catalog/facets"), ("source", "/catalog"))
    return json_response({"links": links, "facets": [{"name": g.name, "facets": g.facets} for g in groups]})


@door
def catalog_formats(request: HttpRequest) -> HttpResponseBase:
    """The formats of the catalogue, with their addresses."""
    pairs = [(name, f"/catalog/exports/{name}") for name in EXPORTS]
    return json_response({"links": _links(request, ("self", "/catalog/exports"), *pairs)})


@door
def catalog_export(request: HttpRequest, format_name: str) -> HttpResponseBase:
    """The catalogue as a file: dataset objects in JSON, one line a dataset in the others."""
    if format_name not in EXPORTS:
        raise NotFound(name=format_name)
    question = explore_request(request)
    objects = visible_objects(request)
    chosen = export_format(format_name)
    headers = {"Content-Disposition": f'attachment; filename="datasets.{chosen.extension}"'}
    if format_name == "json":
        response = json_response(list(objects.values()))
        response["Content-Disposition"] = headers["Content-Disposition"]
        return response
    source = catalogue_source(list(objects.values()))
    pieces = export(engine(), source, format_name, question, names=NAMES)
    return StreamingHttpResponse(pieces, content_type=chosen.media_type, headers=headers)


def visible_objects(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """The objects of the datasets the caller may see, by identifier, the titles in order."""
    found = catalogue.datasets_visible_to(actor_of(request.user)).prefetch_related("attachments")
    objects = {}
    for row in found:
        source = described_source(row, row.current)
        objects[row.dataset_id] = dataset_object(
            row, source.shape, source.manifest, lambda path: absolute(request, path)
        )
    return objects


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return {key: json.loads(value) if key in JSON_KEYS else value for key, value in row.items()}


def _links(request: HttpRequest, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"rel": rel, "href": absolute(request, path)} for rel, path in pairs]
