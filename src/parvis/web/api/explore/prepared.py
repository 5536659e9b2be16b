"""Files made ahead, sent with their length: whole, in part, gzipped, or only their headers (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from parvis.core.errors import NotFound
from parvis.hub.datastore.prepared import Ready
from parvis.hub.store import store

_CHUNK = 1 << 18
_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.IGNORECASE)
_ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:\s*,|\s*$))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of the file: its bytes as they are, or gzipped on the way."""

    name: str
    tag: str
    is_coded: bool = False


@dataclass(frozen=True, slots=True)
class _Opened:
    """A form whose file is open: it can be sent whatever becomes of its name."""

    form: _Form
    stream: BinaryIO
    size: int
    modified: int


def send_prepared(
    request: HttpRequest, ready: Ready, media_type: str, filename: str, *, compressed: bool, public: bool
) -> HttpResponseBase | None:
    """The answer to a request for a file made ahead; None when the file was removed meanwhile, or has no gzipped twin."""
    form = _form(request, ready, compressed=compressed)
    if form is None:
        return None
    try:
        facts, stream = store().stat(form.name), store().open(form.name)
    except NotFound:
        return None
    response = _answer(request, _Opened(form, stream, facts.bytes, int(facts.changed)))
    response["Content-Type"] = "application/gzip" if compressed else media_type
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = form.tag
    response["Last-Modified"] = http_date(facts.changed)
    response["Cache-Control"] = "no-cache" if public else "private, no-cache"
    if form.is_coded:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    # What leaves here has its length and its parts: gzipping it anew on the way would make them lies.
    request.META["HTTP_ACCEPT_ENCODING"] = "identity"
    return response


def _form(request: HttpRequest, ready: Ready, *, compressed: bool) -> _Form | None:
    """The gzipped twin as a file of its own when asked for, or as a coding when the client takes it and wants no part of the
    plain bytes: a part is of the plain bytes unless the client shows that it began with the others."""
    plain, tag = _Form(ready.name, f'"{ready.digest}"'), f'"{ready.digest}-gz"'
    if compressed:
        return _Form(ready.packed, tag) if ready.packed else None
    coded = _Form(ready.packed, tag, is_coded=True) if ready.packed else None
    if coded is None or not _ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", "")):
        return plain
    if "Range" in request.headers:
        return coded if request.headers.get("If-Range", "").strip() == tag else plain
    return coded


def _answer(request: HttpRequest, opened: _Opened) -> HttpResponseBase:
    if _is_known(request, opened):
        opened.stream.close()
        return HttpResponse(status=304)
    span = _span(request, opened)
    if span is not None and span.start >= opened.size:
        opened.stream.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{opened.size}"})
    sent_bytes = span or range(opened.size)
    if request.method == "HEAD":
        opened.stream.close()
        response: HttpResponseBase = HttpResponse()
    elif span is None:
        response = FileResponse(opened.stream)
    else:
        response = StreamingHttpResponse(_part(opened.stream, span), status=206)
    response["Content-Length"] = str(len(sent_bytes))
    if span is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{opened.size}"
    return response


def _is_known(request: HttpRequest, opened: _Opened) -> bool:
    """Whether the client holds these very bytes."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        etags = {tag.removeprefix("W/") for tag in parse_etags(tags)}
        return bool(etags & {opened.form.tag, "*"})
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and opened.modified <= since


def _span(request: HttpRequest, opened: _Opened) -> range | None:
    """The one part asked for; None for the whole, which also answers several parts at once and parts of other bytes."""
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not match or not _same_bytes(request.headers.get("If-Range"), opened):
        return None
    first, last, tail = match.groups()
    if tail is not None:
        return range(max(opened.size - int(tail), 0) if int(tail) else opened.size, opened.size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, opened.size) if last else opened.size)


def _same_bytes(condition: str | None, opened: _Opened) -> bool:
    """Whether ``If-Range`` lets a part be sent: it names these bytes, or the very second they were written."""
    if condition is None:
        return True
    if condition.strip().startswith(('"', "W/")):
        return condition.strip() == opened.form.tag
    return parse_http_date_safe(condition) == opened.modified


def _part(stream: BinaryIO, span: range) -> Iterator[bytes]:
    with stream:
        stream.seek(span.start)
        left = len(span)
        while left and (piece := stream.read(min(_CHUNK, left))):
            left -= len(piece)
            yield piece
