"""``/api/parvis/v1/sql``: a statement in, rows out, for programs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from parvis.core.errors import ParvisError, RequestError
from parvis.core.sandbox import Limits
from parvis.core.sandbox.pool import LONGEST
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.quotas.metering import counted_file, spending
from parvis.hub.ui.errors import MethodNotAllowed, as_json
from parvis.web.sql.asking import Asked, a_place, ask
from parvis.web.sql.formats import FORMATS, Format

ANSWER_BYTES = 200_000_000
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Expose-Headers": "X-Parvis-Datasets, X-Parvis-Truncated, X-RateLimit-Remaining, X-RateLimit-Limit, "
    "X-RateLimit-Reset",
}


class BadParameter(RequestError):
    """A parameter other than the statement is wrong."""

    code: ClassVar[str] = "sql-parameter"
    fr: ClassVar[str] = "Le paramètre {name} vaut « {value} » : il faut {expected}."
    en: ClassVar[str] = "The parameter {name} is “{value}”: {expected} is expected."


@csrf_exempt
def sql_api(request: HttpRequest) -> HttpResponseBase:
    """The rows of the statement ``q`` in ``format``; errors as ``{"error_code", "message", "hint", "line", "column"}``."""
    response = _answered(request)
    for name, value in _CORS.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
    return response


def _answered(request: HttpRequest) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=200)
    if request.method not in ("GET", "HEAD", "POST"):
        return as_json(MethodNotAllowed(method=request.method, allowed="GET, HEAD, POST, OPTIONS"))
    try:
        return _rows(request)
    except ParvisError as error:
        return as_json(error, "line", "column")


def _rows(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of_request(request)
    given = _given(request)
    chosen = FORMATS.get(given.get("format") or "json")
    if chosen is None:
        raise BadParameter(name="format", value=given["format"], expected=" | ".join(FORMATS))
    limits = Limits(_limit(given, chosen), ANSWER_BYTES, chosen.cells)
    with a_place(request, actor), spending(request, actor) as spent:
        asked = ask(actor, given.get("q", ""), limits)
    names = ", ".join(f"{read.dataset.dataset_id}@{read.version.name}" for read in asked.reads)
    headers = {"X-Parvis-Datasets": names, "X-Parvis-Truncated": "true" if asked.answer.is_cut else "false"}
    headers |= spent.headers()
    if chosen.name != "json":
        headers["Content-Disposition"] = f'attachment; filename="requete.{chosen.extension}"'
    response = StreamingHttpResponse(_closing(asked, chosen), content_type=chosen.media_type, headers=headers)
    # Closed even when nobody has read a row of it: the answer has files of its own.
    response._resource_closers.append(asked.answer.close)
    return counted_file(request, actor, response)


def _closing(asked: Asked, chosen: Format) -> Iterator[bytes]:
    with contextlib.closing(asked.answer):
        yield from chosen.write(asked)


def _given(request: HttpRequest) -> dict[str, str]:
    """The parameters: of the address, of a form, of a JSON object, or a statement alone as the body of a request."""
    given = {name: str(value) for name, value in request.GET.items()}
    if request.method != "POST":
        return given
    kind = request.content_type or ""
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return given | {name: str(value) for name, value in request.POST.items()}
    text = request.read(4 * LONGEST + 10_000).decode(errors="replace")
    if kind != "application/json":
        return given | {"q": text}
    try:
        body = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadParameter(name="body", value=text[:40], expected='{"q": "SELECT …"}') from error
    if not isinstance(body, dict):
        raise BadParameter(name="body", value=text[:40], expected='{"q": "SELECT …"}')
    return given | {name: str(value) for name, value in body.items()}


def _limit(given: dict[str, str], chosen: Format) -> int:
    text = given.get("limit", "")
    if not text:
        return chosen.rows
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadParameter(name="limit", value=text[:40], expected=f"0 … {chosen.rows}")
    return min(int(text), chosen.rows)
