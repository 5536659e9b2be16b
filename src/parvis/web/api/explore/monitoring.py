"""The root ``monitoring``, where other portals keep datasets about their own use: it is there, and empty (decision 0036)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from parvis.core.errors import NotFound
from parvis.web.api.explore.catalog import listed, valued
from parvis.web.api.explore.endpoint import endpoint, explore_request, json_response
from parvis.web.api.explore.links import links
from parvis.web.api.explore.snapshot import empty_view


@endpoint
def monitoring(request: HttpRequest) -> HttpResponseBase:
    """What this root offers."""
    pairs = ((name, f"/monitoring/{name}") for name in ("datasets", "facets"))
    return json_response({"links": links(request, ("self", "/monitoring"), *pairs)})


@endpoint
def dataset_list(request: HttpRequest) -> HttpResponseBase:
    """No dataset; what is wrong with the question is told as elsewhere."""
    return listed(request, explore_request(request), empty_view(), public=True)


@endpoint
def facet_list(request: HttpRequest) -> HttpResponseBase:
    """Facets without values."""
    return valued(request, explore_request(request), empty_view(), public=True, root="monitoring")


@endpoint
def dataset(request: HttpRequest, name: str) -> HttpResponseBase:
    """Any dataset of this root, and whatever is below its address."""
    raise NotFound(name=name)
