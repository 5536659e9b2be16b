"""What every answer of the API has: methods, headers for other origins, errors as JSON, validators."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from parvis.core.errors import NotFound, ParvisError
from parvis.core.explore import ExploreRequest
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue import selectors as catalogue
from parvis.web.api.explore.problems import problem_of

PREFIX = "/api/explore/v2.1"
_READ = ("GET", "HEAD")
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Max-Age": "1000",
    # ODS-Widgets-Version and the others are sent by published clients: a preflight that forgets one breaks them.
    "Access-Control-Allow-Headers": "Authorization, X-Requested-With, Origin, ODS-API-Analytics-App, "
    "ODS-API-Analytics-Embed-Type, ODS-API-Analytics-Embed-Referrer, ODS-Widgets-Version, Accept, If-None-Match",
    "Access-Control-Expose-Headers": "ODS-Explore-API-Deprecation, Link, ETag, X-RateLimit-Remaining, X-RateLimit-Limit, "
    "X-RateLimit-Reset, X-RateLimit-dataset-Remaining, X-RateLimit-dataset-Limit, X-RateLimit-dataset-Reset",
}
CALLS_A_DAY = 10_000

type View = Callable[..., HttpResponseBase]


def door(view: View) -> View:
    """A view of the API: GET and HEAD answered, OPTIONS for other origins, all errors in the API's envelope."""

    @csrf_exempt
    @functools.wraps(view)
    def wrapped(request: HttpRequest, **names: str) -> HttpResponseBase:
        response = _answer(view, request, names)
        for name, value in _CORS.items():
            response[name] = value
        response["Content-Language"] = request.GET.get("lang") or "fr"
        patch_vary_headers(response, ["Accept-Language", "Cookie", "Host"])
        return response

    return wrapped


def _answer(view: View, request: HttpRequest, names: dict[str, str]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=200)
    if request.method not in _READ:
        body = {"error_code": "MethodNotAllowed", "message": f"Method {request.method} not allowed."}
        response = error_response(405, body)
        response["Allow"] = "GET, HEAD, OPTIONS"
        return response
    try:
        response = view(request, **names)
    except ParvisError as error:
        if isinstance(error, NotFound) and (address := _present_address(request, names)):
            return HttpResponsePermanentRedirect(address)
        return error_response(*problem_of(error, "attachment" if "slug" in names else "dataset"))
    response["X-RateLimit-Limit"] = str(CALLS_A_DAY)
    response["X-RateLimit-Remaining"] = str(CALLS_A_DAY)
    response["X-RateLimit-Reset"] = _next_midnight()
    return response


def error_response(status: int, body: dict[str, Any]) -> HttpResponse:
    """An error, indented as the live service does."""
    return HttpResponse(
        json.dumps(body, ensure_ascii=False, indent=2),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def json_response(body: Any) -> HttpResponse:
    """A success."""
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json; charset=utf-8")


def explore_request(request: HttpRequest) -> ExploreRequest:
    """The parameters of the request."""
    return ExploreRequest.from_query(_pairs(request))


def absolute(request: HttpRequest, path: str) -> str:
    """The full address of a path below the prefix."""
    return request.build_absolute_uri(PREFIX + path)


def _pairs(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.GET.lists():
        for value in values:
            yield name, value


def _next_midnight() -> str:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return f"{tomorrow.isoformat()} 00:00:00+00:00"


def _present_address(request: HttpRequest, names: dict[str, str]) -> str | None:
    """Where a renamed dataset is now, when that is why it was not found."""
    former = names.get("dataset_id", "")
    present = catalogue.renamed(actor_of(request.user), former) if former else None
    if not present or present == former:
        return None
    asked = request.get_full_path()
    address = re.sub(rf"/{re.escape(former)}(?=[/?]|$)", lambda _found: f"/{present}", asked, count=1)
    return address if address != asked else None
