"""``/api/datasets/1.0/``: the catalogue searched, a dataset, its files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from parvis.core.engine.plans import Rows
from parvis.core.explore import export, facets
from parvis.core.explore.query import bind
from parvis.core.explore.records import matching
from parvis.core.explore_v1 import V1Request
from parvis.core.odsql import Names
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.datastore.selectors import engine
from parvis.web.api.explore.announced import announced_object
from parvis.web.api.explore.answers import unchanged_or
from parvis.web.api.explore.dataset_object import dataset_object
from parvis.web.api.explore.endpoint import absolute
from parvis.web.api.explore.snapshot import CatalogueView, catalogue_view
from parvis.web.api.explore.sources import resolve_announced
from parvis.web.api.explore_v1.echo import facet_groups, parameters
from parvis.web.api.explore_v1.endpoint import answered, format_of, pairs_of, streamed, v1_endpoint
from parvis.web.api.explore_v1.objects import v1_dataset
from parvis.web.api.explore_v1.records import result_under, seconds


@v1_endpoint
def search(request: HttpRequest) -> HttpResponseBase:
    """The datasets the caller may see, a page of them, with facets."""
    v1 = V1Request.from_query(pairs_of(request))
    rows, start = v1.page()
    name = format_of(request, "json", "jsonp", "csv")
    actor = actor_of_request(request)
    seen = catalogue_view(request, actor, v1.lang)
    names = _names(seen)

    def answer() -> HttpResponseBase:
        if name == "csv":
            question = replace(v1.to_explore(names), limit=rows, offset=start, with_bom=False)
            pieces = export(engine(), seen.source, "csv", question, names=names, seconds=seconds())
            return streamed(request, pieces, "text/csv; charset=utf-8")
        total, dataset_ids = _page(seen, names, v1, rows, start)
        body: dict[str, Any] = {
            "nhits": total,
            "parameters": parameters(request, v1),
            "datasets": [_v1_object(request, seen.objects[dataset_id]) for dataset_id in dataset_ids],
        }
        if v1.facet:
            groups = facets(engine(), seen.source, v1.to_explore(names), names=names, seconds=seconds())
            body["facet_groups"] = facet_groups(groups, v1)
        return answered(request, body)

    return unchanged_or(request, f"v1 {seen.state}", answer, public=actor.person_id is None)


@v1_endpoint
def dataset(request: HttpRequest, name: str) -> HttpResponseBase:
    """One dataset: its metadata, its fields, its documents."""
    target, readable = result_under(request, name, resolve_announced)
    v1 = V1Request.from_query(pairs_of(request))
    format_of(request, "json", "jsonp")

    def answer() -> HttpResponseBase:
        full = dataset_object(
            target.dataset,
            target.source.shape,
            target.facts,
            lambda path: absolute(request, path),
            lang=v1.lang,
            with_app_metas=True,
        )
        return answered(request, v1_dataset(full if readable else announced_object(full), domain=request.get_host()))

    return unchanged_or(request, f"v1 {target.state} {readable}", answer, public=target.is_public, mark=target.mark)


def _page(seen: CatalogueView, names: Names, v1: V1Request, rows: int, start: int) -> tuple[int, list[str]]:
    question = replace(v1.to_explore(names), select="dataset_id")
    query = bind(names, question, rows, start)
    table = engine().table(seen.source, Rows(query), seconds=seconds())
    return matching(engine(), seen.source, query.where, seconds=seconds()), table.column(0).to_pylist()


def _names(seen: CatalogueView) -> Names:
    """The names of the catalogue, and those of its interoperability templates without their prefix, as version 1 had them."""
    bare = {
        column.name.partition(".")[2]: column.name
        for column in seen.source.shape
        if column.name.startswith(("dcat.", "dublin-core."))
    }
    column_names = set(seen.source.shape.names)
    added = {name: full for name, full in bare.items() if name not in column_names}
    return replace(seen.names, aliases={**added, **seen.names.aliases})


def _v1_object(request: HttpRequest, current: dict[str, Any]) -> dict[str, Any]:
    return v1_dataset(
        current,
        domain=request.get_host(),
        interop=_query(request, "interopmetas"),
        extra=_query(request, "extrametas"),
    )


def _query(request: HttpRequest, name: str) -> bool:
    return (request.GET.get(name) or "").strip().lower() in ("true", "1")
