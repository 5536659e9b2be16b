"""Files made ahead, sent with their length: whole, in part, gzipped, or only their headers (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from parvis.core.errors import NotFound
from parvis.hub.datastore.prepared import Ready
from parvis.hub.store import store
from parvis.hub.ui.byte_ranges import OpenedBytes, bytes_answer

_ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:\s*,|\s*$))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of the file: its bytes as they are, or gzipped on the way."""

    name: str
    tag: str
    is_coded: bool = False


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
    response = bytes_answer(request, OpenedBytes(form.tag, stream, facts.bytes, int(facts.changed)))
    response["Content-Type"] = "application/gzip" if compressed else media_type
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-cache" if public else "private, no-cache"
    if form.is_coded:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
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
