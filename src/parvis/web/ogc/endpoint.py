"""What every answer of OGC API – Features has: methods, negotiation, headers for other origins, errors in its shape."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from parvis.core.errors import NotFound, ParvisError
from parvis.core.explore import InvalidParameter
from parvis.core.translation import gettext_noop
from parvis.hub.addresses import absolute_path
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.languages import reader_language

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"

_READ = ("GET", "HEAD")
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Accept, Accept-Language, If-None-Match",
    "Access-Control-Expose-Headers": "Link, Content-Crs, ETag",
    "Access-Control-Max-Age": "1000",
}
_CODES = {
    400: "InvalidParameterValue",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    429: "TooManyRequests",
    503: "ServerBusy",
}
_EVERYWHERE = frozenset({"f", "lang", "apikey", "access_token"})
"""Parameters that any address takes."""

type View = Callable[..., HttpResponseBase]


class UnknownPath(NotFound):
    """A path under the prefix that leads nowhere."""

    code = "ogc-address"
    sentence = gettext_noop("Cette adresse n’existe pas.")


def endpoint(*parameters: str, open_to_others: bool = False) -> Callable[[View], View]:
    """A view of the standard's addresses, taking these parameters; any other is refused (part 1, requirement 8)."""

    def decorated(view: View) -> View:
        @csrf_exempt
        @functools.wraps(view)
        def wrapped(request: HttpRequest, **names: str) -> HttpResponseBase:
            response = _answer(view, request, names, None if open_to_others else _EVERYWHERE.union(parameters))
            for name, value in _CORS.items():
                response[name] = value
            patch_vary_headers(response, ["Accept", "Accept-Language", "Authorization", "Cookie"])
            return response

        return wrapped

    return decorated


def _answer(
    view: View, request: HttpRequest, names: dict[str, str], accepted: frozenset[str] | None
) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=200)
    if request.method not in _READ:
        response = problem(request, 405, f"{request.method} : GET, HEAD")
        response["Allow"] = "GET, HEAD, OPTIONS"
        return response
    try:
        if accepted is not None:
            refuse_unknown(request, accepted)
        return view(request, **names)
    except ParvisError as error:
        if error.status == 404 and (address := _present_address(request, names)):
            return HttpResponsePermanentRedirect(address)
        language = get_language() or "fr"
        response = problem(
            request, error.status, " ".join(filter(None, (error.message(language), error.hint(language))))
        )
        for name, value in error.headers().items():
            response[name] = value
        return response


def refuse_unknown(request: HttpRequest, accepted: Iterable[str]) -> None:
    """InvalidParameter for the first parameter that this address does not take."""
    taken = sorted(accepted)
    for name in request.GET:
        if name not in taken:
            raise InvalidParameter(name=name[:100], value=request.GET[name][:100], expected=" | ".join(taken))


def problem(request: HttpRequest, status: int, description: str) -> HttpResponse:
    """An error, as the standard's exception or as a page."""
    try:
        page = wants_html(request)
    except InvalidParameter:
        page = False
    if page:
        response = render(request, "ogc/error.html", {"description": description}, status=status)
        response["Cache-Control"] = "no-store"
        return response
    body = {"code": _CODES.get(status, "NoApplicableCode"), "description": description}
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type=JSON, headers={"Cache-Control": "no-store"}
    )


def wants_html(request: HttpRequest) -> bool:
    """Whether a page is asked for: by ``f``, else by the preferences that the Accept header states."""
    form = request.GET.get("f", "")
    if form in ("json", "geojson", "html"):
        return form == "html"
    if form:
        raise InvalidParameter(name="f", value=form[:100], expected="json | html")
    return request.get_preferred_type([JSON, GEOJSON, OPENAPI, HTML]) == HTML


def card_language(request: HttpRequest) -> str:
    """The language of cards: that of ``lang``, else that of the page, else the first of ``Accept-Language`` that they are in."""
    name = request.GET.get("lang", "") or (get_language() if wants_html(request) else None)
    return reader_language(name, request.headers.get("Accept-Language", ""))


def base(request: HttpRequest) -> str:
    """The full address of the landing page."""
    return request.build_absolute_uri(absolute_path("/ogc"))


def link(href: str, rel: str, kind: str, title: str = "") -> dict[str, str]:
    """A link as the standard writes it."""
    return {"href": href, "rel": rel, "type": kind, **({"title": title} if title else {})}


def self_links(request: HttpRequest, kind: str = JSON) -> list[dict[str, str]]:
    """``self`` and ``alternate``: this address in both forms."""
    forms = {"json": kind, "html": HTML}
    mine = "html" if wants_html(request) else "json"
    links = []
    for name, media in forms.items():
        query = request.GET.copy()
        query["f"] = name
        address = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        links.append(link(address, "self" if name == mine else "alternate", media))
    return sorted(links, key=lambda one: one["rel"] != "self")


def answer(
    request: HttpRequest, body: dict[str, Any], template: str, kind: str = JSON, **facts: Any
) -> HttpResponseBase:
    """A document as JSON or as the page of a template, which sees it as ``body``."""
    if wants_html(request):
        return render(request, template, {"body": body, **facts})
    text = json.dumps(body, ensure_ascii=False)
    tag = etag(text)
    if unchanged(request, tag):
        return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": "private, no-cache"})
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", **link_header(body.get("links", ()))}
    return HttpResponse(text, content_type=kind, headers=headers)


MOST_LINKS = 2_000
"""Characters of the ``Link`` header."""


def link_header(links: Sequence[dict[str, str]]) -> dict[str, str]:
    """The links of a document as a header, those of one ``rel`` and form each, as long as they fit; all are in the body.

    A question may be as long as an address: its links repeated in a header would pass what proxies (nginx: 4 kB of headers by
    default) and clients (Python: 64 kB a line) read.
    """
    values: list[str] = []
    for entry in links:
        value = f'<{entry["href"]}>; rel="{entry["rel"]}"; type="{entry["type"]}"'
        if value.isascii() and len(value) + sum(map(len, values)) <= MOST_LINKS:
            values.append(value)
    return {"Link": ", ".join(values)} if values else {}


def etag(text: str) -> str:
    """A weak validator of a text; weak, since answers have the instant at which they were made."""
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def unchanged(request: HttpRequest, tag: str) -> bool:
    """Whether the caller has this answer already."""
    etags = parse_etags(request.headers.get("If-None-Match", ""))
    return etags == ["*"] or tag.removeprefix("W/") in {one.removeprefix("W/") for one in etags}


def streamed(pieces: Iterable[bytes], kind: str, headers: dict[str, str]) -> StreamingHttpResponse:
    """An answer sent as it is made."""
    return StreamingHttpResponse(pieces, content_type=kind, headers=headers)


def _present_address(request: HttpRequest, names: dict[str, str]) -> str | None:
    """Where a renamed dataset is now, when that is why it was not found."""
    former = names.get("dataset_id", "")
    present = former and catalogue.renamed(actor_of_request(request), former)
    if not present or present == former:
        return None
    address = request.get_full_path()
    holder = _OF_RECORDS if _OF_RECORDS in address else "/collections/"
    return address.replace(f"{holder}{former}", f"{holder}{present}", 1)


_OF_RECORDS = "/collections/catalogue/items/"
"""Where datasets are records, and no collections."""
