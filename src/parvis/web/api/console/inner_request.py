"""The request of the console, answered by the API's own door within the same process: same rights, budget and errors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve

SHOWN_BYTES = 60_000
_TEXTS = ("text/", "application/json", "application/xml", "application/ld+json", "application/rdf+xml", "+xml", "+json")
_HEADERS = ("Content-Type", "ETag", "X-RateLimit-Remaining", "X-RateLimit-Limit", "Location", "Retry-After")
_SHORT = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_ACCEPT_ENCODING"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, a few headers, and the beginning of the body when it is text."""

    status: int
    headers: tuple[tuple[str, str], ...]
    text: str
    is_text: bool
    is_cut: bool

    @property
    def is_good(self) -> bool:
        """Whether it is a success or a redirection."""
        return self.status < 400


def ask(request: HttpRequest, address: str) -> Answer:
    """The answer to GET ``address``, asked by anyone who asks for ``request``."""
    inner = _inner(request, address)
    match = resolve(inner.path_info)
    response = match.func(inner, *match.args, **match.kwargs)
    try:
        return _answer(response)
    finally:
        # Not response.close(), which would end the request of the page, and its database connection, before it is shown.
        for close in response._resource_closers:
            close()


def _inner(request: HttpRequest, address: str) -> WSGIRequest:
    path, _mark, query = address.partition("?")
    inherited = {name: value for name, value in request.META.items() if name not in _SHORT}
    decoded = unquote_to_bytes(path).decode("latin-1")  # as WSGI wants it
    environ = {**inherited, "REQUEST_METHOD": "GET", "PATH_INFO": decoded, "QUERY_STRING": query, "HTTP_ACCEPT": "*/*"}
    inner = WSGIRequest({"wsgi.input": None, **environ})
    inner.user = request.user
    inner.session = request.session
    return inner


def _answer(response: HttpResponseBase) -> Answer:
    kind = response.headers.get("Content-Type", "")
    is_text = any(kind.startswith(known) or known in kind for known in _TEXTS)
    data, more = _beginning(response) if is_text else (b"", False)
    text = data.decode("utf-8", "replace")
    if not more and "json" in kind and text:
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2) if _is_one_document(kind) else text
    is_cut = more or len(text) > SHOWN_BYTES
    headers = tuple((name, response.headers[name]) for name in _HEADERS if name in response.headers)
    return Answer(response.status_code, headers, text[:SHOWN_BYTES], is_text, is_cut)


def _is_one_document(kind: str) -> bool:
    return not kind.startswith(("application/jsonl", "application/x-ndjson"))


def _beginning(response: HttpResponseBase) -> tuple[bytes, bool]:
    """The first bytes, and whether there are more."""
    if not response.streaming:
        return response.content, False
    data = b""
    for piece in response.streaming_content:
        data += piece
        if len(data) > SHOWN_BYTES:
            return data[:SHOWN_BYTES], True
    return data, False
