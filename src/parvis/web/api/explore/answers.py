"""Answers that need not be made again: validators of what the client already has, bodies kept in memory.

Versions never change, so an answer is known by what it was computed from (``state``: a version and its card), its address
and the question in normal form. Every answer still goes through the rights of its view before it is looked for here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import parse_etags

from parvis.core.explore.request import REPEATED
from parvis.hub.caches import byte_cache

PUBLIC = "parvis.public"
"""Key of the WSGI environment under which an answer is said to be the same for everybody (see ``response_cache``): what it rests on."""

type Mark = tuple[str, int]
"""The dataset that an answer rests on, and its stamp; no dataset (``WHOLE``) for what rests on the whole catalogue."""

WHOLE: Mark = ("", 0)

JSON = "application/json; charset=utf-8"
_CHANGING = re.compile(r"\b(?:now|random)\s*\(", re.IGNORECASE)
_KEYS = frozenset({"apikey", "access_token"})
_DEFAULTS = frozenset(
    {
        ("limit", "10"),
        ("rows", "10"),
        ("offset", "0"),
        ("lang", "fr"),
        ("timezone", "UTC"),
        ("select", "*"),
        ("include_app_metas", "false"),
    }
)
"""What a page of rows, facets or one record means when nothing is said: such a parameter changes no answer."""

_TOLD_BY_NAME = frozenset({"after"})
"""Parameters that ask for something even without a value."""


def unchanged_or(
    request: HttpRequest, state: str, answer: Callable[[], HttpResponseBase], *, public: bool, mark: Mark = WHOLE
) -> HttpResponseBase:
    """``answer()`` with a strong validator, or 304 when the client already has it.

    ``mark`` says on which dataset a public answer rests when it is one alone. ``state`` names everything the answer depends on besides its address. Clients must ask again each time: the same
    address answers otherwise as soon as a version is published. What changes by itself (``now``, ``random``) has no validator.
    """
    if _changes_by_itself(request):
        return _unkept(answer())
    return _validated(request, _digest(state, request, _parameters(request)), answer, mark if public else None)


def cached_json(
    request: HttpRequest, state: str, answer: Callable[[], Any], *, public: bool, mark: Mark = WHOLE
) -> HttpResponseBase:
    """The JSON of ``answer()``, kept for all who ask the same of the same ``state``, with a validator as above.

    Questions that differ by the order of their parameters, or by parameters that say what is implied, are the same.
    For pages of rows, facets, records and the catalogue; not for exports, whose defaults are others.
    """
    if _changes_by_itself(request):
        return _unkept(HttpResponse(_json(answer()), content_type=JSON))
    key = _digest(state, request, _normal(request))

    def kept() -> HttpResponse:
        body: bytes | None = byte_cache("records").get(key)
        if body is None:
            body = _json(answer())
            byte_cache("records").put(key, body, len(body))
        return HttpResponse(body, content_type=JSON)

    return _validated(request, key, kept, mark if public else None)


def passing_json(body: Any) -> HttpResponseBase:
    """The JSON of what another portal answered at this moment, which says nothing of the next."""
    return _unkept(HttpResponse(_json(body), content_type=JSON))


def forget_answers() -> None:
    """Forget every kept body; for tests."""
    byte_cache("records").clear()


def _validated(
    request: HttpRequest, tag: str, answer: Callable[[], HttpResponseBase], mark: Mark | None
) -> HttpResponseBase:
    """``mark`` is None for what is not the same for everybody."""
    etags = {asked.removeprefix("W/") for asked in parse_etags(request.headers.get("If-None-Match", ""))}
    response = HttpResponse(status=304) if etags & {f'"{tag}"', "*"} else answer()
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = "private, no-cache" if mark is None else "no-cache"
    if mark is not None:
        request.META[PUBLIC] = mark
    return response


def _unkept(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "no-store"
    return response


def _parameters(request: HttpRequest) -> list[tuple[str, str]]:
    """The parameters in their order, without keys: they change no answer."""
    pairs = ((name, value) for name, values in request.GET.lists() for value in values)
    return [pair for pair in pairs if pair[0] not in _KEYS]


def _normal(request: HttpRequest) -> list[tuple[str, str]]:
    """The same question always the same; as it was asked where links repeat it or where the last of several values wins."""
    pairs = _parameters(request)
    names = [name for name, _value in pairs if name not in REPEATED]
    if len(names) > len(set(names)) or {"rows", "limit"} <= set(names) or "include_links" in names:
        return pairs
    significant = (pair for pair in pairs if pair not in _DEFAULTS and (pair[1].strip() or pair[0] in _TOLD_BY_NAME))
    return sorted(significant, key=lambda pair: pair[0])


def _digest(state: str, request: HttpRequest, pairs: list[tuple[str, str]]) -> str:
    # Bodies hold absolute links: the host and the scheme belong to the question.
    whole = repr((state, request.scheme, request.get_host(), request.path, pairs))
    return hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()[:32]


def _changes_by_itself(request: HttpRequest) -> bool:
    return any(_CHANGING.search(value) for values in request.GET.lists() for value in values[1])


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode(errors="replace")
