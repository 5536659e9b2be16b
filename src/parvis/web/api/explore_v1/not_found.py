"""Addresses under the prefixes of version 1 that lead nowhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from parvis.web.api.explore.problems import UnknownAddress
from parvis.web.api.explore_v1.endpoint import v1_endpoint


@v1_endpoint
def unknown_address(request: HttpRequest) -> HttpResponseBase:
    """No such address."""
    raise UnknownAddress
