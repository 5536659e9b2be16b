"""What every answer has: methods, quota, origins, validators, errors in the shape of the specification."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from parvis.core.errors import ParvisError
from parvis.core.translation import SOURCE, gettext_noop
from parvis.domains.deliberations.oparl.ledger import settle
from parvis.domains.deliberations.oparl.words import VERSION
from parvis.hub.addresses import absolute_url, canonical, without_prefix
from parvis.hub.api.errors import BadParameter
from parvis.hub.catalogue.rules import cache_control
from parvis.hub.quotas.metering import account_of
from parvis.hub.ui.errors import MethodNotAllowed

JSON = "application/json"
_READ = ("GET", "HEAD")
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Accept, If-None-Match, If-Modified-Since",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, X-RateLimit-Remaining, X-RateLimit-Limit, X-RateLimit-Reset",
    "Access-Control-Max-Age": "1000",
}
_VARYING = ("Authorization", "Cookie")

type View = Callable[..., HttpResponseBase]


class UnknownObject(BadParameter):
    """An address that leads to no object, and never did."""

    code = "oparl-unknown"
    status = 404
    sentence = gettext_noop("Aucun objet OParl n’est à l’adresse {name}.")
    advice = gettext_noop("Partez de /oparl/v1.1/system et suivez les adresses des réponses.")


class FileWithdrawn(BadParameter):
    """A file that was published, and is no longer."""

    code = "oparl-withdrawn"
    status = 410
    sentence = gettext_noop("Le fichier {name} n’est plus publié.")


def endpoint(view: View) -> View:
    """A view of the interface; what was noted since the last answer is looked at first.

    Objects have one address each, on the main site: sites of communes lead there.
    """

    @csrf_exempt
    @functools.wraps(view)
    def wrapped(request: HttpRequest, **names: Any) -> HttpResponseBase:
        response = _answer(view, request, names)
        for name, value in _CORS.items():
            response[name] = value
        patch_vary_headers(response, _VARYING)
        return response

    return wrapped


def answer(request: HttpRequest, body: dict[str, Any], modified: datetime | None = None) -> HttpResponseBase:
    """An object or a page of a list, or nothing when the caller has it already.

    A date to the second does not tell two changes of one second apart: the date of so late a change is not given.
    """
    text = json.dumps(body, ensure_ascii=False).encode()
    etag = f'W/"{hashlib.sha256(text).hexdigest()[:24]}"'
    if modified is not None and timezone.now() - modified < timedelta(seconds=2):
        modified = None
    whole = HttpResponse(text, content_type=JSON)
    stamp = None if modified is None else int(modified.timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=stamp, response=whole)
    response["ETag"], response["Cache-Control"] = etag, cache_control(public=True)
    if stamp is not None:
        response["Last-Modified"] = http_date(stamp)
    return response


def problem(error: ParvisError) -> HttpResponse:
    """An error as the specification writes it, in French as what is told is."""
    message = " ".join(filter(None, (error.message(SOURCE), error.hint(SOURCE))))
    body = {"type": f"{VERSION}Error", "message": message, "debug": error.code}
    headers = {"Cache-Control": "no-store", **error.headers()}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=error.status, content_type=JSON, headers=headers)


def _answer(view: View, request: HttpRequest, names: dict[str, Any]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=200)
    if request.method not in _READ:
        return problem(MethodNotAllowed(method=request.method, allowed="GET, HEAD, OPTIONS"))
    home = absolute_url(without_prefix(request.path))
    if canonical(request.path) != home:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{home}?{query}" if query else home)
    account = account_of(request)
    try:
        with account.calling():
            settle()
            response = view(request, **names)
        for name, value in account.headers().items():
            response[name] = value
    except ParvisError as error:
        return problem(error)
    return response
