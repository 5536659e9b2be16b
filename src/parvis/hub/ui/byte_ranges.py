"""Bytes of known length as they are sent: whole, in part, or only their headers (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date, parse_etags, parse_http_date_safe

_CHUNK = 1 << 18
_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpenedBytes:
    """An open file, which can be sent whatever becomes of its name: its strong ETag, its length, the second of its last change."""

    tag: str
    stream: BinaryIO
    size: int
    modified: int


def bytes_answer(request: HttpRequest, opened: OpenedBytes) -> HttpResponseBase:
    """The whole, a part, only the headers, or that the client holds them already; the stream is closed once sent."""
    response = _answer(request, opened)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = opened.tag
    response["Last-Modified"] = http_date(opened.modified)
    # What leaves here has its length and its parts: gzipping it anew on the way would make them lies.
    request.META["HTTP_ACCEPT_ENCODING"] = "identity"
    return response


def _answer(request: HttpRequest, opened: OpenedBytes) -> HttpResponseBase:
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


def _is_known(request: HttpRequest, opened: OpenedBytes) -> bool:
    """Whether the client holds these very bytes."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        etags = {tag.removeprefix("W/") for tag in parse_etags(tags)}
        return bool(etags & {opened.tag, "*"})
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and opened.modified <= since


def _span(request: HttpRequest, opened: OpenedBytes) -> range | None:
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


def _same_bytes(condition: str | None, opened: OpenedBytes) -> bool:
    """Whether ``If-Range`` lets a part be sent: it names these bytes, or the very second they were written."""
    if condition is None:
        return True
    if condition.strip().startswith(('"', "W/")):
        return condition.strip() == opened.tag
    return parse_http_date_safe(condition) == opened.modified


def _part(stream: BinaryIO, span: range) -> Iterator[bytes]:
    with stream:
        stream.seek(span.start)
        left = len(span)
        while left and (piece := stream.read(min(_CHUNK, left))):
            left -= len(piece)
            yield piece
