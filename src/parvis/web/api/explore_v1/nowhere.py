"""Addresses under the prefixes of version 1 that lead nowhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from parvis.web.api.explore.problems import UnknownAddress
from parvis.web.api.explore_v1.door import v1_door


@v1_door
def nowhere(request: HttpRequest) -> HttpResponseBase:
    """No such address."""
    raise UnknownAddress
