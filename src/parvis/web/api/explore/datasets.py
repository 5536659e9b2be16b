"""One dataset: its object, its records, its facets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from parvis.core.explore import ExploreRequest, facets, records
from parvis.core.explore_v1 import where_of_q
from parvis.core.odsql import Names
from parvis.hub.datastore.selectors import engine
from parvis.web.api.explore.answers import cached_json
from parvis.web.api.explore.catalog import shown
from parvis.web.api.explore.dataset_object import dataset_object
from parvis.web.api.explore.door import absolute, door, explore_request
from parvis.web.api.explore.field_files import with_files
from parvis.web.api.explore.links import dataset_links, links, page_links
from parvis.web.api.explore.sources import Asked, asked_rows


@door
def dataset(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """The object of a dataset."""
    asked = asked_rows(request, dataset_id)
    question = explore_request(request)

    def answer() -> dict[str, Any]:
        found = dataset_object(
            asked.dataset,
            asked.source.shape,
            asked.source.manifest,
            lambda path: absolute(request, path),
            lang=question.lang,
            with_app_metas=True,
        )
        body = shown(found, question)
        return {"_links": dataset_links(request, dataset_id), **body} if question.include_links else body

    return cached_json(request, f"{asked.state} {asked.revision}", answer, public=asked.is_public)


@door
def record_list(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """A page of records."""
    asked = asked_rows(request, dataset_id)
    question = asked_question(request, asked)

    def answer() -> dict[str, Any]:
        page = records(engine(), asked.source, question, seconds=settings.PARVIS["PARVIS_ENGINE_SECONDS"])
        results = with_files(request, dataset_id, page.outputs, page.results)
        body: dict[str, Any] = {"total_count": page.total_count, "results": results}
        if question.include_links:
            limit, offset = question.page()
            pages = page_links(request, limit, offset, page.total_count)
            body = {"total_count": page.total_count, "_links": pages, "results": results}
        return body

    return cached_json(request, asked.state, answer, public=asked.is_public)


@door
def facet_list(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """The values of facets."""
    asked = asked_rows(request, dataset_id)
    question = asked_question(request, asked)

    def answer() -> dict[str, Any]:
        groups = facets(engine(), asked.source, question, seconds=settings.PARVIS["PARVIS_ENGINE_SECONDS"])
        base = f"/catalog/datasets/{dataset_id}"
        listed = [{"name": group.name, "facets": group.facets} for group in groups]
        pairs = (("self", f"{base}/facets"), ("dataset", base))
        return {"links": links(request, *pairs), "facets": listed}

    return cached_json(request, asked.state, answer, public=asked.is_public)


def asked_question(request: HttpRequest, asked: Asked) -> ExploreRequest:
    """The parameters of the request, with the filters of version 1 that widgets pass in ``qv1`` (specification, 11.2)."""
    question = explore_request(request)
    text = request.GET.get("qv1", "").strip()
    if not text:
        return question
    return replace(
        question, extra=where_of_q(text, Names(asked.source.shape), timezone=question.timezone, clause="qv1")
    )
