"""One dataset: its object, its records, its facets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from parvis.core.columns import ColumnType
from parvis.core.errors import NotFound
from parvis.core.explore import ExploreRequest, RecordsPage
from parvis.core.explore.technical import technical_fields
from parvis.core.explore.text_columns import is_file
from parvis.core.explore_v1 import where_of_q
from parvis.core.odsql import Names
from parvis.hub.datastore.elsewhere import facets_of, record_of, records_of
from parvis.hub.datastore.selectors import engine
from parvis.web.api.explore.announced import announced_object
from parvis.web.api.explore.answers import WHOLE, cached_json, passing_json
from parvis.web.api.explore.catalog import shown
from parvis.web.api.explore.dataset_object import dataset_object
from parvis.web.api.explore.endpoint import absolute, endpoint, explore_request
from parvis.web.api.explore.field_files import with_files
from parvis.web.api.explore.links import dataset_links, links, page_links, record_links
from parvis.web.api.explore.problems import UnknownRecord
from parvis.web.api.explore.sources import DatasetRequest, resolve_announced, resolve_dataset
from parvis.web.api.explore.usage_metas import NO_USAGE, usage_now


@endpoint
def dataset(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """The object of a dataset; without what its rows tell for anyone who may know of it and not read them."""
    target, readable = resolve_announced(request, dataset_id)
    question = explore_request(request)
    # What is told of the usage changes with the dataset of usage, not with this one.
    usage, mark = (usage_now(), WHOLE) if question.include_app_metas else (NO_USAGE, target.mark)

    def answer() -> dict[str, Any]:
        full = dataset_object(
            target.dataset,
            target.source.shape,
            target.facts,
            lambda path: absolute(request, path),
            lang=question.lang,
            with_app_metas=True,
        )
        full["metas"]["explore"] |= usage.of(target.dataset.dataset_id, full["visibility"])
        body = shown(full if readable else announced_object(full), question)
        return {"_links": dataset_links(request, dataset_id), **body} if question.include_links else body

    state = f"{target.state} {readable} {usage.version}"
    return cached_json(request, state, answer, public=target.is_public, mark=mark)


@endpoint
def record_list(request: HttpRequest, dataset_id: str, technical: bool = False) -> HttpResponseBase:
    """A page of records; ``technical`` fields may be asked by name, as in version 2.0."""
    target = resolve_dataset(request, dataset_id)
    question = explore_query(request, target)

    def answer() -> dict[str, Any]:
        names = query_names(target, technical=technical)
        page = records_of(engine(), target.dataset, target.source, question, names=names)
        files = [output.key for output in page.outputs if is_file(output)]
        results = page.results if target.is_federated else with_files(request, dataset_id, files, page.results)
        if not question.include_links:
            return {"total_count": page.total_count, **_next(page), "results": results}
        if page.ids is not None:
            pairs = zip(page.ids, results, strict=True)
            results = [{"_links": record_links(request, dataset_id, name), **row} for name, row in pairs]
        limit, offset = question.page()
        pages = page_links(request, limit, offset, page.total_count, page.after)
        return {"total_count": page.total_count, "_links": pages, **_next(page), "results": results}

    if target.is_federated:
        return passing_json(answer())
    return cached_json(request, target.state, answer, public=target.is_public, mark=target.mark)


@endpoint
def one_record(request: HttpRequest, dataset_id: str, record_id: str, technical: bool = False) -> HttpResponseBase:
    """One record, flat, by its identifier (specification, section 4.2)."""
    target = resolve_dataset(request, dataset_id)
    question = explore_request(request)

    def answer() -> dict[str, Any]:
        try:
            names = query_names(target, technical=technical)
            record_values = record_of(engine(), target.dataset, target.source, record_id, question, names=names)
        except NotFound as error:
            raise UnknownRecord(name=record_id) from error
        files = [column.name for column in target.source.shape if column.type is ColumnType.FILE]
        (row,) = [record_values] if target.is_federated else with_files(request, dataset_id, files, [record_values])
        return {"_links": record_links(request, dataset_id, record_id), **row} if question.include_links else row

    if target.is_federated:
        return passing_json(answer())
    return cached_json(request, target.state, answer, public=target.is_public, mark=target.mark)


@endpoint
def facet_list(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """The values of facets."""
    target = resolve_dataset(request, dataset_id)
    question = explore_query(request, target)

    def answer() -> dict[str, Any]:
        groups = facets_of(engine(), target.dataset, target.source, question)
        base = f"/catalog/datasets/{dataset_id}"
        listed = [{"name": group.name, "facets": group.facets} for group in groups]
        pairs = (("self", f"{base}/facets"), ("dataset", base))
        return {"links": links(request, *pairs), "facets": listed}

    if target.is_federated:
        return passing_json(answer())
    return cached_json(request, target.state, answer, public=target.is_public, mark=target.mark)


def query_names(target: DatasetRequest, *, technical: bool) -> Names:
    """The names that a question may use."""
    made = technical_fields(target.source, target.dataset.dataset_id) if technical else {}
    return Names(target.source.shape, made=made)


def _next(page: RecordsPage) -> dict[str, str | None]:
    """Where a walk goes on (an extension of Parvis): the token to send in ``after``."""
    return {} if page.after is None else {"after": page.after}


def explore_query(request: HttpRequest, target: DatasetRequest) -> ExploreRequest:
    """The parameters of the request, with the filters of version 1 that widgets pass in ``qv1`` (specification, 11.2)."""
    question = explore_request(request)
    text = request.GET.get("qv1", "").strip()
    if not text:
        return question
    return replace(
        question, extra=where_of_q(text, Names(target.source.shape), timezone=question.timezone, clause="qv1")
    )
