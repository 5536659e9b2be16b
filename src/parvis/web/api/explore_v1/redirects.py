"""Data at addresses of former portals outside ``/api`` (specification, section 11.3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from parvis.web.api.explore_v1.endpoint import v1_endpoint
from parvis.web.api.explore_v1.records import dataset_under, download_of


@v1_endpoint
def download(request: HttpRequest, name: str) -> HttpResponseBase:
    """``/explore/dataset/<id>/download/``: the file that thousands of scripts fetch."""
    return download_of(request, dataset_under(request, name), default="csv")
