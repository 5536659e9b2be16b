"""Addresses for programs: what those of the portal and of modules share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from parvis.core.errors import ParvisError
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.ui.errors import MethodNotAllowed, as_json


def api_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """GET and HEAD, for any origin, given who asks (session or key); errors as JSON with their code and advice."""

    @wraps(view)
    def shown(request: HttpRequest, **names: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            response: HttpResponse = as_json(MethodNotAllowed(method=request.method, allowed="GET, HEAD"))
        else:
            try:
                response = view(request, actor_of_request(request), **names)
            except ParvisError as error:
                response = as_json(error)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
        return response

    return shown
