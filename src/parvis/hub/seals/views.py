"""The chain for everybody: the file, its roots, and a page that says how to check them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from parvis.core.errors import NotFound
from parvis.hub.seals.presentation import looked_up, roots_facts
from parvis.hub.seals.selectors import chain_lines, chain_state, daily_roots, stamp_of

MEDIA_TYPE = "application/jsonl; charset=utf-8"


@cache
def script_text() -> str:
    """The program that anyone can read whole and run."""
    return Path(__file__).with_name("verifier.py.txt").read_text(encoding="utf-8")


@require_safe
def explanation(request: HttpRequest) -> HttpResponse:
    """What the chain is, how to check it, and what it says of a digest (``empreinte``)."""
    digest = request.GET.get("empreinte", "").strip().lower()
    facts = {"state": chain_state(), "script": script_text(), "root": daily_roots().last(), "digest": digest}
    return render(request, "seals/explanation.html", {**facts, **looked_up(digest)})


@require_safe
def chain(request: HttpRequest) -> HttpResponseBase:
    """The lines that follow that of number ``depuis``, all without it; a line once sent never changes."""
    text = request.GET.get("depuis", "")
    after = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    state = chain_state()
    etag = f'"{state.digest[:32]}-{after}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    lines = () if request.method == "HEAD" else chain_lines(after, state.entries)
    return StreamingHttpResponse(lines, content_type=MEDIA_TYPE, headers=headers)


@require_safe
def roots(request: HttpRequest) -> JsonResponse:
    """Where the chain stands, and stood at the end of each day, with the addresses of the timestamps."""
    response = JsonResponse(roots_facts(), json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def token(request: HttpRequest, day: str) -> HttpResponse:
    """The answer of the timestamp server about the root of a day, as it came."""
    stamp = stamp_of(day)
    if stamp is None:
        raise NotFound(name=day)
    headers = {"Content-Disposition": f'attachment; filename="racine-{day}.tsr"'}
    return HttpResponse(bytes(stamp.answer), content_type="application/timestamp-reply", headers=headers)


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The program of the page, to save."""
    headers = {"Content-Disposition": 'attachment; filename="verifier.py"'}
    return HttpResponse(script_text(), content_type="text/x-python; charset=utf-8", headers=headers)
