"""``/mcp``: one message in, one answer out."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import validate_host
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from parvis.core.errors import ParvisError
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.apikeys.rules import SignInNeeded, WrongKey
from parvis.web.mcp.caller import CALLER, Caller
from parvis.web.mcp.server import exchange

LARGEST = 262_144
"""Bytes of the largest message: a question, never data."""
_HEADERS = "Authorization, Content-Type, Accept, Mcp-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name"


@csrf_exempt
def mcp(request: HttpRequest) -> HttpResponse:
    """A message of the protocol, in streamable HTTP without sessions; only origins that the portal serves may send one."""
    origin = request.headers.get("Origin", "")
    if origin and not _is_ours(origin):
        # A page elsewhere must not make a reader's browser ask in the reader's name (DNS rebinding).
        return _refused(403, f"Origin not allowed: {origin[:200]}")
    response = _answered(request)
    if origin:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Methods"] = "POST, OPTIONS"
        response["Access-Control-Allow-Headers"] = _HEADERS
    patch_vary_headers(response, ["Origin", "Authorization"])
    response["Cache-Control"] = "no-store"
    return response


def _answered(request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method != "POST":
        response = _refused(405, "This is a Model Context Protocol server: send JSON-RPC messages by POST.")
        response["Allow"] = "POST, OPTIONS"
        return response
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return _refused(413, f"A message has at most {LARGEST} bytes.")
    try:
        caller = Caller(request, actor_of_request(request))
    except (WrongKey, SignInNeeded) as error:
        return _refused(401, error.message("en"))
    except ParvisError as error:
        return _refused(400, error.message("en"))
    token = CALLER.set(caller)
    try:
        reply = exchange("POST", {name.lower(): value for name, value in request.headers.items()}, body)
    finally:
        CALLER.reset(token)
    headers = {name: value for name, value in reply.headers if name not in ("content-length", "connection")}
    return HttpResponse(bytes(reply.body), status=reply.status, headers=headers)


def _refused(status: int, message: str) -> HttpResponse:
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": message}}
    return JsonResponse(body, status=status)


def _is_ours(origin: str) -> bool:
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    base = urlsplit(settings.PARVIS["PARVIS_BASE_URL"]).hostname or ""
    written = f"[{host}]" if ":" in host else host
    return bool(host) and (host == base or validate_host(written, settings.ALLOWED_HOSTS))
