"""Answers that never change for one address: strong ETag, kept for ever, compressed once."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag

YEAR = 31_536_000
SMALLEST_COMPRESSED = 200

MVT = "application/vnd.mapbox-vector-tile"


def kept(request: HttpRequest, key: str, content_type: str, body: Callable[[], bytes], cache: str) -> HttpResponse:
    """The answer named by ``key``: 304 to whoever has it, 204 when ``body`` gives no bytes; ``body`` is called only at need."""
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    # One name for each form of the bytes: a strong ETag promises equal bytes.
    etag = quote_etag(hashlib.sha256(key.encode()).hexdigest()[:24] + ("-gz" if zipped else ""))
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    if etag in asked or asked == ["*"]:
        return _headed(HttpResponseNotModified(), etag, cache)
    content = body()
    if not content:
        return _headed(HttpResponse(status=204), etag, cache)
    response = HttpResponse(content_type=content_type)
    if zipped and len(content) >= SMALLEST_COMPRESSED:
        content = gzip.compress(content, compresslevel=5, mtime=0)
        response["Content-Encoding"] = "gzip"
    response.content = content
    return _headed(response, etag, cache)


def _headed(response: HttpResponse, etag: str, cache: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = cache
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def for_ever(public: bool) -> str:
    """Cache-Control of what an address names for ever; what is not public stays in the reader's own browser."""
    return f"{'public' if public else 'private'}, max-age={YEAR}, immutable"


def asked_again(public: bool) -> str:
    """Cache-Control of what may change: asked again each time, by its ETag."""
    return f"{'public' if public else 'private'}, no-cache"
