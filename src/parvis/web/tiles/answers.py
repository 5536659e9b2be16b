"""Answers that never change for one address: strong ETag, sent once, compressed once."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag

from parvis.hub.catalogue.rules import cache_control

DAY, YEAR = 86_400, 31_536_000
SMALLEST_COMPRESSED = 200

MVT = "application/vnd.mapbox-vector-tile"


def cached_answer(
    request: HttpRequest, key: str, content_type: str, body: Callable[[], bytes], cache: str
) -> HttpResponse:
    """The answer named by ``key``: 304 to anyone who has it, 204 when ``body`` gives no bytes; ``body`` is called only at need."""
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    # One name for each form of the bytes: a strong ETag promises equal bytes.
    etag = quote_etag(hashlib.sha256(key.encode()).hexdigest()[:24] + ("-gz" if zipped else ""))
    etags = parse_etags(request.headers.get("If-None-Match", ""))
    if etag in etags or etags == ["*"]:
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


def stored_tile(request: HttpRequest, key: str, stored: Callable[[], bytes | None]) -> HttpResponse:
    """A tile that lies compressed in a file: sent as it lies to who takes gzip. Its address names it for ever."""
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    etag = quote_etag(hashlib.sha256(key.encode()).hexdigest()[:24] + ("-gz" if zipped else ""))
    etags = parse_etags(request.headers.get("If-None-Match", ""))
    if etag in etags or etags == ["*"]:
        return _headed(HttpResponseNotModified(), etag, for_ever())
    body = stored()
    if body is None:
        return _headed(HttpResponse(status=204), etag, for_ever())
    response = HttpResponse(body if zipped else gzip.decompress(body), content_type=MVT)
    if zipped:
        response["Content-Encoding"] = "gzip"
    return _headed(response, etag, for_ever())


def _headed(response: HttpResponse, etag: str, cache: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = cache
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def for_ever() -> str:
    """Cache-Control of what no dataset holds and an address names for ever: the base map."""
    return f"public, max-age={YEAR}, immutable"


def of_version(public: bool) -> str:
    """Cache-Control of a tile whose address names a version: the rows never change, the right to see them may."""
    return cache_control(public=public, seconds=DAY)


def revalidated(public: bool) -> str:
    """Cache-Control of what may change: asked again each time, by its ETag."""
    return cache_control(public=public)
