"""The catalogue: its datasets and facets, the roots above, and what the API no longer has."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from parvis.core.columns import ColumnType
from parvis.core.explore import ExploreRequest, RecordsPage, column_of_matching, facets, records
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.datastore.selectors import engine
from parvis.web.api.explore.answers import cached_json
from parvis.web.api.explore.catalogue_table import FACETS
from parvis.web.api.explore.endpoint import endpoint, explore_request, json_response
from parvis.web.api.explore.links import dataset_links, links, page_links
from parvis.web.api.explore.problems import RemovedAddress, UnknownAddress
from parvis.web.api.explore.snapshot import CatalogueView, catalogue_view, without_app_metas


@endpoint
def root(request: HttpRequest) -> HttpResponseBase:
    """Where to go from here."""
    return json_response({"links": links(request, ("self", "/"), ("catalog", "/catalog"))})


@endpoint
def catalog(request: HttpRequest) -> HttpResponseBase:
    """What the catalogue offers."""
    names = ("datasets", "exports", "facets", "metadata_templates")
    return json_response({"links": links(request, ("self", "/catalog"), *((n, f"/catalog/{n}") for n in names))})


@endpoint
def unknown_address(request: HttpRequest) -> HttpResponseBase:
    """Every other address under the prefix."""
    raise UnknownAddress


@endpoint
def removed(request: HttpRequest, **names: str) -> HttpResponseBase:
    """Addresses of older versions of the API that this one has no more."""
    raise RemovedAddress


@endpoint
def dataset_list(request: HttpRequest) -> HttpResponseBase:
    """The datasets the caller may see, filtered, ordered and paged by the query language."""
    question = explore_request(request)
    actor = actor_of_request(request)
    return listed(request, question, catalogue_view(request, actor, question.lang), public=actor.person_id is None)


def listed(request: HttpRequest, question: ExploreRequest, seen: CatalogueView, *, public: bool) -> HttpResponseBase:
    """The answer of ``dataset_list`` over some datasets."""

    def answer() -> dict[str, Any]:
        total, results = requested_objects(request, seen, question)
        body: dict[str, Any] = {"total_count": total, "results": results}
        if question.include_links:
            limit, offset = question.page()
            body = {"total_count": total, "_links": page_links(request, limit, offset, total), **body}
        return body

    return cached_json(request, seen.state, answer, public=public)


def requested_objects(request: HttpRequest, seen: CatalogueView, question: ExploreRequest) -> tuple[int, list[dict]]:
    """How many datasets match, and those of the page: whole objects, or what ``select`` and ``group_by`` make of them."""
    # Identifiers and links of rows are those of records: datasets have their own.
    plain_question = replace(question, include_links=False, include_app_metas=False)
    if not is_whole(question):
        page = records(engine(), seen.source, plain_question, names=seen.names)
        return page.total_count, flat_rows(page)
    limit, offset = question.page()
    matching = column_of_matching(engine(), seen.source, "dataset_id", plain_question, names=seen.names)
    rows = [shown(seen.objects[name], question) for name in matching.slice(offset, limit).to_pylist()]
    if question.include_links:
        rows = [{"_links": dataset_links(request, row["dataset_id"]), **row} for row in rows]
    return len(matching), rows


def is_whole(question: ExploreRequest) -> bool:
    """True when whole dataset objects are asked for."""
    return question.select.strip() == "*" and not question.group_by.strip()


def shown(full: dict[str, Any], question: ExploreRequest) -> dict[str, Any]:
    """An object with the templates that were asked for."""
    return full if question.include_app_metas else without_app_metas(full)


def flat_rows(page: RecordsPage) -> list[dict[str, Any]]:
    """Rows of selected metadata; those that are objects in dataset objects are objects here too."""
    structured = [o.key for o in page.outputs if o.column is not None and o.column.type is ColumnType.JSON]
    for row in page.results:
        for key in structured:
            if isinstance(row[key], str):
                row[key] = json.loads(row[key])
    return page.results


@endpoint
def catalog_facets(request: HttpRequest) -> HttpResponseBase:
    """The values of the catalogue's facets."""
    question = explore_request(request)
    actor = actor_of_request(request)
    return valued(request, question, catalogue_view(request, actor, question.lang), public=actor.person_id is None)


def valued(
    request: HttpRequest, question: ExploreRequest, seen: CatalogueView, *, public: bool, root: str = "catalog"
) -> HttpResponseBase:
    """The answer of ``catalog_facets`` over some datasets, those of ``root``."""
    faceted = question if question.facet else replace(question, facet=FACETS)

    def answer() -> dict[str, Any]:
        groups = facets(engine(), seen.source, faceted, names=seen.names)
        values = [{"name": group.name, "facets": group.facets} for group in groups]
        pairs = (("self", f"/{root}/facets"), ("source", f"/{root}"))
        return {"links": links(request, *pairs), "facets": values}

    return cached_json(request, seen.state, answer, public=public)
