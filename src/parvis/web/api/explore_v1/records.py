"""``/api/records/1.0/``: records searched, downloaded and analysed, and one record by its identifier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from parvis.core.errors import NotFound
from parvis.core.explore import export, export_format, facets
from parvis.core.explore.query import names_of
from parvis.core.explore_v1 import MissingParameter, V1Request, analyze
from parvis.core.explore_v1.identity import identity_condition
from parvis.core.explore_v1.records import Identity, json_pieces, page_of_records
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.catalogue.selectors import renamed
from parvis.hub.datastore.selectors import engine, export_setting
from parvis.web.api.explore.answers import unchanged_or
from parvis.web.api.explore.problems import UnknownRecord
from parvis.web.api.explore.sources import DatasetRequest, resolve_dataset
from parvis.web.api.explore_v1.echo import facet_groups, parameters
from parvis.web.api.explore_v1.endpoint import JSON, answered, format_of, pairs_of, streamed, v1_endpoint
from parvis.web.api.explore_v1.tables import as_csv

_ALSO = {"xls": "xlsx", "geojsonp": "geojson"}
"""Old names of formats."""


@v1_endpoint
def search(request: HttpRequest) -> HttpResponseBase:
    """A page of records, counted, with facets."""
    target = dataset_parameter(request)
    v1 = V1Request.from_query(pairs_of(request))
    rows, start = v1.page()
    name = format_of(request, "json", "jsonp", "geojson", "geojsonp", "csv")
    if name not in ("json", "jsonp"):
        return unchanged(request, target, lambda: _file(request, target, v1, _ALSO.get(name, name), rows, start))

    def answer() -> HttpResponseBase:
        question = v1.to_explore(names_of(target.source))
        page = page_of_records(
            engine(), target.source, question, rows, start, identity=_identity(target), seconds=seconds()
        )
        body: dict[str, Any] = {
            "nhits": page.total_count,
            "parameters": parameters(request, v1, dataset=target.dataset.dataset_id),
            "records": page.records,
        }
        if v1.facet:
            groups = facets(engine(), target.source, question, seconds=seconds())
            body["facet_groups"] = facet_groups(groups, v1)
        return answered(request, body)

    return unchanged(request, target, answer)


@v1_endpoint
def download(request: HttpRequest) -> HttpResponseBase:
    """All records of a request as a file: ``csv`` by default."""
    return download_of(request, dataset_parameter(request), default="csv")


@v1_endpoint
def analyse(request: HttpRequest) -> HttpResponseBase:
    """Series along axes."""
    target = dataset_parameter(request)
    pairs = pairs_of(request)
    v1 = V1Request.from_query(pairs)
    name = format_of(request, "json", "jsonp", "csv")

    def answer() -> HttpResponseBase:
        analysis = analyze(engine(), target.source, names_of(target.source), v1, pairs, seconds=seconds())
        response = as_csv(analysis.points, v1.csv_separator) if name == "csv" else answered(request, analysis.points)
        if analysis.truncated:
            response["ods-analyze-truncated"] = "true"
        return response

    return unchanged(request, target, answer)


@v1_endpoint
def record(request: HttpRequest, name: str, record_id: str) -> HttpResponseBase:
    """One record."""
    target = dataset_under(request, name)
    v1 = V1Request.from_query(pairs_of(request))

    def answer() -> HttpResponseBase:
        question = replace(
            v1.to_explore(names_of(target.source)), extra=identity_condition(target.source.shape, record_id)
        )
        page = page_of_records(engine(), target.source, question, 1, 0, identity=_identity(target), seconds=seconds())
        if not page.records:
            raise UnknownRecord(name=record_id)
        return answered(request, page.records[0])

    return unchanged(request, target, answer)


def download_of(request: HttpRequest, target: DatasetRequest, *, default: str) -> HttpResponseBase:
    """A file of the records of a dataset in the format asked for."""
    v1 = V1Request.from_query(pairs_of(request))
    name = (request.GET.get("format") or default).strip().lower()
    limit = None if v1.rows in (None, -1) else v1.rows
    if name in ("json", "jsonp"):
        return unchanged(request, target, lambda: _json_file(request, target, v1, limit))
    return unchanged(request, target, lambda: _file(request, target, v1, _ALSO.get(name, name), limit, v1.start))


def dataset_parameter(request: HttpRequest) -> DatasetRequest:
    """The dataset of the parameter ``dataset``."""
    dataset_id = request.GET.get("dataset", "").strip()
    if not dataset_id:
        raise MissingParameter(name="dataset")
    return dataset_under(request, dataset_id)


def dataset_under(request: HttpRequest, dataset_id: str) -> DatasetRequest:
    """The dataset of that identifier, or that bore it formerly: old clients follow no redirection with their parameters."""
    return result_under(request, dataset_id, resolve_dataset)


def result_under[Found](request: HttpRequest, dataset_id: str, find: Callable[[HttpRequest, str], Found]) -> Found:
    """What ``find`` finds under that identifier, or under the present one of a dataset that bore it formerly."""
    try:
        return find(request, dataset_id)
    except NotFound:
        present = renamed(actor_of_request(request), dataset_id)
        if present is None or present == dataset_id:
            raise
        return find(request, present)


def unchanged(request: HttpRequest, target: DatasetRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer with a validator, unless the question names the present time."""
    if any("#now" in value for _name, value in pairs_of(request)):
        response = answer()
        response["Cache-Control"] = "no-store"
        return response
    return unchanged_or(request, f"v1 {target.state}", answer, public=target.is_public, mark=target.mark)


def seconds() -> float:
    """The longest wait for the engine."""
    return settings.PARVIS["PARVIS_ENGINE_SECONDS"]


def _identity(target: DatasetRequest) -> Identity:
    return Identity(target.dataset.dataset_id, target.source.manifest.created)


def _file(
    request: HttpRequest, target: DatasetRequest, v1: V1Request, name: str, limit: int | None, start: int
) -> StreamingHttpResponse:
    chosen = export_format(name)
    question = replace(v1.to_explore(names_of(target.source)), limit=limit, offset=start, with_bom=False)
    setting = export_setting(target.dataset)
    pieces = export(engine(), target.source, name, question, seconds=seconds(), setting=setting)
    response = streamed(request, pieces, chosen.media_type)
    response["Content-Disposition"] = f'attachment; filename="{target.dataset.dataset_id}.{chosen.extension}"'
    return response


def _json_file(request: HttpRequest, target: DatasetRequest, v1: V1Request, limit: int | None) -> StreamingHttpResponse:
    question = v1.to_explore(names_of(target.source))
    pieces = json_pieces(
        engine(), target.source, question, limit, v1.start, identity=_identity(target), seconds=seconds()
    )
    response = streamed(request, pieces, JSON)
    response["Content-Disposition"] = f'attachment; filename="{target.dataset.dataset_id}.json"'
    return response
