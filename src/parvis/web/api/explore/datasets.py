"""One dataset: its object, its records, its facets."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from parvis.core.explore import ExploreRequest, facets, records
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.datastore.selectors import engine
from parvis.web.api.explore.answers import unchanged_or
from parvis.web.api.explore.dataset_object import dataset_object
from parvis.web.api.explore.door import absolute, door, explore_request, json_response
from parvis.web.api.explore.links import page_links
from parvis.web.api.explore.sources import asked_rows, described_source


@door
def dataset(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """The object of a dataset."""
    found = catalogue.public_dataset(actor_of(request.user), dataset_id)
    source = described_source(found, found.current)
    return json_response(dataset_object(found, source.shape, source.manifest, lambda path: absolute(request, path)))


@door
def record_list(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """A page of records."""
    asked = asked_rows(request, dataset_id)
    question = explore_request(request)

    def answer() -> HttpResponse:
        page = records(engine(), asked.source, question, seconds=settings.PARVIS["PARVIS_ENGINE_SECONDS"])
        body: dict[str, Any] = {"total_count": page.total_count, "results": page.results}
        if question.include_links:
            body = {"total_count": page.total_count, "_links": _links(request, question, page.total_count), **body}
        return json_response(body)

    return unchanged_or(request, asked.state, answer, public=asked.is_public)


@door
def facet_list(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """The values of facets."""
    asked = asked_rows(request, dataset_id)
    question = explore_request(request)

    def answer() -> HttpResponse:
        groups = facets(engine(), asked.source, question, seconds=settings.PARVIS["PARVIS_ENGINE_SECONDS"])
        base = f"/catalog/datasets/{dataset_id}"
        body = {
            "links": [
                {"rel": "self", "href": absolute(request, f"{base}/facets")},
                {"rel": "dataset", "href": absolute(request, base)},
            ],
            "facets": [{"name": group.name, "facets": group.facets} for group in groups],
        }
        return json_response(body)

    return unchanged_or(request, asked.state, answer, public=asked.is_public)


def _links(request: HttpRequest, question: ExploreRequest, total: int) -> list[dict[str, str]]:
    limit, offset = question.page()
    return page_links(request, limit, offset, total)
