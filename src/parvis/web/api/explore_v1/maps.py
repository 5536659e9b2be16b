"""``/api/records/1.0/``: what map widgets ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from parvis.core.explore.query import names_of
from parvis.core.explore_v1 import V1Request
from parvis.core.explore_v1.geography import Map, bounding_box, clusters, polygons, preview
from parvis.hub.datastore.selectors import engine
from parvis.web.api.explore_v1.endpoint import answered, format_of, pairs_of, v1_endpoint
from parvis.web.api.explore_v1.records import dataset_parameter, seconds, unchanged


@v1_endpoint
def extent(request: HttpRequest) -> HttpResponseBase:
    """Where the records are, how many, and the types of their geometries."""
    return _answer(request, lambda asked, _pairs: bounding_box(asked))


@v1_endpoint
def geocluster(request: HttpRequest) -> HttpResponseBase:
    """Records near one another, gathered."""
    return _answer(request, clusters)


@v1_endpoint
def geopreview(request: HttpRequest) -> HttpResponseBase:
    """Geometries simplified for a zoom."""
    return _answer(request, preview)


@v1_endpoint
def geopolygon(request: HttpRequest) -> HttpResponseBase:
    """Records gathered by their geometry."""
    return _answer(request, polygons)


def _answer(request: HttpRequest, view: Callable[[Map, list[tuple[str, str]]], Any]) -> HttpResponseBase:
    target = dataset_parameter(request)
    pairs = pairs_of(request)
    v1 = V1Request.from_query(pairs)
    format_of(request, "json", "jsonp", "geojson", "geojsonp")

    def answer() -> HttpResponseBase:
        return answered(request, view(Map(engine(), target.source, names_of(target.source), v1, seconds()), pairs))

    return unchanged(request, target, answer)
