"""``swagger.json`` and ``openapi.json``: what the Explore API is, for programs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from parvis.hub.addresses import here
from parvis.web.api.description.operations import EXPLORE
from parvis.web.api.explore.door import door, explore_request, json_response
from parvis.web.openapi import openapi


@door
def description(request: HttpRequest) -> HttpResponseBase:
    """The description in OpenAPI 3.1, in French, or in English with ``lang=en``."""
    origin = request.build_absolute_uri(here("/")).rstrip("/")
    return json_response(_described(origin, "en" if explore_request(request).lang == "en" else "fr"))


@lru_cache(maxsize=8)
def _described(origin: str, language: str) -> dict[str, Any]:
    return openapi(EXPLORE, origin, language)
