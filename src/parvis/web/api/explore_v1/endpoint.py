"""What every answer of version 1 has besides what the present version gives: POST, JSONP, its own words for errors."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from parvis.core.explore import InvalidParameter
from parvis.core.explore_v1 import MissingParameter, UnknownV1Format
from parvis.web.api.explore.answers import PUBLIC
from parvis.web.api.explore.endpoint import endpoint

JSON = "application/json; charset=utf-8"
SCRIPT = "application/javascript; charset=utf-8"
_FETCHED_BY = ("Sec-Fetch-Site", "Sec-Fetch-Dest")
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]{0,99}(?:\.[A-Za-z_$][\w$]{0,99}){0,9}", re.ASCII)
_IN_SCRIPT = {"\u2028": "\\u2028", "\u2029": "\\u2029", "</": "<\\/"}

type View = Callable[..., HttpResponseBase]


def v1_endpoint(view: View) -> View:
    """A view of version 1: the door of the present version, reached by POST too, with ``error`` beside ``message``."""
    inner = endpoint(view)

    @csrf_exempt
    @functools.wraps(view)
    def wrapped(request: HttpRequest, **names: str) -> HttpResponseBase:
        posted = request.method == "POST"
        if posted:
            refused = _as_reading(request)
            if refused:
                return refused
        if is_script(request) and _is_own_page(request):
            return _for_own_page()
        if is_script(request):
            # A script is read by any site in the name of anyone who visits it: the session must open nothing here.
            request.user = AnonymousUser()
        response = inner(request, **names)
        if is_script(request):
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
            patch_vary_headers(response, _FETCHED_BY)
            request.META.pop(PUBLIC, None)  # what is kept is given again before anybody looks at these headers
        if posted:
            # What was asked is not in the address: nothing may be kept under it.
            del response["ETag"]
            response["Cache-Control"] = "no-store"
            request.META.pop(PUBLIC, None)
        return _reworded(response) if response.status_code >= 400 else response

    return wrapped


def _is_own_page(request: HttpRequest) -> bool:
    """Whether a page of this portal asks for the answer as a script.

    Our pages run no script but those of our own origin (``script-src 'self'``), and JSONP is a script of our origin whose
    first word anybody chooses: a fault that lets markup into a page would run code by it. Our pages never need it, and other
    sites, which it is for, are another origin. Browsers older than these headers (2023) are answered as before.
    """
    return request.META.get("HTTP_SEC_FETCH_SITE") == "same-origin" and request.META.get(
        "HTTP_SEC_FETCH_DEST", "script"
    ) not in ("document", "empty")


def _for_own_page() -> HttpResponse:
    body = {"error": "JSONP is for other sites: a page of this portal reads JSON."}
    headers = {**_NOSNIFF, "Cache-Control": "no-store", "Vary": ", ".join(_FETCHED_BY)}
    return HttpResponse(json.dumps(body), status=403, content_type=JSON, headers=headers)


def _as_reading(request: HttpRequest) -> HttpResponse | None:
    """The parameters of the body put with those of the address; an answer when the body is too large."""
    try:
        body = request.POST
    except (RequestDataTooBig, TooManyFieldsSent):
        return HttpResponse(json.dumps({"error": "Request body too large."}), status=413, content_type=JSON)
    query = request.GET.copy()
    for name, values in body.lists():
        for value in values:
            query.appendlist(name, value.replace("\0", ""))
    request.GET = query  # type: ignore[misc]
    request.method = "GET"
    request.META.pop("HTTP_IF_NONE_MATCH", None)
    return None


def pairs_of(request: HttpRequest) -> list[tuple[str, str]]:
    """All parameters, in order."""
    return [(name, value) for name, values in request.GET.lists() for value in values]


def format_of(request: HttpRequest, *formats: str) -> str:
    """The format asked for, the first of ``formats`` by default; UnknownV1Format for any other."""
    name = (request.GET.get("format") or formats[0]).strip().lower()
    if name not in formats:
        raise UnknownV1Format(name=name, formats=", ".join(formats))
    return name


def is_script(request: HttpRequest) -> bool:
    """True when the answer is a call of a function in a page (JSONP)."""
    return (request.GET.get("format") or "").strip().lower() in ("jsonp", "geojsonp")


def answered(request: HttpRequest, body: Any) -> HttpResponse:
    """A body as JSON, indented by ``pretty_print``, or handed to ``callback``."""
    pretty = (request.GET.get("pretty_print") or "").strip().lower() == "true"
    text = json.dumps(body, ensure_ascii=False, indent=2 if pretty else None)
    if not is_script(request):
        return HttpResponse(text, content_type=JSON)
    return HttpResponse(
        b"".join(called(request, [text.encode(errors="replace")])), content_type=SCRIPT, headers=_NOSNIFF
    )


def streamed(request: HttpRequest, pieces: Iterable[bytes], media_type: str) -> StreamingHttpResponse:
    """Pieces of JSON as they come, handed to ``callback`` when it is a script."""
    if not is_script(request):
        return StreamingHttpResponse(pieces, content_type=media_type)
    return StreamingHttpResponse(called(request, pieces), content_type=SCRIPT, headers=_NOSNIFF)


_NOSNIFF = {"X-Content-Type-Options": "nosniff"}


def called(request: HttpRequest, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A call of ``callback`` with that JSON; InvalidParameter, before the first piece, for what is no name of a function."""
    name = (request.GET.get("callback") or "").strip()
    if not name:
        raise MissingParameter(name="callback")
    if not _CALLBACK.fullmatch(name):
        raise InvalidParameter(name="callback", value=name[:100], expected="the name of a function")
    # The comment keeps the beginning of the answer out of the hands of anyone who chose the name.
    return _call(name, pieces)


def _call(name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield f"/**/{name}(".encode()
    for piece in pieces:
        text = piece.decode(errors="replace") if _needs_care(piece) else None
        if text is None:
            yield piece
        else:
            for special, written in _IN_SCRIPT.items():
                text = text.replace(special, written)
            yield text.encode()
    yield b");"


def _needs_care(piece: bytes) -> bool:
    return b"\xe2\x80\xa8" in piece or b"\xe2\x80\xa9" in piece or b"</" in piece


def _reworded(response: HttpResponseBase) -> HttpResponseBase:
    """An error with its text under the name that old clients read."""
    if isinstance(response, HttpResponse) and response["Content-Type"].startswith("application/json"):
        body = json.loads(response.content)
        if isinstance(body, dict) and "error" not in body and "message" in body:
            response.content = json.dumps({"error": body["message"], **body}, ensure_ascii=False, indent=2).encode()
    return response
