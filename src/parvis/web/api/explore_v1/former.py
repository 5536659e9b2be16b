"""Data at addresses of former portals outside ``/api`` (specification, section 11.3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from parvis.web.api.explore_v1.door import v1_door
from parvis.web.api.explore_v1.records import asked_under, download_of


@v1_door
def download(request: HttpRequest, name: str) -> HttpResponseBase:
    """``/explore/dataset/<id>/download/``: the file that thousands of scripts fetch."""
    return download_of(request, asked_under(request, name), default="csv")
