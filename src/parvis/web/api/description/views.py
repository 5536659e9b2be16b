"""``swagger.json`` and ``openapi.json``: what the Explore API is, for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from parvis.core.translation import supported
from parvis.hub.api.house import origin_of
from parvis.web.api.description.operations import document
from parvis.web.api.explore.endpoint import endpoint, explore_request, json_response


@endpoint
def description(request: HttpRequest) -> HttpResponseBase:
    """The description in OpenAPI 3.1, in French, or in another language with ``lang``."""
    return json_response(document(origin_of(request), supported(explore_request(request).lang)))
