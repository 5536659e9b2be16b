"""Answers that need not be made again: validators of what the client already has."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import parse_etags


def unchanged_or(
    request: HttpRequest, state: str, answer: Callable[[], HttpResponseBase], *, public: bool
) -> HttpResponseBase:
    """``answer()`` with a strong validator, or 304 when the client already has it.

    ``state`` names everything the answer depends on besides its address. Clients must ask again each time: the same
    address answers otherwise as soon as a version is published.
    """
    tag = hashlib.sha256(f"{state}\n{request.get_full_path()}".encode()).hexdigest()[:32]
    known = {asked.removeprefix("W/") for asked in parse_etags(request.headers.get("If-None-Match", ""))}
    response = HttpResponse(status=304) if known & {f'"{tag}"', "*"} else answer()
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = "no-cache" if public else "private, no-cache"
    return response
