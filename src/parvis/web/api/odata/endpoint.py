"""What every answer of the service has: a caller, a budget, methods, the version of the protocol, errors in its shape."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from parvis.core.errors import ParvisError
from parvis.core.odata.edm import set_name
from parvis.hub.addresses import absolute_path
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.catalogue.languages import reader_language
from parvis.hub.quotas.rules import Refusal
from parvis.web.api.explore.endpoint import metered, present_address
from parvis.web.api.odata.negotiation import VERSION, require_version

PREFIX = "/odata"
_READ = ("GET", "HEAD")
_HEADERS = {
    "OData-Version": VERSION,
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Accept, Accept-Language, If-None-Match, Prefer, OData-MaxVersion, OData-Version",
    "Access-Control-Expose-Headers": "OData-Version, Preference-Applied, ETag, Retry-After",
    "Access-Control-Max-Age": "1000",
}

type View = Callable[..., HttpResponseBase]


def endpoint(view: View) -> View:
    """A view of the service: GET and HEAD answered, OPTIONS for other origins, all errors in the shape of OData."""

    @csrf_exempt
    @functools.wraps(view)
    def wrapped(request: HttpRequest, **names: str) -> HttpResponseBase:
        response = _answer(view, request, names)
        for name, value in _HEADERS.items():
            response[name] = value
        patch_vary_headers(response, ["Accept", "Accept-Language", "Authorization", "Cookie", "Prefer"])
        return response

    return wrapped


def _answer(view: View, request: HttpRequest, names: dict[str, str]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=200)
    if request.method not in _READ:
        response = error_response(405, "MethodNotAllowed", f"{request.method} : GET, HEAD")
        response["Allow"] = "GET, HEAD, OPTIONS"
        return response
    try:
        require_version(request)
        return metered(view, request, names, actor_of_request(request), _moved)
    except Refusal as error:
        body = error.body()
        return _headed(error_response(error.status, "TooManyRequests", str(body.get("error", error))), error.headers())
    except ParvisError as error:
        language = get_language() or "fr"
        message = " ".join(filter(None, (error.message(language), error.hint(language))))
        response = error_response(error.status, error.code, message, str(error.details.get("option", "")))
        response = _headed(response, error.headers())
        # Excel and Power BI then ask for a name and a password: the password is a key.
        return (
            _headed(response, {"WWW-Authenticate": 'Basic realm="OData"'}) if response.status_code == 401 else response
        )


def error_response(status: int, code: str, message: str, target: str = "") -> HttpResponse:
    """An error as OData writes it."""
    body: dict[str, Any] = {"code": code, "message": message, **({"target": target} if target else {})}
    return HttpResponse(
        json.dumps({"error": body}, ensure_ascii=False),
        status=status,
        content_type="application/json;charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def service_root(request: HttpRequest, dataset_id: str = "") -> str:
    """The full address of a service, that of the catalogue without a dataset."""
    return request.build_absolute_uri(absolute_path(f"{PREFIX}/{dataset_id}/" if dataset_id else f"{PREFIX}/"))


def card_language(request: HttpRequest) -> str:
    """The language of titles and labels: that of ``lang``, else the first of ``Accept-Language`` that cards are in."""
    return reader_language(request.GET.get("lang", ""), request.headers.get("Accept-Language", ""))


def _headed(response: HttpResponse, headers: Mapping[str, str]) -> HttpResponse:
    for name, value in headers.items():
        response[name] = value
    return response


def _moved(request: HttpRequest, former: str, present: str) -> str | None:
    """The address with the present identifier of a dataset, and the name of its entity set, which is made of it."""
    address = present_address(request, former, present)
    if address is None:
        return None
    named = rf"/{re.escape(present)}/{re.escape(set_name(former))}(?=[/(?]|$)"
    return re.sub(named, f"/{present}/{set_name(present)}", address, count=1)
