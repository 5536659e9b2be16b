"""``If-Match`` of what is no card: sources, pages, recipes, whose ETag is the digest of what people set of them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest

from parvis.hub.writing.rules import PreconditionNeeded, Stale


def entity_tag(facts: Any) -> str:
    """The same for the same facts: what the machine notes meanwhile (readings, counts) changes nothing of it."""
    document = json.dumps(facts, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return f'"{hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest()[:24]}"'


def require_unchanged(request: HttpRequest, tag: str, title: str, *, is_needed: bool = False) -> None:
    """Stale (412) when ``If-Match`` names another state; PreconditionNeeded (428) when there is none and it ``is_needed``.

    Call it in the transaction that writes, on the locked row. ``*`` says that whatever is there is meant to be replaced.
    """
    header = request.headers.get("If-Match")
    if header is None:
        if is_needed:
            raise PreconditionNeeded(title=title, etag=tag)
        return
    names = {name.strip().removeprefix("W/") for name in header.split(",")}
    if not names & {"*", tag}:
        raise Stale(title=title, etag=tag)
