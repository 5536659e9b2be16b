"""What every answer of the API has: a caller, a budget, methods, headers for other origins, errors as JSON."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path
from django.views.decorators.csrf import csrf_exempt

from parvis.core.errors import NotFound, ParvisError
from parvis.core.explore import ExploreRequest
from parvis.core.explore.request import LANGUAGES
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import absolute_path
from parvis.hub.apikeys.requests import actor_of_request, shows_key
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.quotas.metering import Account, account_of, counted_file
from parvis.hub.quotas.rules import Refusal
from parvis.web.api.explore.problems import problem_of

PREFIX = "/api/explore/v2.1"
_READ = ("GET", "HEAD")
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, GET, OPTIONS",
    "Access-Control-Max-Age": "1000",
    # ODS-Widgets-Version and the others are sent by published clients: a preflight that forgets one breaks them.
    "Access-Control-Allow-Headers": "Authorization, X-Requested-With, Origin, ODS-API-Analytics-App, "
    "ODS-API-Analytics-Embed-Type, ODS-API-Analytics-Embed-Referrer, ODS-Widgets-Version, Accept, If-None-Match",
    "Access-Control-Expose-Headers": "ODS-Explore-API-Deprecation, Link, X-RateLimit-Remaining, X-RateLimit-Limit, "
    "X-RateLimit-Reset, X-RateLimit-dataset-Remaining, X-RateLimit-dataset-Limit, X-RateLimit-dataset-Reset, ETag, "
    "Retry-After",
}
"""On every answer (specification, section 1); ``If-None-Match``, ``ETag`` and ``Retry-After`` are ours."""
_UNKEPT = "no-cache, no-store, max-age=0, must-revalidate"

type View = Callable[..., HttpResponseBase]


def endpoint(view: View) -> View:
    """A view of the API: GET and HEAD answered, OPTIONS for other origins, all errors in the API's envelope."""

    @csrf_exempt
    @functools.wraps(view)
    def wrapped(request: HttpRequest, **names: str) -> HttpResponseBase:
        response = _headed(_answer(view, request, names), CORS)
        lang = request.GET.get("lang")
        response["Content-Language"] = lang if lang in LANGUAGES else "fr"
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
        return metered(view, request, names, actor_of_request(request))
    except Refusal as error:
        response = error_response(error.status, error.body())
        return _headed(response, error.headers())
    except ParvisError as error:
        response = error_response(*problem_of(error, "attachment" if "slug" in names else "dataset"))
        response = _headed(response, error.headers())
        return _headed(response, {"WWW-Authenticate": "Apikey"}) if response.status_code == 401 else response


type Moved = Callable[[HttpRequest, str, str], str | None]
"""The address asked, with the present identifier of a dataset for its former one; None when that does not stand in it."""


def metered(
    view: View, request: HttpRequest, names: dict[str, str], actor: Actor, moved: Moved | None = None
) -> HttpResponseBase:
    """The answer of a view from the budget of its caller; that of a renamed dataset at its present address.

    Around the whole view, not the engine alone: each call is one, and tells what is left of the budget.
    """
    with account_of(request).working(names.get("dataset_id", "")) as account:
        try:
            response = view(request, **names)
        except NotFound:
            present = _present_id(actor, names)
            address = (moved or present_address)(request, names["dataset_id"], present) if present else None
            if address is None:
                raise
            if not shows_key(request):
                return HttpResponsePermanentRedirect(address)
            # A redirect would lose the key of the address, which no address of ours may hold.
            response = view(request, **{**names, "dataset_id": present})
        if isinstance(response, FileResponse):
            counted_file(request, actor, response)
        elif isinstance(response, StreamingHttpResponse):
            _meter_stream(response, account)
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = _UNKEPT
    return _headed(response, account.headers())


def _headed(response: HttpResponseBase, headers: Mapping[str, str]) -> HttpResponseBase:
    for name, value in headers.items():
        response[name] = value
    return response


def _meter_stream(response: StreamingHttpResponse, account: Account) -> None:
    """Count the making of the pieces, which comes after the view."""
    try:
        response.streaming_content = account.over(response.streaming_content)
    except Refusal:
        # Not response.close(), which would end the request, and its database connection, before it is answered.
        for close in response._resource_closers:
            close()
        raise


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
    return request.build_absolute_uri(absolute_path(PREFIX + path))


def _pairs(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.GET.lists():
        for value in values:
            yield name, value


def _present_id(actor: Actor, names: dict[str, str]) -> str | None:
    """What a renamed dataset is called now, when that is why it was not found."""
    former = names.get("dataset_id", "")
    present = catalogue.renamed(actor, former) if former else None
    return present if present != former else None


def present_address(request: HttpRequest, former: str, present: str) -> str | None:
    """The same address with the present identifier; None when the former one does not stand in its path."""
    full_path = request.get_full_path()
    written = re.escape(escape_uri_path(former))  # as that path has it
    address = re.sub(rf"/{written}(?=[/?]|$)", lambda _found: f"/{present}", full_path, count=1)
    return address if address != full_path else None
