"""The views of version 2.0: each asks that of version 2.1 and gives its answer the former shape."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from parvis.core.odsql import parse_group_by, parse_select
from parvis.hub.addresses import absolute_path
from parvis.web.api.explore import catalog, datasets, files
from parvis.web.api.explore.endpoint import absolute
from parvis.web.api.explore_v2_0 import shapes

FEATURE = "EXPLORE_API_V2_0"
SUCCESSOR = "The version 2.0 of this API is deprecated: use the version 2.1"
MOST_GROUPS = "20000"
_LINKED = {"include_links": "true"}
_IDENTIFIED = {**_LINKED, "include_app_metas": "true"}
_FORMER_FORMATS = {"xls": "xlsx"}

type View = Callable[..., HttpResponseBase]


def former(view: View, shape: Callable[[Any], Any] | None = None, forced: dict[str, str] | None = None) -> View:
    """A view of version 2.1 whose parameters are completed and whose successes are reshaped; always told deprecated."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, **names: str) -> HttpResponseBase:
        _force(request, forced or {})
        return _v2_0_body(request, _reshaped(request, view(request, **names), shape))

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]
    return wrapped


def _force(request: HttpRequest, forced: dict[str, str]) -> None:
    query = request.GET.copy()
    for name, value in forced.items():
        query[name] = value
    request.GET = query  # type: ignore[misc]


def _reshaped(request: HttpRequest, response: HttpResponseBase, shape: Callable[[Any], Any] | None) -> HttpResponseBase:
    is_json = response.get("Content-Type", "").startswith("application/json")
    if response.status_code != 200 or not is_json or not isinstance(response, HttpResponse):
        return response
    present = absolute(request, "").removesuffix("/")
    prefix = "/api/v2" if request.path_info.startswith("/api/v2/") else "/api/explore/v2.0"
    old = json.dumps(present)[1:-1]
    text = response.content.decode().replace(
        f'"href": "{old}', f'"href": "{request.build_absolute_uri(absolute_path(prefix))}'
    )
    body = json.loads(text)
    response.content = json.dumps(shape(body) if shape else body, ensure_ascii=False).encode()
    return response


def _v2_0_body(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response["ODS-Explore-API-Deprecation"] = f"{FEATURE}: {SUCCESSOR}"
    response["Link"] = f'<{absolute(request, "/")}>; rel="successor-version"'
    return response


def aggregates(request: HttpRequest, **names: str) -> HttpResponseBase:
    """Groups, or the one row of aggregations without ``group_by``."""
    group_by = ", ".join(text for text in request.GET.getlist("group_by") if text.strip())
    select = request.GET.get("select", "")
    limit = request.GET.get("limit", "").strip() or MOST_GROUPS
    _force(request, {"group_by": group_by, "limit": limit if group_by else "1", "include_links": "false"})

    def shape(body: shapes.Body) -> shapes.Body:
        groups = parse_group_by(group_by) if group_by else ()
        if not groups and not body["results"] and select.strip():
            return {"aggregations": [shapes.nothing(parse_select(select))]}
        return shapes.aggregations(body["results"], groups)

    if "dataset_id" in names:
        return _v2_0_body(request, _reshaped(request, datasets.record_list(request, **names, technical=True), shape))
    return _v2_0_body(request, _reshaped(request, catalog.dataset_list(request), shape))


aggregates.csrf_exempt = True  # type: ignore[attr-defined]


def export(request: HttpRequest, dataset_id: str, format_name: str) -> HttpResponseBase:
    """A file with the defaults of this version: no mark before the CSV, descriptions in the GPX, dates counted in GeoJSON."""
    defaults = {"with_bom": "false", "use_extension": "false"}
    _force(request, {name: value for name, value in defaults.items() if name not in request.GET})
    name = _FORMER_FORMATS.get(format_name, format_name)
    counted = name == "geojson"
    names = {"dataset_id": dataset_id, "format_name": name}
    return _v2_0_body(request, files.export_file(request, **names, counted_instants=counted, technical=True))


export.csrf_exempt = True  # type: ignore[attr-defined]


def record_list(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """A page of records; parts of dates are texts."""
    return _records(request, shapes.record_page, datasets.record_list, dataset_id=dataset_id)


def one_record(request: HttpRequest, dataset_id: str, record_id: str) -> HttpResponseBase:
    """A record; parts of dates are texts."""
    return _records(request, shapes.one_record, datasets.one_record, dataset_id=dataset_id, record_id=record_id)


def _records(
    request: HttpRequest, shape: Callable[[shapes.Body, frozenset[str]], shapes.Body], view: View, **names: str
) -> HttpResponseBase:
    select = request.GET.get("select", "")

    def shaped(body: shapes.Body) -> shapes.Body:
        return shape(body, shapes.date_parts(parse_select(select)) if select.strip() else frozenset())

    _force(request, _IDENTIFIED)
    return _v2_0_body(request, _reshaped(request, view(request, **names, technical=True), shaped))


record_list.csrf_exempt = one_record.csrf_exempt = True  # type: ignore[attr-defined]
dataset_list = former(catalog.dataset_list, shapes.dataset_page, _LINKED)
dataset = former(datasets.dataset, shapes.one_dataset, _LINKED)
